"""Both languages are whole: every Chinese text of the pages has its English, and nothing is said outside them."""

import ast
import importlib.util
import re
import types
from collections.abc import Iterator
from html.parser import HTMLParser

import polib
import pytest
from django.template.base import Lexer, TokenType

from qidang.tests import code

HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uffee]")
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+(?::\d+)?\}")
TAG = re.compile(r"</?[a-z]+[^<>]*>")
SAID = re.compile(r"^(?:trans|translate|blocktrans|blocktranslate)\b|_\((?:\"[^\"]*\"|'[^']*')\)")
SPOKEN = ("title", "aria-label", "placeholder", "alt")
UNSPOKEN = {"script", "style", "code", "kbd", "svg"}
TERMS = re.compile(r"SHA-256|^csrf$|lang=\"en\"")  # the same in both languages, and the way to the other one
NATIVE = {"中文", "切换到中文"}  # the way back for who reads no English


def _tool() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("messages", code.ROOT / "tools" / "messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tool() -> types.ModuleType:
    """Return ``tools/messages.py``."""
    return _tool()


@pytest.fixture(scope="module")
def catalogue(tool: types.ModuleType) -> polib.POFile:
    """Return the English catalogue."""
    return polib.pofile(str(tool.CATALOGUE))


def _texts() -> Iterator[tuple[str, str]]:
    """Yield what each entry of refusals and acts says in English, with its name."""
    for kind in ("refusals", "phrases"):
        for room, table in code.tables(kind).items():
            for name, texts in table.items():
                yield f"{room} {name}", " ".join(text for key, text in texts.items() if key.startswith("en"))


def test_the_catalogue_has_exactly_the_texts_of_the_sources(tool: types.ModuleType, catalogue: polib.POFile) -> None:
    found = set(tool.found())
    listed = {(entry.msgctxt or "", entry.msgid) for entry in catalogue}
    assert found - listed == set(), "run: make messages, then write the English"
    assert listed - found == set(), "run: make messages"
    assert catalogue.obsolete_entries() == []


def test_every_text_has_its_english(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if not entry.msgstr.strip()] == []
    assert [entry.msgid for entry in catalogue if HAN.search(entry.msgstr) or entry.fuzzy] == []


def test_english_keeps_the_places_and_tags_of_its_text(catalogue: polib.POFile) -> None:
    for pattern in (PLACE, TAG):
        differing = [
            entry.msgid
            for entry in catalogue
            if sorted(pattern.findall(entry.msgid)) != sorted(pattern.findall(entry.msgstr))
        ]
        assert differing == []


def test_english_is_calm_and_office_like(catalogue: polib.POFile) -> None:
    english = [(entry.msgid, entry.msgstr) for entry in catalogue] + list(_texts())
    assert [name for name, text in english if "!" in text] == []


def test_templates_say_nothing_outside_the_translated_texts() -> None:
    assert [
        f"{path.relative_to(code.HOUSE)}:{line} {words}"
        for path in sorted(code.HOUSE.rglob("templates/**/*.html"))
        for line, words in _unsaid(path.read_text(encoding="utf-8"))
    ] == []


def _unsaid(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and words of Chinese in a template that no translation tag holds."""
    inside = False
    for token in Lexer(source).tokenize():
        words = token.contents
        if token.token_type == TokenType.BLOCK and words.startswith(("blocktrans", "comment")):
            inside = True
        elif token.token_type == TokenType.BLOCK and words.startswith(("endblocktrans", "endcomment")):
            inside = False
        elif inside or token.token_type == TokenType.COMMENT:
            continue
        elif token.token_type == TokenType.TEXT:
            yield from ((token.lineno or 0, part) for part in _han(re.split(r"[<>\"]", words)))
        elif not words.startswith(("translate ", "trans ")):
            yield from ((token.lineno or 0, part) for part in _han([SAID.sub("", words)]))


def _han(parts: list[str]) -> Iterator[str]:
    return (part.strip() for part in parts if HAN.search(part) and part.strip() not in NATIVE)


def test_templates_hold_no_english_that_nobody_translates() -> None:
    spoken = []
    for path in sorted(code.HOUSE.rglob("templates/**/*.html")):
        words = _Words()
        words.feed(_bare(path.read_text(encoding="utf-8")))
        spoken += [f"{path.relative_to(code.HOUSE)} {text.strip()}" for text in words.texts if not TERMS.search(text)]
    assert spoken == []


class _Words(HTMLParser):
    """The English words that a page would show: text, and attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in UNSPOKEN
        self.texts += [value for name, value in attrs if name in SPOKEN and value and re.search("[A-Za-z]{2}", value)]

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in UNSPOKEN

    def handle_data(self, data: str) -> None:
        if not self.depth and re.search("[A-Za-z]{2}", data.strip()):
            self.texts.append(data.strip())


def _bare(source: str) -> str:
    """Return the HTML of a template without its tags, variables and translated texts."""
    kept, inside = [], False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK and token.contents.startswith(("blocktrans", "endblocktrans")):
            inside = not inside
        elif token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
    return "".join(kept)


def test_pages_say_nothing_outside_the_translated_texts(tool: types.ModuleType) -> None:
    unsaid = []
    for path, tree in code.modules().items():
        if path.parts[0] == "web" and not code.is_test(path):
            unsaid += [f"{path}:{words}" for words in _loose(tree, tool.names_of(tree), tool)]
    assert unsaid == []


def _loose(tree: ast.Module, names: dict[str, str], tool: types.ModuleType) -> Iterator[str]:
    """Yield line and words of the Chinese texts of a module that are neither translated nor a docstring."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and tool.called(node, names)]
    held = {id(one) for call in calls for one in call.args}
    held |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    loose = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in held)
    texts = ((node.lineno, node.value) for node in loose if isinstance(node.value, str))
    return (f"{line} {text}" for line, text in texts if re.search(r"[\u4e00-\u9fff]", text))


def test_scripts_carry_no_words_of_their_own() -> None:
    words = re.compile(
        r"(?:textContent|innerText|title|placeholder|ariaLabel)\s*\+?=\s*[\"'`][^\"'`]*[A-Za-z]{2}"
        r"|(?:alert|confirm|prompt)\(\s*[\"'`]"
    )
    offenders = []
    for path in sorted(code.HOUSE.rglob("static/qidang/js/*.js")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            spoken = re.sub(r"(?:^|\s)//.*|\$\{[^`]*?\}", "", line)
            quoted = " ".join(
                re.findall(r"\"[^\"]*\"|'[^']*'|`[^`]*`", spoken)
            )  # units that are read may stand in patterns
            if HAN.search(quoted) or words.search(spoken):
                offenders.append(f"{path.name}:{number} {spoken.strip()}")
    assert offenders == []


def test_refusals_and_acts_are_told_in_both_languages() -> None:
    for kind, keys in (("refusals", ("zh", "zh_next", "en", "en_next")), ("phrases", ("zh", "en"))):
        for table in code.tables(kind).values():
            assert [name for name, texts in table.items() if not all(texts.get(key, "").strip() for key in keys)] == []
    assert [name for name, text in _texts() if HAN.search(text)] == []


@pytest.mark.parametrize(
    ("source", "unsaid"),
    [
        ("{% load i18n %}<p>{% translate '归档' %}</p>", []),
        ("<p title='x'>归档</p>", [(1, "归档")]),
        ("{% blocktranslate %}共 {{ n }} 份{% endblocktranslate %}", []),
        ("\n{% chip 'done' '已归档' %}", [(2, "chip 'done' '已归档'")]),
        ("{% chip 'done' _('已归档') %}{{ name|default:_('无') }}{# 注 #}", []),
    ],
)
def test_chinese_outside_a_translation_tag_is_seen(source: str, unsaid: list[tuple[int, str]]) -> None:
    assert list(_unsaid(source)) == unsaid


def test_extraction_reads_names_contexts_and_templates(tool: types.ModuleType) -> None:
    module = "from django.utils.translation import gettext as say, pgettext_lazy as many\nsay('甲'); many('复数', '乙')"
    assert list(tool.from_module(module, "x.py")) == [("", "甲"), ("复数", "乙")]
    template = (
        "{% load i18n %}{% translate '甲' context \"动作\" %}{{ x|default:_('乙') }}{% chip 'a' _(\"丙\") %}"
        "{% blocktranslate with n=1 trimmed %}\n 共 <b>{{ n }}</b>\n 份 {% endblocktranslate %}"
    )
    expected = [("动作", "甲"), ("", "乙"), ("", "丙"), ("", "共 <b>%(n)s</b> 份")]
    assert list(tool.from_template(template, "x.html")) == expected


def test_extraction_refuses_what_it_cannot_see(tool: types.ModuleType) -> None:
    for call in ("ngettext('甲', '乙', 2)", "gettext(name)", "gettext(f'{name}份')"):
        source = f"from django.utils.translation import gettext, ngettext\n{call}"
        with pytest.raises(SystemExit):
            list(tool.from_module(source, "x.py"))
