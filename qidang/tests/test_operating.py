"""What the operating pages hand out can be used as it is: the systemd unit and the nginx file."""

import os
import pathlib
import shutil
import subprocess

import pytest

from qidang.tests import code

PLACE = code.ROOT / "docs" / "operate"
WHOLE = """
pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  include {folder}/qidang.conf;
}}
"""


def program(name: str) -> str:
    """Return where a program is, in the administrator's folders too; skip where it is not."""
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def certificate(folder: pathlib.Path) -> None:
    """Put a certificate of our own, and its key, into ``folder``."""
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=contracts.example.com", "-days", "2"]
    words += ["-keyout", str(folder / "contracts.key"), "-out", str(folder / "contracts.pem")]
    subprocess.run([program("openssl"), *words], check=True, capture_output=True)


def test_nginx_takes_its_file(tmp_path: pathlib.Path) -> None:
    nginx = program("nginx")
    certificate(tmp_path)
    text = (PLACE / "nginx.conf").read_text(encoding="utf-8").replace("/etc/ssl/qidang", str(tmp_path))
    (tmp_path / "qidang.conf").write_text(text, encoding="utf-8")
    (tmp_path / "whole.conf").write_text(WHOLE.format(folder=tmp_path), encoding="utf-8")
    done = subprocess.run([nginx, "-t", "-c", tmp_path / "whole.conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "bind() to" in done.stderr, done.stderr
    assert "[warn]" not in done.stderr.replace('[warn] the "user" directive', "")


def test_systemd_takes_its_unit(tmp_path: pathlib.Path) -> None:
    analyze = program("systemd-analyze")
    unit = tmp_path / "qidang.service"
    text = (PLACE / "qidang.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/qidang/.venv/bin/qidang", "/bin/true"), encoding="utf-8")
    done = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "qidang.service" not in done.stderr
