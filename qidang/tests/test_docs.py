"""The documents are true: what the code has, they name."""

import os
import re
import subprocess
import sys

from qidang.cli.arguments import COMMANDS
from qidang.tests import code

NAME = re.compile(r"\b(QIDANG_[A-Z_]+|DATABASE_URL)\b")


def document(path: str) -> str:
    """Return the text of a document of the repository."""
    return (code.ROOT / path).read_text(encoding="utf-8")


def test_the_reference_is_what_the_source_says() -> None:
    program = "import sys; sys.path.insert(0, 'tools'); import reference; sys.stdout.write(reference.text())"
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=code.ROOT,
        env=os.environ | {"QIDANG_LANGUAGE": "zh", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == document("docs/reference.md"), "run: make docs"


def test_every_environment_name_is_documented() -> None:
    used = {name for path in code.modules() for name in NAME.findall((code.HOUSE / path).read_text(encoding="utf-8"))}
    documented = set(NAME.findall(document("docs/reference.md")))
    assert used - documented == set()
    assert documented - used == set()


def test_every_command_and_refusal_and_act_is_documented() -> None:
    page = document("docs/reference.md")
    wanted = [f"qidang {name}" for name, command in COMMANDS.items() if not command.is_inner]
    wanted += [refusal for table in code.tables("refusals").values() for refusal in table]
    wanted += list(code.tables("phrases")["ledger"])
    assert [name for name in wanted if name not in page] == []


def test_the_readme_names_both_commands_and_every_picture_is_there() -> None:
    page = document("README.md")
    assert "make run" in page
    assert "make test" in page
    for picture in re.findall(r"\((docs/images/[^)]+)\)", page):
        assert (code.ROOT / picture).is_file(), f"{picture}: run make screenshots"


def test_the_version_is_the_newest_heading_of_the_changelog() -> None:
    newest = re.search(r"^## (\S+)", document("CHANGELOG.md"), re.MULTILINE)
    told = re.search(r'^version = "(.+)"', document("pyproject.toml"), re.MULTILINE)
    assert newest and told
    assert newest[1] == told[1]


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [code.ROOT / "README.md", code.ROOT / "CONTRIBUTING.md", *(code.ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
