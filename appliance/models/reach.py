"""Which sources answer, found out within seconds: all are asked at once, nobody is waited for long.

A source answers when it offers the first byte of the file, in the size that is known; a login page
that answers everything does not.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from appliance.models.catalogue import AnyModel, Part, scheme_of
from appliance.models.download import Opener, urlopen

WITHIN_S = 5.0
_AFTER_FIRST_S = 0.5  # once one has answered, the others have this long to show that they do too

Ask = Callable[[str, int | None], bool]


def answering(part: Part, within: float = WITHIN_S, ask: Ask | None = None) -> list[str]:
    """The piece's sources that answer, the quickest first; at the latest after `within` seconds."""
    asked = ask or answers
    answered: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def put(source: str) -> None:
        size = None if "#" in source or part.member else part.size
        answered.put(source if asked(source, size) else None)

    for source in part.sources:
        # Not joined: a name that cannot be looked up may hold its thread for half a minute.
        threading.Thread(target=put, args=(source,), daemon=True).start()
    found: list[str] = []
    end = time.monotonic() + within
    for _ in part.sources:
        try:
            quick = answered.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        if quick is not None:
            found.append(quick)
            end = min(end, time.monotonic() + _AFTER_FIRST_S)
    return found


def answers(source: str, size: int | None, opener: Opener = urlopen) -> bool:
    """Whether a source offers the file. `size` in bytes, where it is known."""
    scheme = scheme_of(source)
    if scheme == "pypi":
        return index_answers()
    if scheme == "file":
        return Path(source.removeprefix("file:")).is_file()
    return page_answers(source.partition("#")[0], size, opener)


def page_answers(url: str, size: int | None, opener: Opener = urlopen) -> bool:
    """Asked for one byte, so that nothing is moved that is not wanted yet."""
    request = urllib.request.Request(url, headers={"Range": "bytes=0-0"})
    try:
        with opener(request, WITHIN_S) as response:
            kind = (response.headers.get("Content-Type") or "").lower()
            if response.status not in (200, 206) or kind.startswith("text/html"):
                return False
            offered = _whole(response.status, response.headers)
            return not (size and offered) or offered == size
    except (OSError, ValueError):
        return False


def _whole(status: int, headers: Mapping[str, str]) -> int:
    """The size of the whole file that an answer speaks of; 0 where it does not say."""
    said = headers.get("Content-Length" if status == 200 else "Content-Range") or ""
    size = said.rpartition("/")[2]
    return int(size) if size.isdigit() else 0


def index_answers(seconds: float = 8.0) -> bool:
    """Whether the user's package index does, asked by the user's own pip."""
    command = [sys.executable, "-m", "pip", "index", "versions", "silero-vad", "--no-input"]
    command += ["--disable-pip-version-check", "--retries", "0", "--timeout", str(int(seconds))]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2 * seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


class Better:
    """For models of a set, the better ones that can be had: asked in the background, at once."""

    def __init__(
        self, wanted: Mapping[str, AnyModel], answering: Callable[[Part], list[str]] = answering
    ) -> None:
        self._models = wanted
        self._found: dict[str, list[str]] = {}
        self._asking = {
            name: threading.Thread(target=self._ask, args=(model, answering), daemon=True)
            for name, model in wanted.items()
        }
        for thread in self._asking.values():
            thread.start()

    def _ask(self, model: AnyModel, answering: Callable[[Part], list[str]]) -> None:
        largest = max(model.parts, key=lambda part: part.expected_bytes)
        self._found[model.name] = answering(largest)

    def of(self, model: AnyModel) -> AnyModel | None:
        """What is better than `model`, whether or not it can be had."""
        return self._models.get(model.name)

    def sources(self, model: AnyModel) -> list[str]:
        """Those of the better model that answer, the quickest first. Waits until that is known."""
        for name, better in self._models.items():
            if better.name == model.name:
                self._asking[name].join()
        return self._found.get(model.name, [])
