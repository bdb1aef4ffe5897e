"""How the box is: heat, memory, storage, battery, how long it has been on."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass

from appliance import paths
from appliance.health import machine
from appliance.skills.box import Box
from appliance.skills.skill import Claim, Said, Skill, Then
from appliance.understanding.conditions import Condition, parse
from appliance.understanding.saying_times import say_duration
from ui.strings import Language, Text

_HEAT = Text("最热的地方{degrees}摄氏度。", "{degrees} degrees Celsius where it is hottest.")
_NO_HEAT = Text("这台机器没有温度计。", "This machine has no thermometer.")
_MEMORY = Text("内存还有{free}可用，一共{total}。", "Memory: {free} of {total} available.")
_NO_MEMORY = Text("内存的用量读不出来。", "The use of memory cannot be read.")
_STORAGE = Text("存储还剩{free}，一共{total}。", "Storage: {free} of {total} free.")
_BATTERY = Text("电池还有{percent}%。", "Battery at {percent}%.")
_NO_BATTERY = Text("没有电池，接着电源。", "There is no battery: it runs on mains power.")
_UPTIME = Text("已经开机{uptime}。", "On for {uptime}.")
_ASKED = {
    Condition.HEAT: Text("看温度。", "The temperature."),
    Condition.MEMORY: Text("看内存。", "The memory."),
    Condition.STORAGE: Text("看存储空间。", "The storage."),
    Condition.BATTERY: Text("看电池。", "The battery."),
    Condition.UPTIME: Text("看开机多久了。", "How long it has been on."),
    Condition.ALL: Text("看状态。", "The status."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Claim):
    """How the box is, was asked."""

    condition: Condition


class Status(Skill[Asked]):
    """Intent `status`."""

    name = "status"
    offers = Text("说说机器的温度、内存、空间和电量", "tell heat, memory, storage and battery")

    def claim(self, said: Said) -> Asked | None:
        """See `Skill`."""
        condition = parse(said.text)
        if condition is None:
            return None
        back = _ASKED[condition].of(said.language)
        return Asked(
            skill=self.name, intent="status", said=said, said_back=back, condition=condition
        )

    def answer(self, claim: Asked, box: Box, then: Then) -> None:
        """See `Skill`."""
        language, wanted = claim.said.language, claim.condition
        told = [
            tell(language)
            for condition, tell in _TELL.items()
            if wanted in (condition, Condition.ALL)
        ]
        then(Text("", " ").of(language).join(told))


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f}GB" if count >= 1e9 else f"{count / 1e6:.0f}MB"


def _heat(language: Language) -> str:
    zones = machine.temperatures()
    if not zones:
        return _NO_HEAT.of(language)
    hottest = max(zone.celsius for zone in zones)
    return _HEAT.of(language).format(degrees=round(hottest))


def _memory(language: Language) -> str:
    memory = machine.memory()
    if memory is None:
        return _NO_MEMORY.of(language)
    free, total = _gigabytes(memory.available), _gigabytes(memory.total)
    return _MEMORY.of(language).format(free=free, total=total)


def _storage(language: Language) -> str:
    folder = paths.state_dir()
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return _STORAGE.of(language).format(free=_gigabytes(usage.free), total=_gigabytes(usage.total))


def _battery(language: Language) -> str:
    batteries = machine.batteries()
    if not batteries:
        return _NO_BATTERY.of(language)
    percent = min(battery.percent for battery in batteries)
    return _BATTERY.of(language).format(percent=round(percent))


def _uptime(language: Language) -> str:
    seconds = int(time.clock_gettime(time.CLOCK_BOOTTIME))
    told = say_duration(seconds - seconds % 60 if seconds >= 60 else seconds, language.value)
    return _UPTIME.of(language).format(uptime=told)


_TELL = {
    Condition.HEAT: _heat,
    Condition.MEMORY: _memory,
    Condition.STORAGE: _storage,
    Condition.BATTERY: _battery,
    Condition.UPTIME: _uptime,
}

SKILL = Status
