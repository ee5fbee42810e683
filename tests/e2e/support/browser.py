# SPDX-License-Identifier: MIT
"""A real browser, Debian's Chromium, steered through playwright-core."""

import json
import subprocess
from pathlib import Path

from .node import install


class Browser:
    """Runs while the `with` block does, with a profile of its own in `directory`."""

    def __init__(self, directory: Path, width: int = 1280, height: int = 900, scheme: str = "light"):
        self._process = subprocess.Popen(["node", "browse.js"], cwd=install("browser"), stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        self._call("start", profile=str(directory / "profile"), width=width, height=height, scheme=scheme)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        try:
            self._process.wait(timeout=60)
        finally:
            self._process.kill()
            self._process.stdout.close()

    def _call(self, command: str, **parameters):
        self._process.stdin.write(json.dumps({"command": command, **parameters}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"failure": "the browser ended"}')
        if "failure" in answer:
            raise AssertionError(answer["failure"])
        return answer["result"]

    def open(self, url: str):
        self._call("open", url=url)

    def evaluate(self, script: str):
        """What a JavaScript expression is in the page."""
        return self._call("evaluate", script=script)

    def wait(self, script: str, timeout: float = 120):
        """Until a JavaScript expression is true."""
        self._call("wait", script=script, timeout=timeout * 1000)

    def texts(self, selector: str) -> list:
        return self.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.innerText)")

    def text(self, selector: str) -> str:
        return self.texts(selector)[0]

    def fill(self, selector: str, text: str):
        self._call("fill", selector=selector, text=text)

    def click(self, selector: str):
        self._call("click", selector=selector)

    def press(self, *keys: str):
        for key in keys:
            self._call("press", key=key)

    def look(self, width: int, height: int, scheme: str):
        """As from a window of that size, with the system's colours light or dark."""
        self._call("look", width=width, height=height, scheme=scheme)

    def screenshot(self, path: Path, whole: bool = True):
        self._call("screenshot", path=str(path), whole=whole)

    def troubles(self) -> list:
        """Errors and warnings on the console, and requests to anywhere else."""
        return self._call("troubles")

    def requests(self) -> list:
        """The paths that were asked for since the last time."""
        return self._call("requests")

    def accessibility(self) -> list:
        """What axe finds wrong."""
        return self._call("accessibility")
