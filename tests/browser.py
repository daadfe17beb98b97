"""A Chromium without a window, driven by the W3C's WebDriver protocol."""

import base64
import shutil
import socket
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--force-device-scale-factor=1",
)  # fmt: skip
_START_S = 30.0


class BrowserMissing(Exception):
    """Chromium or its driver is not installed."""


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Browser:
    """One page in one window; use it as a context manager."""

    def __init__(self, language="en-US"):
        driver = shutil.which("chromedriver")
        chromium = shutil.which("chromium")
        if driver is None or chromium is None:
            raise BrowserMissing("install Debian's packages chromium and chromium-driver")
        self._folder = TemporaryDirectory(prefix="chromium-")
        port = free_port()
        self._process = subprocess.Popen(
            [driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=40, trust_env=False
        )
        flags = [*_FLAGS, f"--lang={language}", f"--user-data-dir={self._folder.name}"]
        options = {"binary": chromium, "args": flags}
        capabilities = {"alwaysMatch": {"goog:chromeOptions": options}}
        try:
            self._wait_for_driver()
            begun = self._client.post("/session", json={"capabilities": capabilities})
            self._session = f"/session/{begun.raise_for_status().json()['value']['sessionId']}"
        except BaseException:
            self._end()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._client.delete(self._session)
        finally:
            self._end()

    def resize(self, width, height):
        """Give the page itself this size, px."""
        # The window's frame counts in its size.
        self._do("window/rect", {"width": width, "height": height})
        inner = self.script("return [window.innerWidth, window.innerHeight]")
        wider, higher = width - inner[0], height - inner[1]
        self._do("window/rect", {"width": width + wider, "height": height + higher})

    def go(self, url):
        self._do("url", {"url": url})

    def fill(self, css, text):
        self._do(f"element/{self._find(css)}/value", {"text": text})

    def click(self, css):
        self._do(f"element/{self._find(css)}/click", {})

    def press(self, key):
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.act({"type": "key", "id": "keys", "actions": actions})

    def act(self, source):
        """Do what one input device does: WebDriver's "actions"."""
        self._do("actions", {"actions": [source]})

    def element(self, css):
        return {_ELEMENT: self._find(css)}

    def script(self, code):
        return self._do("execute/sync", {"script": code, "args": []})

    def text(self, css):
        found = f"document.querySelector({css!r})"
        return self.script(f"return {found} ? {found}.innerText : ''")

    def screenshot(self, path: Path):
        shown = self._client.get(f"{self._session}/screenshot").raise_for_status()
        path.write_bytes(base64.b64decode(shown.json()["value"]))

    def _find(self, css):
        found = self._do("element", {"using": "css selector", "value": css})
        return found[_ELEMENT]

    def _do(self, command, arguments):
        answer = self._client.post(f"{self._session}/{command}", json=arguments).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise AssertionError(f"{command}: {answer['message'].splitlines()[0]}")
        return answer

    def _wait_for_driver(self):
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            try:
                if self._client.get("/status").json()["value"]["ready"]:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise BrowserMissing("chromedriver does not start")

    def _end(self):
        self._client.close()
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(60)
        self._folder.cleanup()
