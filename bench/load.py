"""Decode and first sound beside other work on the cores, against threads that wait by spinning.

python -m bench.load [--json] [--rounds N] [--loads 0,1,2,4] [--spins 1000,...] [--threads N]

Two boxes' worth of workers (and one more for each further spin count) with the default models, told
in turn; sound goes to files as fast as it can. A busy process is a loop that never waits, of
ordinary priority. `spinning` is libgomp's own way and a team that leaves no core to others: what
the box did before.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from appliance import messages as m
from appliance.engines.waiting import SPIN_COUNT
from appliance.speech.clauses import ClauseSplitter
from appliance.speech.reading.words import split_words
from appliance.supervision.team import Listener, Name, Team
from appliance.workers.supervisor import Status
from appliance.world import World

NAMES: tuple[Name, ...] = ("audio", "tts", "llm")
SPINNING = "spinning"
_LIBGOMP_S_OWN = 300_000  # turns, where neither GOMP_SPINCOUNT nor OMP_WAIT_POLICY is set
_DECODE_SECONDS = 6.0
_PATIENCE = 90.0  # for a first sound: beyond that it counts as this
_QUESTIONS = ("天空为什么是蓝色的", "怎么才能睡得好一点", "给我讲讲长城", "茶有哪几种")


class Workers(Listener):
    """The workers of one box, and how soon they talk."""

    def __init__(self, world: World, label: str) -> None:
        self.label = label
        self._heard: asyncio.Queue[m.Message] = asyncio.Queue()
        self._turn = 0
        self._up: set[Name] = set()
        self._team = Team(world.options, world.compute())
        self._team.listener = self
        self._prompt = world.cast.prompt()
        if label == SPINNING:
            self._team.compute.leave_to_others = lambda free: False  # type: ignore[method-assign]

    async def start(self) -> None:
        self._team.start(*NAMES)
        while len(self._up) < len(NAMES):
            await self._next()

    async def stop(self) -> None:
        await self._team.stop()

    async def decode(self) -> float:
        """Tokens a second, over some seconds, by the worker's own clock."""
        self._ask(200)
        while not isinstance(await self._next(), m.Token):
            pass
        asyncio.get_running_loop().call_later(_DECODE_SECONDS, self._team.stop_turn, self._turn)
        answered = await self._answered()
        return answered.tokens_out / answered.decode_seconds

    async def first_sound(self) -> tuple[float, float]:
        """Seconds from the question to the first token, and to the first sound."""
        clock = asyncio.get_running_loop().time
        began, token, done = clock(), 0.0, False
        self._ask(48)
        splitter, said = ClauseSplitter(split_words), 0
        async for message in self._answer():
            match message:
                case m.Token(_, text, _, thought) if not thought:
                    token = token or clock() - began
                    for clause in splitter.feed(text):
                        self._team.occupy("tts")
                        self._team.send("tts", m.Say(self._turn, said, clause.text, False))
                        said += 1
                case m.Answered():
                    done = True
                case m.ClauseStarted():
                    break
        sound = clock() - began
        self._team.release("tts")
        self._team.stop_turn(self._turn)
        if not done:
            await self._answered()
        return token or sound, sound

    def _ask(self, tokens: int) -> None:
        self._turn += 1
        question = f"{_QUESTIONS[self._turn % len(_QUESTIONS)]}？第{self._turn}次问。"
        ask = m.Ask(self._turn, self._prompt, (), question, tokens, sampling=m.Sampling(seed=1))
        self._team.send("llm", ask)

    async def _answer(self) -> AsyncIterator[m.Message]:
        """What is said of this turn, as long as patience lasts."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while True:
                    message = await self._next()
                    if getattr(message, "turn", None) == self._turn:
                        yield message

    async def _answered(self) -> m.Answered:
        """The end of this turn's answer."""
        while True:
            message = await self._next()
            if isinstance(message, m.Answered) and message.turn == self._turn:
                return message

    async def _next(self) -> m.Message:
        message = await self._heard.get()
        if isinstance(message, m.Fault):
            raise SystemExit(f"{message.code}: {message.detail}")
        return message

    def on_message(self, name: Name, message: m.Message) -> None:
        if isinstance(message, m.Ready):
            self._up.add(name)
        self._heard.put_nowait(message)

    def on_status(self, name: Name, status: Status) -> None:
        if status in (Status.WAITING, Status.REFUSED):
            self._heard.put_nowait(m.Fault("worker-died", name))


@contextlib.contextmanager
def busy(count: int) -> Iterator[None]:
    """So many processes that compute all the time."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


async def measure(world: World, spins: dict[str, int], loads: list[int], rounds: int) -> Any:
    """Rows by way of waiting and load; medians over rounds that take all in turn."""
    boxes = []
    for label, spin in spins.items():
        os.environ["GOMP_SPINCOUNT"] = str(spin)  # the workers inherit it
        boxes.append(Workers(world, label))
        await boxes[-1].start()
    found: dict[tuple[str, int], list[tuple[float, float, float]]] = {}
    try:
        for round_ in range(rounds):
            for load in loads:
                for box in boxes if round_ % 2 == 0 else reversed(boxes):
                    with busy(load):
                        row = (await box.decode(), *await box.first_sound())
                    found.setdefault((box.label, load), []).append(row)
                    print(f"{box.label:>12} beside {load}: {row[0]:.2f} tok/s", file=sys.stderr)
    finally:
        await asyncio.gather(*(box.stop() for box in boxes))
    return [_row(label, load, rows) for (label, load), rows in sorted(found.items())]


def _row(label: str, load: int, rows: list[tuple[float, float, float]]) -> dict[str, Any]:
    decode, token, sound = (statistics.median(column) for column in zip(*rows, strict=True))
    return {
        "waits": label,
        "busy": load,
        "decode_tok_s": round(decode, 3),
        "first_token_s": round(token, 3),
        "first_sound_s": round(sound, 3),
    }


def summary(rows: list[dict[str, Any]], ours: str) -> dict[str, Any]:
    """The rows, and what the targets are about: quiet against spinning, busy against quiet."""
    speed = {(row["waits"], row["busy"]): row["decode_tok_s"] for row in rows}
    found: dict[str, Any] = {"rows": rows, "cores": os.cpu_count(), "spin_count": SPIN_COUNT}
    if (ours, 0) in speed:
        found["quiet_ratio"] = round(speed[ours, 0] / speed[SPINNING, 0], 3)
        found["beside"] = {
            load: round(speed[ours, load] / speed[ours, 0], 3)
            for label, load in speed
            if label == ours and load
        }
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--loads", default="0,1,2,4")
    parser.add_argument("--spins", default="", help="more spin counts to try, by commas")
    parser.add_argument("--threads", type=int, default=0, help="cores for the engines")
    arguments = parser.parse_args()
    spins = {SPINNING: _LIBGOMP_S_OWN, f"spin {SPIN_COUNT}": SPIN_COUNT}
    spins |= {f"spin {each}": int(each) for each in arguments.spins.split(",") if each}
    loads = [int(each) for each in arguments.loads.split(",")]
    os.environ.pop("OMP_WAIT_POLICY", None)
    with tempfile.TemporaryDirectory(prefix="lory-bench-") as directory:
        os.environ["XDG_STATE_HOME"] = directory
        with World.open(None) as world:
            world.settings.adopt({"compute.threads": arguments.threads})
            world.speak_into_files(Path(directory), fast=True)
            rows = asyncio.run(measure(world, spins, loads, arguments.rounds))
    found = summary(rows, f"spin {SPIN_COUNT}")
    print(json.dumps(found) if arguments.json else _table(found))
    return 0


def _table(found: dict[str, Any]) -> str:
    lines = [
        f"{'waits':<14}{'busy':>5}{'decode tok/s':>14}{'first token s':>15}{'first sound s':>15}"
    ]
    for row in found["rows"]:
        lines.append(
            f"{row['waits']:<14}{row['busy']:>5}{row['decode_tok_s']:>14.2f}"
            f"{row['first_token_s']:>15.2f}{row['first_sound_s']:>15.2f}"
        )
    if "quiet_ratio" in found:
        lines.append(f"quiet, of spinning: {found['quiet_ratio']:.2f} (0.97 is wanted)")
        beside = ", ".join(f"{load}: {ratio:.2f}" for load, ratio in found["beside"].items())
        lines.append(f"beside busy processes, of quiet: {beside} (2: 0.35 is wanted)")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
