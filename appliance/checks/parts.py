"""The parts on the wires: I2C adapters, the OLED, the keypad, the service console."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from appliance.checks.finding import Area, Finding, Level, fail, ok, warn
from appliance.configuration.settings import Settings
from drivers import keypad_i2c
from drivers.detect import AdapterReport, Found, PartGuess, Trouble


def bus_number(report: AdapterReport) -> int:
    """N of /dev/i2c-N."""
    return int(report.adapter.path.rpartition("-")[2])


def check_parts(
    reports: Sequence[AdapterReport], settings: Settings, is_box: bool, root: Path
) -> Iterator[Finding]:
    """`is_box`: this machine was set up as a box, so a missing part is a failure; on a PC without
    a configuration it is worth a warning. A keypad or console device is looked up under `root`.
    """
    missing = Level.FAIL if is_box else Level.WARN
    yield from _adapters(reports, missing)
    if reports:
        yield _display(reports, settings, missing)
    if settings.text("keypad.kind") in ("i2c", "pcf8574"):
        if reports:
            yield _i2c_keypad(reports, settings, missing)
    else:
        yield _device("keypad", settings.text("keypad.device"), os.R_OK, missing, root)
    if console := settings.text("console.device"):
        yield _device("console", console, os.R_OK | os.W_OK, Level.WARN, root)


def _adapters(reports: Iterable[AdapterReport], missing: Level) -> Iterator[Finding]:
    seen = False
    for report in reports:
        seen = True
        yield _adapter(report)
    if not seen:
        yield Finding(
            "bus",
            missing,
            "没有 I2C 总线：lory run 无屏可用，lory panel 照常",
            "no I2C bus: lory run has no screen, lory panel works as ever",
            "modprobe i2c-dev；在 raspi-config 或设备树覆盖层里打开 I2C",
            "modprobe i2c-dev; enable I2C in raspi-config or with a device-tree overlay",
        )


_TROUBLE = {
    Trouble.PERMISSION: (
        ("没有权限", "no permission"),
        ("usermod -aG i2c 用户名，再重新登录", "usermod -aG i2c USER, then log in again"),
    ),
    Trouble.STUCK: (
        ("总线卡住：SDA 或 SCL 一直为低", "the bus is stuck: SDA or SCL is held low"),
        ("断电重插；检查短路和上拉电阻", "power-cycle; look for shorts and missing pull-ups"),
    ),
    Trouble.FAILED: (
        ("打不开", "cannot be used"),
        ("检查接线和 dmesg", "check the wiring and dmesg"),
    ),
}


def _adapter(report: AdapterReport) -> Finding:
    name = f"{report.adapter.path} {report.adapter.name}".rstrip()
    if report.trouble is not None:
        (zh, en), (todo_zh, todo_en) = _TROUBLE[report.trouble]
        return warn("bus", f"{name}：{zh}", f"{name}: {en} ({report.detail})", todo_zh, todo_en)
    parts = ", ".join(f"0x{found.address:02X}" for found in report.found)
    smbus_zh, smbus_en = ("（仅 SMBus）", " (SMBus only)") if report.is_smbus_only else ("", "")
    return ok(
        "bus",
        f"{name}{smbus_zh}：{parts or '没有设备'}",
        f"{name}{smbus_en}: {parts or 'nothing on it'}",
    )


def _at(reports: Iterable[AdapterReport], bus: int, address: int) -> Found | None:
    """The part at `address` of `bus`."""
    for report in reports:
        if bus_number(report) == bus:
            for found in report.found:
                if found.address == address:
                    return found
    return None


def _place(bus: int, address: int) -> str:
    return f"i2c-{bus} 0x{address:02X}"


def _display(reports: Sequence[AdapterReport], settings: Settings, missing: Level) -> Finding:
    bus, address = settings.integer("display.bus"), settings.integer("display.address")
    chip = settings.text("display.chip")
    here = _at(reports, bus, address)
    if here is None:
        return _absent("display", reports, bus, address, {PartGuess.OLED}, missing)
    place = _place(bus, address)
    guess = here.controller
    if guess is not None and (guess == "sh1106") != (chip == "sh1106"):
        return warn(
            "display",
            f"{place} 像 {guess}，设置是 {chip}：画面会错位",
            f"{place} looks like an {guess}, the setting is {chip}: the picture would be shifted",
            f'画面错位两列就设 display.chip = "{guess}"',
            f'if the picture is shifted by two columns, set display.chip = "{guess}"',
        )
    return ok("display", f"{place}，{chip}", f"{place}, {chip}")


def _i2c_keypad(reports: Sequence[AdapterReport], settings: Settings, missing: Level) -> Finding:
    bus, address = settings.integer("keypad.bus"), settings.integer("keypad.address")
    kind = settings.text("keypad.kind")
    here = _at(reports, bus, address)
    if here is None:
        wanted = {PartGuess.KEYPAD, PartGuess.PCF8574}
        return _absent("keypad", reports, bus, address, wanted, missing)
    place = _place(bus, address)
    guess = here.guess
    if address != keypad_i2c.ADDRESS:
        # Elsewhere nothing may be written to find out: any other part can live there.
        return ok("keypad", f"{place}，{kind}（没有试读）", f"{place}, {kind} (not tried)")
    if kind == "i2c" and guess is PartGuess.PCF8574:
        return Finding(
            "keypad",
            missing,
            f"{place} 是 PCF8574 扩展口，不是参考键盘：没按键时也从不回答 16",
            f"{place} is a PCF8574 port expander, not the reference pad: idle, it never answers 16",
            '若矩阵键盘接在它上面，设 keypad.kind = "pcf8574"；若是 LCD 转接板，换个地址',
            'for a bare pad on it set keypad.kind = "pcf8574"; move an LCD to another address',
        )
    if kind == "pcf8574" and guess is PartGuess.KEYPAD:
        return Finding(
            "keypad",
            missing,
            f"{place} 是参考键盘，设置却是 pcf8574",
            f"{place} is the reference pad, but the setting is pcf8574",
            '设 keypad.kind = "i2c"',
            'set keypad.kind = "i2c"',
        )
    if guess is PartGuess.UNKNOWN:
        return warn(
            "keypad",
            f"{place} 有应答，但不像键盘：松开所有键再试",
            f"{place} answers, but not like a keypad: let go of all keys and try again",
            "若仍如此，换一个键盘试试",
            "if that does not help, try another pad",
        )
    return ok("keypad", f"{place}，{kind}", f"{place}, {kind}")


_NAMES: dict[Area, tuple[str, str]] = {
    "display": ("显示屏", "display"),
    "keypad": ("键盘", "keypad"),
    "console": ("串口控制台", "service console"),
}


def _absent(
    area: Area,
    reports: Sequence[AdapterReport],
    bus: int,
    address: int,
    wanted: set[PartGuess],
    missing: Level,
) -> Finding:
    """Nothing where the settings say; perhaps it is somewhere else."""
    zh, en = _NAMES[area]
    place = _place(bus, address)
    elsewhere = [
        _place(bus_number(report), found.address)
        for report in reports
        for found in report.found
        if found.guess in wanted
    ]
    if elsewhere:
        there = ", ".join(elsewhere)
        return Finding(
            area,
            missing,
            f"{place} 没有{zh}，但 {there} 有",
            f"no {en} at {place}, but there is one at {there}",
            "运行 lory setup",
            "run lory setup",
        )
    return Finding(
        area,
        missing,
        f"{place} 没有{zh}",
        f"no {en} at {place}",
        "检查 3.3 V、GND、SDA、SCL 四根线；屏上印的 0x78 就是 0x3C",
        "check the four wires 3.3 V, GND, SDA, SCL; an OLED marked 0x78 is 0x3C",
    )


def _device(area: Area, path: str, mode: int, missing: Level, root: Path) -> Finding:
    zh, en = _NAMES[area]
    if not path:
        return fail(
            area,
            f"设置里没有写{zh}的设备",
            f"the settings name no device for the {en}",
            f'设 {area}.device，例如 "/dev/input/event0"',
            f'set {area}.device, for example "/dev/input/event0"',
        )
    node = root / path.lstrip("/")
    if not node.exists():
        return Finding(
            area,
            missing,
            f"{zh} {path} 不在",
            f"the {en} {path} is not there",
            "插上它",
            "plug it in",
        )
    if not os.access(node, mode):
        return Finding(
            area,
            missing,
            f"没有权限用{zh} {path}",
            f"no permission for the {en} {path}",
            "把用户加入 input 或 dialout 组",
            "add the user to group input or dialout",
        )
    return ok(area, path, path)
