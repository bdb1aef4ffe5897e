"""Three ways to bring frames to an OLED, each on a 400 kHz virtual bus that counts every byte."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time

from luma.oled.device import ssd1306 as LumaSsd1306  # noqa: N812 - a class with a chip's name
from PIL import Image

from drivers.addressing import PAGES, WIDTH
from drivers.oled import Controller, Look, Oled
from drivers.ssd1306 import SSD1306
from drivers.virtual.bus import VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.oled import OledModel
from drivers.virtual.ssd1306 import VirtualSsd1306

ADDRESS = 0x3C
_HEIGHT = 8 * PAGES


@dataclass(frozen=True, slots=True)
class Cost:
    """What one update put on the wire, and the CPU time that found out what to put there."""

    wire_bytes: int
    wire_seconds: float
    cpu_seconds: float


class Way:
    """Draws frames on a modelled chip. Subclasses set `draw` up."""

    def __init__(self, glass: OledModel) -> None:
        self.bus = VirtualBus()
        self.glass = glass
        self.bus.attach(ADDRESS, glass)
        self.draw: Callable[[bytes], None]

    def costs(self, frames: Sequence[bytes]) -> list[Cost]:
        """Draw all frames in turn.

        Raises:
            AssertionError: the glass does not show one of them afterwards.
        """
        return [self._cost(frame) for frame in frames]

    def _cost(self, frame: bytes) -> Cost:
        wire, seconds, cpu = self.bus.bytes_on_wire, self.bus.wire_time, process_time()
        self.draw(frame)
        cpu = process_time() - cpu
        if self.glass.frame() != frame:
            raise AssertionError(f"{type(self).__name__}: the glass shows something else")
        return Cost(self.bus.bytes_on_wire - wire, self.bus.wire_time - seconds, cpu)


class Ours(Way):
    """The box's own driver, with its differ."""

    def __init__(self, controller: Controller = SSD1306, glass: OledModel | None = None) -> None:
        super().__init__(glass or VirtualSsd1306())
        self._clock = VirtualClock()
        self._oled = Oled(self.bus, controller, address=ADDRESS)
        self.draw = self._draw
        self._draw(bytes(WIDTH * PAGES))

    def _draw(self, frame: bytes) -> None:
        self._oled.show(frame)
        while self._oled.finish(self._clock()):
            pass


class FullFrame(Way):
    """The whole panel for every change, page by page, as the closest peer does it.

    Counted in its favour: the three addressing bytes of a page share a transfer, its 128 data
    bytes are one transfer.
    """

    def __init__(self) -> None:
        super().__init__(VirtualSsd1306())
        self.draw = self._draw
        setup = b"".join(SSD1306.setup(Look())) + b"\x20\x02\xaf"  # page addressing, display on
        self.bus.write(ADDRESS, b"\x00" + setup)

    def _draw(self, frame: bytes) -> None:
        for page in range(PAGES):
            self.bus.write(ADDRESS, bytes((0x00, 0xB0 | page, 0x00, 0x10)))
            self.bus.write(ADDRESS, b"\x40" + frame[page * WIDTH : (page + 1) * WIDTH])


class Luma(Way):
    """luma.oled's ssd1306 device, its data in one transfer as over smbus2's i2c_rdwr."""

    def __init__(self) -> None:
        super().__init__(VirtualSsd1306())
        device = LumaSsd1306(_LumaWire(self.bus))
        self.draw = lambda frame: device.display(_picture(frame))


class _LumaWire:
    """What a luma device writes to: its `luma.core.interface.serial.i2c`, on our bus."""

    def __init__(self, bus: VirtualBus) -> None:
        self._bus = bus

    def command(self, *command: int) -> None:
        self._bus.write(ADDRESS, bytes((0x00, *command)))

    def data(self, data: Sequence[int]) -> None:
        self._bus.write(ADDRESS, bytes((0x40, *data)))

    def cleanup(self) -> None:
        """The bus was handed in open and stays open."""


def _picture(frame: bytes) -> Image.Image:
    """A page-layout frame as the 1-bit picture luma takes."""
    picture = Image.new("1", (WIDTH, _HEIGHT))
    pixels = [
        255 * (frame[y // 8 * WIDTH + x] >> y % 8 & 1) for y in range(_HEIGHT) for x in range(WIDTH)
    ]
    picture.putdata(pixels)
    return picture
