"""Write the English catalogue again (词条): every Chinese text of the pages, kept translations first, the rest empty.

No GNU gettext is needed. Templates are read with Django's own ``templatize``, modules with ``ast``. The catalogue is
in the order of its texts and names files without lines, so that a change of a page changes few lines of it.
"""

import ast
import pathlib
import re
import sys
from collections.abc import Iterator

import polib
from django.utils.translation.template import templatize

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "qidang" / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLAIN = {"gettext", "gettext_lazy", "gettext_noop"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
COUNTED = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
CALL = re.compile(r"(?:^|(?<=\s))(_|n?p?gettext)(\((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|, |,count)+\))")
METADATA = {
    "Project-Id-Version": "Qidang",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
Key = tuple[str, str]  # context ("" for none) and text


def names_of(tree: ast.Module) -> dict[str, str]:
    """Return the gettext functions of a module by the name it gives them."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            found |= {one.asname or one.name: one.name for one in node.names}
    return found


def called(node: ast.Call, names: dict[str, str]) -> str:
    """Return the gettext function that a call means, or nothing."""
    if isinstance(node.func, ast.Name):
        return names.get(node.func.id, "")
    if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "translation":
        return node.func.attr
    return ""


def key_of(function: str, arguments: list[ast.expr], where: str) -> Key | None:
    """Return context and text of one gettext call; refuses counted forms and texts put together at run time."""
    if function in COUNTED:
        raise SystemExit(f"{where}: write “文件：3”, not a counted form")
    if function not in PLAIN | IN_CONTEXT:
        return None
    texts = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if len(texts) != len(arguments):
        raise SystemExit(f"{where}: {function}() of something that is not a plain text cannot be extracted")
    return ("", texts[0]) if function in PLAIN else (texts[0], texts[1])


def from_module(source: str, where: str) -> Iterator[Key]:
    """Yield the texts of a module."""
    tree = ast.parse(source)
    names = names_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (function := called(node, names)):
            key = key_of(function, node.args, f"{where}:{node.lineno}")
            if key:
                yield key


def from_template(source: str, where: str) -> Iterator[Key]:
    """Yield the texts of a template."""
    for function, arguments in CALL.findall(templatize(source, origin=where)):
        call = ast.parse(f"f{arguments}", mode="eval").body
        assert isinstance(call, ast.Call)
        plain = [one for one in call.args if isinstance(one, ast.Constant)]
        key = key_of("gettext" if function == "_" else function, [*plain], where)
        if key:
            yield key


def sources(house: pathlib.Path) -> Iterator[tuple[pathlib.Path, Iterator[Key]]]:
    """Yield every module and template of the product with its texts; tests and migrations speak to nobody."""
    for path in sorted([*house.rglob("*.py"), *house.rglob("templates/**/*.*")]):
        where = path.relative_to(house.parent)
        if {"tests", "migrations", "node_modules"} & set(where.parts) or path.suffix not in {".py", ".html", ".txt"}:
            continue
        read = from_module if path.suffix == ".py" else from_template
        yield where, read(path.read_text(encoding="utf-8"), str(where))


def found(house: pathlib.Path = ROOT / "qidang") -> dict[Key, list[str]]:
    """Return every text with the files that it stands in."""
    texts: dict[Key, set[str]] = {}
    for where, keys in sources(house):
        for key in keys:
            texts.setdefault(key, set()).add(where.as_posix())
    return {key: sorted(places) for key, places in sorted(texts.items(), key=lambda pair: (pair[0][1], pair[0][0]))}


def merged(texts: dict[Key, list[str]], known: polib.POFile) -> polib.POFile:
    """Return a catalogue of exactly these texts, with the translations that are known."""
    english = {(one.msgctxt or "", one.msgid): one.msgstr for one in known if not one.obsolete}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = METADATA
    for (context, text), places in texts.items():
        entry = polib.POEntry(
            msgid=text,
            msgctxt=context or None,
            msgstr=english.get((context, text), ""),
            occurrences=[(place, "") for place in places],
            flags=["python-format"] if re.search(r"%\(\w+\)[sd]", text) else [],
        )
        catalogue.append(entry)
    return catalogue


def known() -> polib.POFile:
    """Return the catalogue as it stands, empty where there is none yet."""
    return polib.pofile(str(CATALOGUE), wrapwidth=0) if CATALOGUE.exists() else polib.POFile()


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue = merged(found(), known())
    CATALOGUE.write_text(f"{catalogue}\n", encoding="utf-8")
    missing = [entry.msgid for entry in catalogue if not entry.msgstr]
    sys.stdout.write(f"{len(catalogue)} texts, {len(missing)} without English\n")
    sys.stdout.writelines(f"  {text}\n" for text in missing)
