"""From a key going down to the last sound, in every phase, through the whole box."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable

from appliance.dialogue.tables import Turn
from bench.default_llm import default_llm
from bench.resident import resident
from bench.voice.box import Box, run_box
from drivers.keys import Key

_LONG = "请详细介绍一下长城的历史，至少说二百字。"
_TAIL = 0.8  # how long a late sound is waited for


async def _ask(box: Box) -> None:
    box.conductor.new_conversation()
    box.conductor.submit(_LONG)
    await box.until(lambda: box.conductor.turn.state in (Turn.THINKING, Turn.ANSWERING))


async def _spoken_clauses(box: Box, count: int) -> None:
    conductor = box.conductor
    await box.until(lambda: bool(conductor.mouth.voice and conductor.mouth.voice.spoken))
    first = conductor.mouth.voice.spoken if conductor.mouth.voice else None
    if count > 1:
        await box.until(
            lambda: conductor.mouth.voice is None or conductor.mouth.voice.spoken != first
        )


async def _prefill(box: Box) -> None:
    await _ask(box)


async def _first_clause(box: Box) -> None:
    await _ask(box)
    voice = box.conductor.mouth
    await box.until(lambda: bool(voice.voice and voice.voice.begun))


async def _speaking(box: Box) -> None:
    await _ask(box)
    await _spoken_clauses(box, 1)
    await asyncio.sleep(0.3)


async def _later_clause(box: Box) -> None:
    await _ask(box)
    await _spoken_clauses(box, 2)
    await asyncio.sleep(0.2)


async def _draining(box: Box) -> None:
    await _ask(box)
    await box.until(lambda: box.conductor.turn.state in (Turn.DRAINING, Turn.NONE))
    await _spoken_clauses(box, 1)


async def _stop(box: Box) -> float:
    pressed = time.monotonic()
    await box.hand.tap(Key.A)
    return pressed


async def _talk(box: Box) -> float:
    """The talk key acts as a long press: measured from the moment that it is one."""
    pressed = time.monotonic() + 0.4
    await box.hand.hold(Key.D, 0.7)
    return pressed


async def _send(box: Box) -> float:
    """A question is sent while the answer before it is still being said."""
    pressed = time.monotonic()
    box.conductor.submit("一加一等于几？")
    return pressed


_Reach = Callable[[Box], Awaitable[None]]
_Act = Callable[[Box], Awaitable[float]]
_PHASES: dict[str, tuple[_Reach, _Act]] = {
    "prefill/stop": (_prefill, _stop),
    "first-clause/stop": (_first_clause, _stop),
    "speaking-while-decoding/stop": (_speaking, _stop),
    "later-clause/stop": (_later_clause, _stop),
    "draining/stop": (_draining, _stop),
    "speaking-while-decoding/talk": (_speaking, _talk),
    "draining/talk": (_draining, _talk),
    "draining/send": (_draining, _send),
}


def silence(rounds: int) -> dict[str, object]:
    """`key_to_silence_ms_max` per phase; 0 where nothing was to be heard."""
    found: dict[str, list[float]] = defaultdict(list)

    async def script(box: Box) -> None:
        await box.ready()
        for _ in range(rounds):
            for name, (reach, act) in _PHASES.items():
                await reach(box)
                found[name].append(1000 * await _last_sound(box, act))
                await _rest(box)

    with resident(default_llm()):
        run_box(script, {"llm.max_tokens": 96, "audio.chimes": False})
    return {
        "key_to_silence_ms_max": {name: round(max(times)) for name, times in found.items()},
        "key_to_silence_trials": rounds,
    }


async def _last_sound(box: Box, act: _Act) -> float:
    """Seconds from the key to the last sound of what was being said."""
    heard = box.conductor.mouth.voice
    pressed = await act(box)
    await asyncio.sleep(_TAIL)
    # What a new turn says is no late sound: it begins after a silence of its own.
    last = pressed
    for moment in box.speaker.sounding(pressed):
        if moment - last > 0.3 and heard is not box.conductor.mouth.voice:
            break
        last = moment
    return last - pressed


async def _rest(box: Box) -> None:
    """Back to where the next phase can begin."""
    conductor = box.conductor
    conductor.discard_talk()
    conductor.stop()
    conductor.mouth.silence()
    await asyncio.sleep(0.5)
    box.app.pages.close()
