"""The self-test page: what of the box answers, now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from appliance.dialogue.conductor import Conductor
from appliance.health import machine
from appliance.supervision.team import Name
from appliance.workers.supervisor import Status
from ui.screens.selftest import Check, SelfTestRow

_CHECKS = {
    Status.READY: Check.OK,
    Status.STARTING: Check.WAITING,
    Status.WAITING: Check.FAILED,
    Status.REFUSED: Check.FAILED,
    Status.STOPPED: Check.FAILED,
}
_ENGINES: tuple[Name, ...] = ("llm", "asr", "tts")


class Parts(Protocol):
    """The front's hardware, as the tests see it."""

    def present(self) -> Mapping[str, bool]:
        """By text key, whether a part answers."""

    def scan(self, then: Callable[[str, list[int]], None]) -> None:
        """Look at every bus; `then`, on its thread, is told its name and what answers there."""


def self_test_rows(
    conductor: Conductor, parts: Parts, models: Mapping[str, str]
) -> tuple[SelfTestRow, ...]:
    """Parts on the buses, sound, engines with their models, memory, temperature.

    `models` names what each engine runs.
    """
    say = conductor.teller.say
    rows = [
        SelfTestRow(say(key), "", Check.OK if present else Check.FAILED)
        for key, present in parts.present().items()
    ]
    rows += _sound(conductor)
    for name in _ENGINES:
        status = conductor.team.status(name)
        rows.append(
            SelfTestRow(
                say(f"self-test.{name}"), models.get(name) or say("model.missing"), _CHECKS[status]
            )
        )
    return (*rows, *_machine(conductor))


def _sound(conductor: Conductor) -> list[SelfTestRow]:
    devices, drops = conductor.mouth.devices, conductor.ear.drops
    say = conductor.teller.say
    microphone = Check.OK if devices.microphone else Check.FAILED
    speaker = {"speaker": Check.OK, "wav": Check.WARN, "none": Check.FAILED}[devices.sink]
    sink = devices.speaker or (say("self-test.to-files") if devices.sink == "wav" else "")
    return [
        SelfTestRow(
            say("self-test.microphone"), devices.microphone, microphone, level=conductor.ear.level
        ),
        SelfTestRow(say("self-test.speaker"), sink, speaker),
        SelfTestRow(
            say("self-test.drops"),
            f"{drops.captured} / {drops.played}",
            Check.WARN if drops.captured or drops.played else Check.OK,
        ),
    ]


def _machine(conductor: Conductor) -> list[SelfTestRow]:
    rows = []
    memory = machine.memory()
    if memory is not None:
        free = f"{memory.available / 1e9:.1f} GB"
        rows.append(SelfTestRow(conductor.teller.say("self-test.memory"), free, Check.OK))
    for hottest in machine.temperatures()[:1]:
        limit = hottest.throttles_at
        check = Check.WARN if limit is not None and hottest.celsius >= limit else Check.OK
        degrees = f"{hottest.celsius:.0f}°C"
        rows.append(SelfTestRow(conductor.teller.say("self-test.temperature"), degrees, check))
    return rows
