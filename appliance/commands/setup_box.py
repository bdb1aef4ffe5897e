"""`lory setup`: look for the parts, show what was found, write the configuration."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from appliance.checks.parts import bus_number
from appliance.checks.sound import SoundDevices, probe_sound
from appliance.commands.setup_display import Seen, try_panel
from appliance.commands.setup_keypad import LearningError, find_number_pads, learn_layout
from appliance.configuration.config import ConfigError, read_config
from appliance.configuration.settings import SCHEMA, Settings, Value
from appliance.configuration.writing import write_config
from appliance.errors import LoryError
from appliance.front.hardware import wired_keypad
from appliance.paths import BOX_CONFIG
from drivers.bus import BusError, I2CBus
from drivers.detect import AdapterReport, PartGuess, Trouble, detect
from drivers.linux_i2c import LinuxI2CBus

Ask = Callable[[str], str]


class SetupError(LoryError):
    """The box cannot be set up as it is; says what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Parts:
    """What the box is made of: the settings that say so, and a line a part for people."""

    values: dict[str, Value]
    zh: tuple[str, ...]
    en: tuple[str, ...]


def find_parts(
    reports: Sequence[AdapterReport], number_pads: Sequence[Path], sound: SoundDevices
) -> Parts:
    """The first OLED and the first keypad, in the order of the buses.

    Raises:
        SetupError: no bus, no permission, no OLED, or no keypad of any kind.
    """
    _check_buses(reports)
    display = _display(reports)
    keypad = _keypad(reports, number_pads)
    values = {**display.values, **keypad.values}
    heard = _sound(sound)
    return Parts(values, display.zh + keypad.zh + heard.zh, display.en + keypad.en + heard.en)


def _check_buses(reports: Sequence[AdapterReport]) -> None:
    if not reports:
        raise SetupError(
            "没有 I2C 总线。先 modprobe i2c-dev，或在 raspi-config、设备树覆盖层里打开 I2C。",
            "no I2C bus. Try modprobe i2c-dev, or enable I2C in raspi-config or with an overlay.",
        )
    if all(report.trouble is Trouble.PERMISSION for report in reports):
        raise SetupError(
            "没有权限打开 I2C 总线。用 sudo，或把用户加入 i2c 组。",
            "no permission to open any I2C bus. Use sudo, or add the user to group i2c.",
        )


def _display(reports: Iterable[AdapterReport]) -> Parts:
    for report in reports:
        for found in report.found:
            if found.guess is PartGuess.OLED:
                chip = found.controller or str(SCHEMA["display.chip"].default)
                bus, place = bus_number(report), f"{report.adapter.path} 0x{found.address:02X}"
                return Parts(
                    {
                        "display.bus": bus,
                        "display.address": found.address,
                        "display.chip": chip,
                    },
                    (f"显示屏  {place}，{chip}",),
                    (f"display     {place}, {chip}",),
                )
    raise SetupError(
        "没有找到 OLED（0x3C 或 0x3D）。检查 3.3 V、GND、SDA、SCL 四根线。",
        "no OLED at 0x3C or 0x3D. Check the four wires 3.3 V, GND, SDA, SCL.",
    )


_KINDS = {PartGuess.KEYPAD: "i2c", PartGuess.PCF8574: "pcf8574"}


def _keypad(reports: Iterable[AdapterReport], number_pads: Sequence[Path]) -> Parts:
    for report in reports:
        for found in report.found:
            if kind := _KINDS.get(found.guess):
                place = f"{report.adapter.path} 0x{found.address:02X}"
                return Parts(
                    {
                        "keypad.kind": kind,
                        "keypad.bus": bus_number(report),
                        "keypad.address": found.address,
                    },
                    (f"键盘    {place}，{kind}",),
                    (f"keypad      {place}, {kind}",),
                )
    for device in number_pads:
        return Parts(
            {"keypad.kind": "evdev", "keypad.device": str(device)},
            (f"键盘    {device}，USB 键盘",),
            (f"keypad      {device}, USB",),
        )
    raise SetupError(
        "没有找到键盘：0x27 没有应答（探测时请松开所有键），也没有 USB 键盘。",
        "no keypad: nothing like one at 0x27 (let go of all keys meanwhile), and no USB pad.",
    )


def _sound(sound: SoundDevices) -> Parts:
    """Shown, not written: with nothing set the box takes what is there, whatever is plugged in."""
    microphone = ", ".join(sound.inputs)
    speaker = ", ".join(sound.outputs)
    return Parts(
        {},
        (f"麦克风  {microphone or '没有'}", f"扬声器  {speaker or '没有，回答写成 WAV'}"),
        (
            f"microphone  {microphone or 'none'}",
            f"speaker     {speaker or 'none, answers go to WAV files'}",
        ),
    )


def save(path: Path, values: dict[str, Value]) -> Path | None:
    """Set `values` in `path` and leave the rest. Returns the copy made of an older file.

    Raises:
        ConfigError: the older file cannot be read; nothing is changed.
        OSError: cannot be written.
    """
    read_config(path)
    copy = _back_up(path) if path.exists() else None
    write_config(path, values)
    return copy


def _back_up(path: Path) -> Path:
    """Numbered, not dated: a box may not know the time."""
    number = 1
    while (copy := path.with_name(f"{path.name}.bak{number}")).exists():
        number += 1
    shutil.copy2(path, copy)
    return copy


@dataclass(frozen=True, slots=True)
class Probes:
    """How the machine is asked. Tests put virtual buses here."""

    detect: Callable[[], Sequence[AdapterReport]] = detect
    sound: Callable[[], SoundDevices] = probe_sound
    number_pads: Callable[[], Sequence[Path]] = find_number_pads
    open_bus: Callable[[int], I2CBus] = LinuxI2CBus


def setup(args: argparse.Namespace, probes: Probes | None = None, ask: Ask = input) -> int:
    """Probe, show, ask, write. Status 1, and nothing written, where a needed part is missing."""
    probes = probes or Probes()
    path = getattr(args, "config", None) or BOX_CONFIG
    try:
        zh = Settings(read_config(path)).text("ui.language") == "zh"
        pads = probes.number_pads()
        parts = find_parts(probes.detect(), pads, probes.sound())
    except SetupError as error:
        print(f"lory: {error.zh if zh else error}", file=sys.stderr)
        return 1
    except ConfigError as error:
        print(f"lory: {error}", file=sys.stderr)
        return 1
    print("\n".join(parts.zh if zh else parts.en))
    if args.yes:
        return _write(path, parts.values, zh)
    if not _agreed(path, zh, ask):
        print("没有写入" if zh else "nothing written")
        return 1
    values = dict(parts.values)
    with contextlib.suppress(EOFError):  # nobody is there: what was found stands
        values |= _chosen_pad(values, pads, zh, ask)
        values |= _seen_panel(values, probes, zh, ask)
        values |= _learnt_layout(values, probes, zh, ask)
    return _write(path, values, zh)


def _chosen_pad(
    values: Mapping[str, Value], pads: Sequence[Path], zh: bool, ask: Ask
) -> dict[str, Value]:
    """Which of several USB pads that are alike is this box's."""
    if values["keypad.kind"] != "evdev" or len(pads) < 2:
        return {}
    for number, pad in enumerate(pads, 1):
        print(f"  {number}  {pad.name}")
    question = "哪个是键盘？[1] " if zh else "Which one is the keypad? [1] "
    answer = ask(question).strip()
    number = int(answer) if answer.isdecimal() else 1
    return {"keypad.device": str(pads[min(max(number, 1), len(pads)) - 1])}


def _seen_panel(
    values: Mapping[str, Value], probes: Probes, zh: bool, ask: Ask
) -> dict[str, Value]:
    """Show a picture in each controller's way until a person finds it whole."""

    def look_at(chip: str) -> Seen:
        question = (
            f"屏上（{chip}）四条边都在、箭头朝上吗？[Y=对 u=倒了 n=不全或不亮] "
            if zh
            else f"Glass ({chip}): all four edges, arrow up? [Y=yes u=upside down n=no, or dark] "
        )
        return _ANSWERS.get(ask(question).strip().lower()[:1], Seen.BROKEN)

    guess, address = str(values["display.chip"]), int(values["display.address"])
    try:
        bus = probes.open_bus(int(values["display.bus"]))
    except BusError:
        return {}
    try:
        panel = try_panel(bus, address, guess, look_at)
    finally:
        bus.close()
    if panel is None:
        print(
            "没有一种画面是完整的：检查接线；先按探测到的写入"
            if zh
            else "no picture was whole: check the wires; what was probed is written"
        )
        return {}
    return {"display.chip": panel.chip, **({"ui.rotate": True} if panel.rotate else {})}


_ANSWERS = {"": Seen.WHOLE, "y": Seen.WHOLE, "是": Seen.WHOLE, "u": Seen.UPSIDE_DOWN}


def _learnt_layout(
    values: Mapping[str, Value], probes: Probes, zh: bool, ask: Ask
) -> dict[str, Value]:
    """The printed keys, pressed one after the other, where the user says they do not fit."""
    question = (
        "键位照常就回车；印的不一样就输入 l，逐个按键来学 "
        if zh
        else "Enter if the keys are where they usually are; l to learn them by pressing each "
    )
    if ask(question).strip().lower() not in ("l", "学"):
        return {}
    settings = Settings(dict(values))
    bus: I2CBus | None = None
    try:
        bus = probes.open_bus(settings.integer("keypad.bus"))
        layout = learn_layout(
            wired_keypad(settings, bus),
            lambda label: print(f"按 {label}" if zh else f"press {label}", flush=True),
        )
    except (BusError, LearningError) as error:
        print(f"键位没有学成：{error}" if zh else f"the layout was not learnt: {error}")
        return {}
    finally:
        if bus is not None:
            bus.close()
    return {"keypad.layout": layout}


def _agreed(path: Path, zh: bool, ask: Ask) -> bool:
    question = f"写入 {path}？[Y/n] " if zh else f"Write {path}? [Y/n] "
    try:
        return ask(question).strip().lower() in ("", "y", "yes", "是")
    except EOFError:
        # No terminal to ask: only --yes says yes.
        print()
        return False


def _write(path: Path, values: dict[str, Value], zh: bool) -> int:
    try:
        copy = save(path, values)
    except OSError as error:
        print(f"lory: {path}: {error.strerror}", file=sys.stderr)
        return 1
    if copy is not None:
        print(f"旧文件在 {copy}" if zh else f"the older file is kept as {copy}")
    print(f"已写入 {path}" if zh else f"wrote {path}")
    return 0
