"""MicroPython sketch: an RP2040 board that makes any 4×4 pad speak the reference protocol.

Copy it to the board as main.py (MicroPython 1.26 or newer, for `machine.I2CTarget`). Rows go to
GP2–GP5, columns to GP6–GP9, the box's SDA to GP0 and SCL to GP1, grounds together. The box must
pull SDA and SCL up to 3.3 V.

On the wire: the host writes 0x03 and reads one byte, 0–15 for a key, 16 for none, at 0x27. The
byte 0x03 is a memory address to `I2CTarget`, which answers from `answer` without the sketch.

Everything down to `main` is plain Python and is tested on a PC; MicroPython has no `typing`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESS = 0x27
NONE = 16
SCAN_MS = 2
SHOW_MS = 30  # a tap is shown this long at least: longer than the host's 20 ms between polls
MEMORY = 4  # the command 0x03 is its last byte

LAYOUT = (
    (1, 2, 3, 10),
    (4, 5, 6, 11),
    (7, 8, 9, 12),
    (14, 0, 15, 13),
)


class Pad:
    """Which code to answer, from scans of the matrix: the newest key, a tap long enough to see.

    `drive(row)` holds that row low and lets the others float; `read()` gives the four columns
    as bits, 1 where a key pulls the column low.
    """

    def __init__(self, drive: "Callable[[int], None]", read: "Callable[[], int]") -> None:
        self.drive = drive
        self.read = read
        self.layout = LAYOUT
        self.code = NONE
        self.down: frozenset[int] = frozenset()
        self.shown_at = 0

    def scan(self) -> "frozenset[int]":
        """The set of codes that are down."""
        down = set()
        for row in range(4):
            self.drive(row)
            columns = self.read()
            for column in range(4):
                if columns >> column & 1:
                    down.add(self.layout[row][column])
        return frozenset(down)

    def poll(self, now_ms: int) -> int:
        """Scan once and give the code to answer."""
        down = self.scan()
        if len(down) > 2:
            return self.code  # plain contacts then show keys that are not there
        new = down - self.down
        self.down = down
        if new:
            self.code = min(new)
            self.shown_at = now_ms
        elif self.code not in down and now_ms - self.shown_at >= SHOW_MS:
            self.code = NONE
        return self.code


def main() -> None:
    import time

    from machine import I2CTarget, Pin  # type: ignore[import-not-found]

    rows = [Pin(pin, Pin.OPEN_DRAIN, value=1) for pin in range(2, 6)]
    columns = [Pin(pin, Pin.IN, Pin.PULL_UP) for pin in range(6, 10)]

    def drive(row: int) -> None:
        for index, pin in enumerate(rows):
            pin.value(0 if index == row else 1)
        time.sleep_us(5)  # type: ignore[attr-defined]

    def read() -> int:
        return sum((1 - pin.value()) << index for index, pin in enumerate(columns))

    pad = Pad(drive, read)
    answer = bytearray([NONE] * MEMORY)
    target = I2CTarget(0, addr=ADDRESS, mem=answer, sda=Pin(0), scl=Pin(1))
    started = time.ticks_ms()  # type: ignore[attr-defined]
    while target:
        now = time.ticks_diff(time.ticks_ms(), started)  # type: ignore[attr-defined]
        code = pad.poll(now)
        for index in range(MEMORY):  # every address, so that a bare read answers too
            answer[index] = code
        time.sleep_ms(SCAN_MS)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
