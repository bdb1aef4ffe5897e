"""One engine's proof: a child process is started, and how it ends is understood."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from dataclasses import dataclass
from typing import Literal

import msgspec

from appliance.supervision.team import Name
from appliance.workers.deaths import how_it_ended

SECONDS: dict[Name, float] = {"llm": 4.0, "audio": 1.0, "asr": 2.5, "tts": 2.5}
"""What each may take: ten in all. Whoever is not done by then is no worse for it."""

Outcome = Literal["proven", "failed", "unfinished"]


@dataclass(frozen=True, slots=True)
class Proof:
    """`detail`: what was proven, or what failed, and at which step."""

    outcome: Outcome
    detail: str

    @property
    def failed(self) -> bool:
        return self.outcome == "failed"


async def prove(name: Name, options: msgspec.Struct, seconds: float | None = None) -> Proof:
    """Let an engine prove itself with these options. Cancelled, it leaves no child behind."""
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "appliance.proving.child",
            name,
            msgspec.json.encode(options).decode(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        return Proof("unfinished", str(error))
    lines: list[str] = []
    try:
        await asyncio.wait_for(_listen(child, lines), SECONDS[name] if seconds is None else seconds)
    except TimeoutError:
        return _so_far(lines)
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    return _judge(lines, child.returncode or 0)


async def _listen(child: asyncio.subprocess.Process, lines: list[str]) -> None:
    assert child.stdout is not None
    async for line in child.stdout:
        lines.append(line.decode("utf-8", "replace").strip())
    await child.wait()


def _so_far(lines: list[str]) -> Proof:
    """Of a proof that was not done in time: the kinds that were."""
    done = [line[2:] for line in lines if line.startswith("~ ")]
    if done:
        return Proof("proven", f"{', '.join(done)} …")
    return Proof("unfinished", lines[-1] if lines else "")


def _judge(lines: list[str], status: int) -> Proof:
    last = lines[-1] if lines else ""
    if status == 0 and last.startswith("= "):
        return Proof("proven", last[2:])
    steps = [line for line in lines if not line.startswith(("!", "~"))]
    step = steps[-1] if steps else "start"
    kind = next((line.partition(":")[0] for line in reversed(steps) if ": " in line), "")
    place = f"{kind}, {step}" if kind and kind not in step else step
    if last.startswith("! "):
        return Proof("failed", f"{last[2:]} ({place})")
    ended = how_it_ended(status)
    if ended in ("SIGKILL", "SIGTERM"):  # for memory, or with all else: it says nothing of it
        return Proof("unfinished", f"{ended} ({place})")
    return Proof("failed", f"{ended} ({place})")
