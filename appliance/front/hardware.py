"""The front of the box: display and keypad on their buses, real or virtual."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from appliance.configuration.settings import Settings
from appliance.errors import LoryError
from drivers.arbiter import BusThread, Task
from drivers.bus import BusError, I2CBus
from drivers.bus_scan import BusScan
from drivers.gauge_poller import GaugePoller
from drivers.keypad_poller import KeypadPoller
from drivers.keypad_relabelled import RelabelledKeypad, read_layout
from drivers.keypads import KINDS, Place
from drivers.keys import KeyEvent, Keypad
from drivers.linux_i2c import LinuxI2CBus, list_adapters
from drivers.max1704x import Max1704x
from drivers.oled import ADDRESSES as OLED_ADDRESSES
from drivers.oled import Look, Oled
from drivers.roaming_bus import RoamingBus
from drivers.rtc_poller import RtcPoller
from drivers.sh1106 import SH1106
from drivers.ssd1306 import SSD1306
from drivers.ssd1309 import SSD1309
from drivers.virtual.bus import VirtualBus
from drivers.virtual.keypad import PatientKeypad
from drivers.virtual.oled import OledModel
from drivers.virtual.sh1106 import VirtualSh1106
from drivers.virtual.ssd1306 import VirtualSsd1306, VirtualSsd1309

log = logging.getLogger("lory.hardware")

CONTROLLERS = {"ssd1306": SSD1306, "ssd1309": SSD1309, "sh1106": SH1106}
_MODELS: dict[str, type[OledModel]] = {
    "ssd1306": VirtualSsd1306,
    "ssd1309": VirtualSsd1309,
    "sh1106": VirtualSh1106,
}

OnKey = Callable[[KeyEvent], None]


class HardwareError(LoryError, RuntimeError):
    """The front cannot be opened; the message says what is missing and what to do."""


class Front:
    """One display, one keypad, a thread per bus. `show` and `light` never block.

    `tasks` are what shares each bus, the more urgent first. A driver that raises ends its bus:
    `failure` keeps the exception and `on_failure` is called, on the bus thread. `modelled`: there
    is no box around it, only a PC that shows one. `moved_to`: the adapter that has the parts, where
    that is not the configured one.
    """

    def __init__(
        self,
        oled: Oled,
        poller: KeypadPoller,
        tasks: Sequence[tuple[I2CBus, Sequence[Task]]],
        keypad: Keypad,
        scans: dict[str, BusScan],
        gauge: GaugePoller | None = None,
        clock_chip: RtcPoller | None = None,
    ) -> None:
        self.oled = oled
        self.poller = poller
        self.gauge = gauge
        self.clock_chip = clock_chip
        self.modelled = False
        self.moved_to = ""
        self.failure: BaseException | None = None
        self.on_failure: Callable[[], None] = lambda: None
        self._threads = [
            BusThread(bus, work, name=f"bus-{number}", on_failure=self._failed)
            for number, (bus, work) in enumerate(tasks)
        ]
        self._keypad = keypad
        self._scans = scans

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def show(self, frame: bytes, *, urgent: bool) -> None:
        self.oled.show(frame, urgent=urgent)

    def light(self, contrast: int | None) -> None:
        if contrast is None:
            self.oled.adjust(on=False)
        else:
            self.oled.adjust(on=True, contrast=contrast)

    def turn(self, *, invert: bool, rotate: bool) -> None:
        self.oled.adjust(invert=invert, rotate=rotate)

    def present(self) -> dict[str, bool]:
        """By text key, whether a part answers."""
        return {"self-test.display": self.oled.present, "self-test.keypad": self.poller.present}

    def scan(self, then: Callable[[str, list[int]], None]) -> None:
        """Look at every bus; `then`, on its thread, is told its name and what answers there."""
        for name, scan in self._scans.items():
            scan.request(partial(then, name))

    def _failed(self, error: BaseException) -> None:
        log.critical("the driver of a bus failed", exc_info=error)
        self.failure = error
        self.on_failure()

    def close(self) -> None:
        """Dark glass, closed buses."""
        self.oled.adjust(on=False)
        for thread in self._threads:
            if not thread.close():
                log.warning("a bus did not come back from its last transfer")
        self._keypad.close()


def build_front(
    settings: Settings, display_bus: I2CBus, keypad_bus: I2CBus, on_key: OnKey
) -> Front:
    """Put drivers on the buses. `on_key` is called on a bus thread."""
    oled = Oled(
        display_bus,
        CONTROLLERS[settings.text("display.chip")],
        address=settings.integer("display.address"),
        max_fps=settings.integer("display.frame_rate"),
        look=Look(
            contrast=settings.integer("ui.contrast"),
            invert=settings.flag("ui.invert"),
            rotate=settings.flag("ui.rotate"),
        ),
        on_presence=lambda present: log.info("display %s", "found" if present else "lost"),
    )
    keypad = _keypad(settings, keypad_bus)
    poller = KeypadPoller(
        keypad,
        on_key,
        on_presence=lambda present: log.info("keypad %s", "found" if present else "lost"),
    )
    gauge = None
    after: list[Task] = []
    if settings.text("power.gauge") in ("auto", "i2c"):
        gauge = GaugePoller(Max1704x(display_bus))
        after.append(gauge)
    clock_chip = None
    if settings.text("clock.chip") == "auto":
        clock_chip = RtcPoller(display_bus)
        after.append(clock_chip)
    if keypad_bus is display_bus:
        tasks: list[tuple[I2CBus, list[Task]]] = [(display_bus, [poller, oled, *after])]
    else:
        tasks = [(keypad_bus, [poller]), (display_bus, [oled, *after])]
    scans = {}
    for bus, work in tasks:
        number = settings.integer("display.bus" if bus is display_bus else "keypad.bus")
        scans[f"i2c-{number}"] = scan = BusScan(bus)
        work.append(scan)
    return Front(oled, poller, tasks, keypad, scans, gauge, clock_chip)


def _keypad(settings: Settings, bus: I2CBus) -> Keypad:
    """The wired pad, its keys named as they are printed where its layout was learnt."""
    pad = wired_keypad(settings, bus)
    layout = settings.text("keypad.layout")
    try:
        return RelabelledKeypad(pad, read_layout(layout)) if layout else pad
    except ValueError as error:
        log.error("keypad.layout: %s; the usual one is used", error)
        return pad


def wired_keypad(settings: Settings, bus: I2CBus) -> Keypad:
    """The pad as its driver names the keys."""
    at = Place(bus, settings.integer("keypad.address"), settings.text("keypad.device"))
    return KINDS[settings.text("keypad.kind")](at)


def real_front(settings: Settings, on_key: OnKey) -> Front:
    """The parts on this machine's adapters, under the configured numbers or others.

    Raises:
        HardwareError: an adapter is missing or may not be opened.
    """
    number = settings.integer("display.bus")
    by_i2c = settings.text("keypad.kind") in _ON_I2C
    pad_number = settings.integer("keypad.bus") if by_i2c else number
    pad = [settings.integer("keypad.address")] if by_i2c and pad_number == number else []
    try:
        display_bus = _open(number, [*OLED_ADDRESSES, *pad])
        keypad_bus = display_bus
        if pad_number != number:
            keypad_bus = _open(pad_number, [settings.integer("keypad.address")])
        front = build_front(settings, display_bus, keypad_bus, on_key)
    except BusError as error:
        reason = error.strerror or str(error)
        raise HardwareError(f"{reason}; `lory doctor` says what to do") from error
    if display_bus.path != f"/dev/i2c-{number}":
        front.moved_to = display_bus.path
    return front


def _open(number: int, addresses: Sequence[int]) -> RoamingBus:
    path = f"/dev/i2c-{number}"
    return RoamingBus(path, addresses, adapters=list_adapters, open_bus=LinuxI2CBus)


_ON_I2C = ("i2c", "pcf8574")


@dataclass(frozen=True, slots=True)
class VirtualParts:
    """The modelled chips behind a virtual front."""

    bus: VirtualBus
    glass: OledModel
    pad: PatientKeypad


def virtual_front(
    settings: Settings, on_key: OnKey, real_time: bool = True
) -> tuple[Front, VirtualParts]:
    """The reference build out of modelled chips on a 400 kHz bus with real wire time."""
    bus = VirtualBus(real_time=real_time)
    parts = VirtualParts(bus, _MODELS[settings.text("display.chip")](), PatientKeypad())
    bus.attach(settings.integer("display.address"), parts.glass)
    bus.attach(settings.integer("keypad.address"), parts.pad)
    front = build_front(settings, bus, bus, on_key)
    front.modelled = True
    return front, parts
