"""Make the pictures of the README: a sample archive in a throw-away home, real pages, real Chromium."""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FONTS_FILE = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias></fontconfig>
"""
# picture: whose page, its address, the link there that leads to it
PICTURES = {
    "home": ("archivist", "/", ""),
    "register": ("manager", "/contracts/", ""),
    "contract": ("manager", "/contracts/", "tbody a[href*='/contracts/0'] >> nth=0"),
    "review": ("archivist", "/intake/to-review/", "a[href*='/to-review/0'] >> nth=-1"),
    "search": ("manager", "/search/?q=设备", ""),
    "log": ("auditor", "/log/", ""),
}


def main() -> int:
    """Take every picture; one that cannot be taken is named, and the rest still come."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    failed = []
    with tempfile.TemporaryDirectory(prefix="qidang-pictures-") as name, archive(pathlib.Path(name)) as address:
        accounts = passwords(pathlib.Path(name) / "home" / "sample-accounts")
        os.environ["FONTCONFIG_FILE"] = str(fonts_file(pathlib.Path(name)))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            for picture, (who, path, link) in PICTURES.items():
                page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
                try:
                    sign_in(page, address, who, accounts[who])
                    take(page, address + path, link, IMAGES / f"{picture}.png")
                except Exception as error:
                    failed.append(f"{picture}: {error}")
                page.close()
            browser.close()
    sys.stdout.write("".join(f"not taken: {line}\n" for line in failed))
    return 1 if failed else 0


@contextlib.contextmanager
def archive(folder: pathlib.Path) -> Iterator[str]:
    """Serve a sample archive from ``folder``; the value is its address."""
    port = 20000 + os.getpid() % 20000
    environment = os.environ | {"QIDANG_HOME": str(folder / "home"), "QIDANG_KEY_FILE": str(folder / "key")}
    command = [sys.executable, "-m", "qidang.cli"]
    subprocess.run([*command, "demo", "--once"], env=environment, cwd=ROOT, check=True)
    serving = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _second in range(60):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=5).close()
                break
            time.sleep(1)
        yield address
    finally:
        serving.terminate()
        serving.wait(timeout=60)


def fonts_file(folder: pathlib.Path) -> pathlib.Path:
    """Write a font configuration with the pinned Chinese font, so that pictures are the same on every machine."""
    path = folder / "fonts.conf"
    path.write_text(FONTS_FILE.format(fonts=FONTS, cache=folder / "fonts-cache"), encoding="utf-8")
    return path


def passwords(path: pathlib.Path) -> dict[str, str]:
    """Return the sample accounts' passwords by user name."""
    rows = (re.split(r"\s+", line.strip()) for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: row[1] for row in rows if len(row) > 1}


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """Sign in as a sample person."""
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def take(page: Page, address: str, link: str, target: pathlib.Path) -> None:
    """Open a page, or the one that ``link`` there leads to, wait until it is quiet, and take the picture."""
    page.goto(address)
    if link:
        page.goto(urllib.parse.urljoin(address, page.locator(link).get_attribute("href")))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target)


if __name__ == "__main__":
    sys.exit(main())
