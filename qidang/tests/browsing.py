"""A real browser before a real server: Chromium by Playwright, the product on a database of its own."""

import os
import pathlib
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

AXE = pathlib.Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]
PATIENCE = 15_000  # milliseconds for a page to answer, on a busy machine


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: a test that fails says what it saw."""


def chromium() -> str | None:
    """Return the path of an installed Chromium, or nothing."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def server(fresh_database: str) -> Iterator[str]:
    """The address of the product, served in threads on a database of its own."""
    serving = ThreadedWSGIServer(("127.0.0.1", 0), _Silent)
    serving.daemon_threads = True
    serving.set_app(get_wsgi_application())
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_address[1]}"
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, for the whole run; skips where there is none."""
    if not (path := chromium()):
        pytest.skip("Chromium is not installed: apt install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile of a notebook of 1366×768, in Chinese."""
    made = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True)
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; a script error or a breach of the content policy fails the test."""
    complaints: list[str] = []
    made = context.new_page()
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda message: complaints.extend(_complaint(message)))
    yield made
    assert complaints == []


def _complaint(message: ConsoleMessage) -> list[str]:
    """Return what the console says of an error; tests look at answers of 4xx themselves."""
    if message.type != "error" or "Failed to load resource" in message.text:
        return []
    return [message.text]


def axe(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page, one line a finding; empty is clean."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
