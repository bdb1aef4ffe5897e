"""A bare 4×4 pad on a PCF8574 port expander, scanned row by row by the host."""

from __future__ import annotations

from drivers.bus import I2CBus
from drivers.keys import Key
from drivers.rollover import Rollover

ADDRESS = 0x27
_COLUMNS = 0xF0
_ROWS = 0x0F

# What the four wires of rows (P0–P3) and of columns (P4–P7) meet, as printed on most pads.
LAYOUT: tuple[tuple[Key, ...], ...] = (
    (Key.D1, Key.D2, Key.D3, Key.A),
    (Key.D4, Key.D5, Key.D6, Key.B),
    (Key.D7, Key.D8, Key.D9, Key.C),
    (Key.STAR, Key.D0, Key.HASH, Key.D),
)


class Pcf8574Keypad:
    """`drivers.keys.Keypad` on a PCF8574 (0x20–0x27) or PCF8574A (0x38–0x3F).

    Its pins are quasi-bidirectional (datasheet section 8): written 1 they are weak pull-ups that
    a key to a row held low pulls down. An idle poll is one write and one read of a byte with all
    rows low; only while something is down are the rows scanned one by one, eight bytes more. With
    three or more keys plain contacts show keys that are not there: the last answer then stands.

    The part is specified for 100 kHz; on a bus at 400 kHz it usually works, out of its data sheet.
    """

    def __init__(
        self,
        bus: I2CBus,
        address: int = ADDRESS,
        layout: tuple[tuple[Key, ...], ...] = LAYOUT,
    ) -> None:
        self._bus = bus
        self._address = address
        self._layout = layout
        self._rollover = Rollover()
        self._reported: Key | None = None

    def read(self) -> Key | None:
        """Raises BusError when the expander does not answer."""
        if not self._pulled_low(_COLUMNS):
            self._reported = self._rollover.update(frozenset())
            return self._reported
        down = frozenset(key for row in range(4) for key in self._scan(row))
        if len(down) <= 2:
            self._reported = self._rollover.update(down)
        return self._reported

    def close(self) -> None:
        """Nothing to close: the bus was handed in."""

    def _scan(self, row: int) -> list[Key]:
        low = self._pulled_low(_COLUMNS | _ROWS & ~(1 << row))
        return [key for column, key in enumerate(self._layout[row]) if low >> column & 1]

    def _pulled_low(self, port: int) -> int:
        """The columns that read low with `port` written, as four bits."""
        self._bus.write(self._address, bytes((port,)))
        return ~self._bus.read(self._address, 1)[0] >> 4 & 0x0F
