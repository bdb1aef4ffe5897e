"""From the moment an alarm is due to the glass and to the first sample, in whatever the box does.

python -m bench.ring [--json] [--rounds N]

The box is the real one on modelled parts, with the real engines that are installed; a countdown of
two seconds falls due in each state. `glass` is when the alert has come to the display's pixels,
`told` when the audio worker was sent the ring, `sample` when that worker has rendered the block
with its first sample (asked of it by a recording that is to be played behind the ring; where an
answer is being spoken that waits its turn, so only `told` is known). Who is talking is let finish,
for five seconds at most. Beside another alert it waits its turn, and that one sounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from appliance import messages as m
from appliance.app import Appliance
from appliance.box import serve
from appliance.commands.hand import Hand, until
from appliance.commands.virtual_box import VirtualBox
from appliance.sound.wav import write_wav
from appliance.supervision.team import NAMES, Name
from appliance.understanding.alarms.requests import Kind, Set
from appliance.workers.supervisor import Status
from appliance.world import World
from bench.key_to_glass import Watch
from drivers.keys import Key
from ui.keymap import State

COUNTDOWN = 2  # seconds
STORY = "写一篇很长的文章，介绍长城的历史和修建过程，越详细越好。"
PROBE = 1 << 30  # a turn the conductor does not know: it drops what belongs to it
PATIENCE = 180.0


@dataclass(slots=True)
class Late:
    """Seconds after due; None: not known in this state."""

    glass: float
    told: float
    sample: float | None


class Ringing:
    """One box, brought into each state in turn."""

    def __init__(self, box: VirtualBox, scratch: Path, rounds: int) -> None:
        self.results: dict[str, list[Late]] = {}
        self._box = box
        self._rounds = rounds
        self._talk = scratch / "talk.wav"
        self._told: float | None = None
        self._sample: float | None = None
        write_wav(self._talk, _murmur(20.0), 16000)

    async def play(self, app: Appliance) -> None:
        """Every state, `rounds` times."""
        parts = self._box.parts
        assert parts is not None
        self._app, self._hand = app, Hand(parts.pad)
        self._watch = Watch(parts.glass)
        parts.bus.attach(app.settings.integer("display.address"), self._watch)
        self._listen_in()
        await until(lambda: not app.presenter.booting, 10, "the home screen")
        await until(lambda: not _loading(app), PATIENCE, "all engines are loaded")
        states: dict[str, Callable[[], Awaitable[None]]] = {
            "home": self._nothing,
            "dark": lambda: self._hand.hold(Key.A, 1.0),
            "typing": lambda: self._hand.tap(Key.D6, Key.D4),
            "menu": lambda: self._hand.hold(Key.C, 0.6),
            "listening": self._listening,
            "audio worker killed": self._killed,
        }
        if app.team.ready("llm"):
            states["thinking"] = self._thinking
            if app.team.ready("tts"):
                states["speaking"] = self._speaking
        for _ in range(self._rounds):
            for name, enter in states.items():
                self.results.setdefault(name, []).append(await self._ring(enter))

    async def _ring(self, enter: Callable[[], Awaitable[None]]) -> Late:
        app = self._app
        await enter()
        self._told = self._sample = None
        app.alarms.set(Set(Kind.TIMER, None, COUNTDOWN), lambda alarm: None)
        due = time.monotonic() + COUNTDOWN
        await asyncio.sleep(COUNTDOWN - 0.3)
        if enter == self._killed:
            app.team.members["audio"].kill()
        await until(lambda: app.state is State.ALERT, 10, "the alert")
        self._watch.begin()
        await until(lambda: self._watch.first is not None, 5, "the glass")
        await until(lambda: self._told is not None, PATIENCE, "the ring is sent")
        assert self._watch.first is not None and self._told is not None
        if not app.conductor.mouth.speaking:
            await until(lambda: self._sample is not None, PATIENCE, "the first sample")
        sample = self._sample - due if self._sample is not None else None
        late = Late(self._watch.first - due, self._told - due, sample)
        await self._home()
        return late

    async def _home(self) -> None:
        app = self._app
        while app.alerts.busy:
            app.alerts.stop()
            await asyncio.sleep(0.1)
        app.conductor.stop()
        app.pages.close()
        app.editor.clear()
        app.changed()
        await until(lambda: not app.conductor.busy, PATIENCE, "quiet")
        await until(lambda: app.team.ready("audio"), PATIENCE, "the audio worker")
        await asyncio.sleep(0.5)

    # ------------------------------------------------------------ what the box does meanwhile

    async def _nothing(self) -> None:
        return

    async def _killed(self) -> None:
        return

    async def _listening(self) -> None:
        self._app.conductor.talk(self._talk)
        await until(lambda: self._app.state in (State.LISTENING, State.HANDS_FREE), 10, "listening")

    async def _thinking(self) -> None:
        self._app.conductor.submit(STORY)
        await until(lambda: self._app.state is State.BUSY, 10, "thinking")

    async def _speaking(self) -> None:
        self._app.conductor.submit(STORY)
        await until(lambda: self._app.conductor.mouth.speaking, PATIENCE, "speaking")

    # ------------------------------------------------------------ what is sent and comes back

    def _listen_in(self) -> None:
        app = self._app
        send = app.team.send
        tell = app.conductor.reports.on_message

        def watch(name: Name, message: m.Message) -> bool:
            sent = send(name, message)
            if sent and isinstance(message, m.Ring) and self._told is None:
                self._told = time.monotonic()
                send(name, m.PlayRecorded(PROBE))
            return sent

        def hear(name: Name, message: m.Message) -> None:
            if isinstance(message, m.ClauseStarted) and message.turn == PROBE:
                self._sample = self._sample or time.monotonic()
            tell(name, message)

        app.team.send = watch  # type: ignore[method-assign]
        app.conductor.reports.on_message = hear  # type: ignore[method-assign]


def _murmur(seconds: float) -> NDArray[np.float32]:
    times = np.arange(int(16000 * seconds)) / 16000
    return (0.3 * np.sin(2 * np.pi * 160 * times)).astype(np.float32)


def _loading(app: Appliance) -> bool:
    return any(app.team.status(name) is Status.STARTING for name in NAMES)


def measure(rounds: int) -> dict[str, list[Late]]:
    """Of each state, as often as there are rounds."""
    with tempfile.TemporaryDirectory() as scratch, World.open(None) as world:
        world.speak_into_files(Path(scratch), fast=False)
        box = VirtualBox()
        run = Ringing(box, Path(scratch), rounds)
        asyncio.run(serve(world, box.make_front, run.play))
    return run.results


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ring", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="rings in each state")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = state
        results = measure(arguments.rounds)
    if arguments.json:
        print(
            json.dumps({name: [asdict(late) for late in lates] for name, lates in results.items()})
        )
        return
    print("seconds after due, the median and the worst\n")
    print(f"{'':22}{'glass':>14}{'told':>14}{'first sample':>16}")
    for name, lates in results.items():
        cells = [_cell([late.glass for late in lates]), _cell([late.told for late in lates])]
        known = [late.sample for late in lates if late.sample is not None]
        cells.append(_cell(known) if known else "-")
        print(f"{name:22}{cells[0]:>14}{cells[1]:>14}{cells[2]:>16}")


def _cell(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} / {max(values):.2f}"


if __name__ == "__main__":
    main()
