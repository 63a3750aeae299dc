"""Every command's start: wrong usage, an empty home, and what a production start refuses."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from qidang.cli import main
from qidang.cli.arguments import COMMANDS
from qidang.cli.frame import put

SECRET = "s" * 60


def run(*words: str, home: pathlib.Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command on ``home``."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    kept |= {"QIDANG_HOME": str(home), "QIDANG_KEY_FILE": str(home.parent / "key"), **environment}
    command = [sys.executable, "-m", "qidang.cli", *words]
    return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=120, check=False)


def test_no_command_and_an_unknown_one_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert [name for name, command in COMMANDS.items() if not command.is_inner and name not in listed] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_tells_its_usage(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert name in capsys.readouterr().out


def test_an_empty_home_is_made_and_migrated(tmp_path: pathlib.Path) -> None:
    home = tmp_path / "new" / "home"
    done = run("ledger", "verify", "--json", home=home)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ok"] is True
    assert told["entries"] == 0
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("home", "database", "code"),
    [
        ("file", "", "system.home_unusable"),
        ("file/below", "", "system.home_unusable"),
        ("home", "mysql://x", "system.misconfigured"),
        ("damaged", "", "system.database_damaged"),
    ],
)
def test_a_home_that_cannot_be_used_is_told_with_what_to_do(
    tmp_path: pathlib.Path, home: str, database: str, code: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "damaged").mkdir(mode=0o700)
    (tmp_path / "damaged" / "qidang.sqlite3").write_bytes(b"nonsense" * 1000)
    done = run("ledger", "verify", home=tmp_path / home, DATABASE_URL=database)
    assert done.returncode == 1
    assert f"[{code}]" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_name_does_not_speak_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    put("合同\x1b[2J\x9b2J.pdf\t收")
    assert capsys.readouterr().out == "合同[2J2J.pdf\t收\n"


def test_an_administrator_is_made_once(tmp_path: pathlib.Path) -> None:
    home = tmp_path / "home"
    first = run("createadmin", "boss", "--json", home=home)
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["password"]
    second = run("createadmin", "boss", "--json", home=home)
    assert second.returncode == 1
    assert json.loads(second.stdout)["refused"]["code"].startswith("accounts.")


def test_reading_a_file_needs_no_database() -> None:
    program = "import sys, qidang.cli.read; print([name for name in sys.modules if name.startswith('django.db')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_production_start_without_its_secrets_says_what_to_do(tmp_path: pathlib.Path) -> None:
    refused = run("prepare", home=tmp_path / "home", QIDANG_PRODUCTION="1")
    assert refused.returncode == 2
    for code in ("qidang.E001", "qidang.E002", "qidang.E003"):
        assert code in refused.stderr
    assert "QIDANG_SECRET_KEY" in refused.stderr


def start_in_production(home: pathlib.Path, mode: int = 0o600) -> subprocess.CompletedProcess[str]:
    """Start with every secret set, the key file with ``mode``."""
    key = home.parent / "key"
    key.write_bytes(os.urandom(32))
    key.chmod(mode)
    return run(
        "prepare",
        home=home,
        QIDANG_PRODUCTION="1",
        QIDANG_SECRET_KEY=SECRET,
        QIDANG_ALLOWED_HOSTS="contracts.example.com",
    )


def test_a_production_start_with_its_secrets_goes_on(tmp_path: pathlib.Path) -> None:
    done = start_in_production(tmp_path / "home")
    assert done.returncode == 0, done.stderr


def test_a_key_file_that_others_can_read_is_refused(tmp_path: pathlib.Path) -> None:
    done = start_in_production(tmp_path / "home", mode=0o644)
    assert done.returncode == 2
    assert "qidang.E004" in done.stderr


def test_a_home_with_sample_accounts_is_refused_in_production(tmp_path: pathlib.Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "sample-accounts").touch()
    done = start_in_production(home)
    assert done.returncode == 2
    assert "qidang.E006" in done.stderr


def test_nonsense_in_the_environment_is_refused(tmp_path: pathlib.Path) -> None:
    done = run("prepare", home=tmp_path / "home", QIDANG_PRODUCTION="yes")
    assert done.returncode != 0
    assert "QIDANG_PRODUCTION must be 1 or 0" in done.stderr


def test_the_sample_archive_leaves_a_home_in_use_alone(tmp_path: pathlib.Path) -> None:
    home = tmp_path / "home"
    assert run("prepare", home=home).returncode == 0
    assert run("demo", "--once", home=home).returncode == 0
    assert not (home / "sample-accounts").exists()
    refused = run("demo", "--fresh", home=home)
    assert refused.returncode == 1
    assert "demo.home_in_use" in refused.stderr


def test_a_database_that_cannot_be_reached_is_told_as_such(tmp_path: pathlib.Path) -> None:
    refused = run("ledger", "verify", "--json", home=tmp_path / "home", DATABASE_URL="postgresql://x@127.0.0.1:1/none")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["refused"]["code"] == "system.database_unreachable"
    assert "DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_sample_archive_that_was_broken_off_is_begun_again(tmp_path: pathlib.Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "sample-accounts").touch(mode=0o600)
    (home / "qidang.sqlite3").write_bytes(b"half")
    done = run("demo", "--once", home=home)
    assert done.returncode == 0, done.stderr
    accounts = (home / "sample-accounts").read_text(encoding="utf-8")
    assert "archivist" in accounts
    assert (home / "sample-accounts").stat().st_mode & 0o077 == 0
    assert run("demo", "--once", home=home).returncode == 0
    assert (home / "sample-accounts").read_text(encoding="utf-8") == accounts
    assert run("ledger", "verify", home=home).returncode == 0


def test_the_list_of_removals_is_shown_and_applied(tmp_path: pathlib.Path) -> None:
    listed = run("cleared", home=tmp_path / "home")
    assert (listed.returncode, listed.stdout) == (0, "")
    applied = run("cleared", "--apply", "--json", home=tmp_path / "home")
    assert json.loads(applied.stdout) == {"ordered": 0, "unreadable": 0}
    verified = run("verify", "--json", home=tmp_path / "home")
    assert json.loads(verified.stdout)["cleared"] == 0
