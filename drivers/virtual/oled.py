"""What the modelled OLED controllers share: control bytes, command parser, RAM to glass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

WIDTH = 128
PAGES = 8
FRAME_BYTES = WIDTH * PAGES
RESET_CONTRAST = 0x7F

_CO = 0x80  # continuation: one byte follows, then another control byte
_DC = 0x40  # data, not command

REVERSED_BITS = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


class IllegalCommandError(ValueError):
    """The driver sent what this controller does not define (raised when `strict`)."""


class OledModel(ABC):
    """A controller with its 128×64 glass, fed the very bytes the wire carries.

    `frame` is what the glass shows, 1024 bytes in page layout (byte = column of 8 rows, LSB on
    top, page-major), for a module mounted so that segment remap and COM reverse (A1, C8) are
    upright. What the controller would not accept is kept in `illegal`, or raised if `strict`.
    """

    arguments: ClassVar[Mapping[int, int]]  # command byte → number of argument bytes
    columns: int  # columns of display RAM
    visible_from: int  # first segment wired to the glass
    status_id: int  # low bits of the status byte

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self.illegal: list[str] = []
        self.revision = 0
        self.power_on_reset()

    def power_on_reset(self) -> None:
        """As after unplugging: registers at their reset values, RAM full of noise."""
        self.ram = [bytearray((37 * c + 91 * p) & 0xFF for c in range(self.columns))
                    for p in range(PAGES)]  # fmt: skip
        self.column = self.page = 0
        self.is_on = self.inverted = self.all_on = False
        self.segment_remap = self.com_reversed = False
        self.contrast = RESET_CONTRAST
        self.start_line = self.offset = 0
        self.multiplex = 64
        self._pending = bytearray()
        self.revision += 1

    def write(self, data: bytes) -> None:
        """One transfer: control bytes with Co and D/C# as in section 8.1.5 of the SSD1306."""
        position = 0
        while position < len(data):
            control = data[position]
            position += 1
            if control & ~(_CO | _DC):
                self._refuse(f"control byte 0x{control:02X}")
            end = position + 1 if control & _CO else len(data)
            for byte in data[position:end]:
                if control & _DC:
                    self._store(byte)
                else:
                    self._command(byte)
            position = end
        self.revision += 1

    def read(self, length: int) -> bytes:
        """The status byte: bit 6 is set while the display is off."""
        return bytes([self.status_id | (0 if self.is_on else 0x40)]) * length

    def frame(self) -> bytes:
        """What a person sees, 1024 bytes in page layout."""
        if not self.is_on:
            return bytes(FRAME_BYTES)
        if self.all_on:
            return b"\xff" * FRAME_BYTES
        pages = [bytes(page) for page in self.ram]
        shift = (self.start_line + self.offset) % 64
        if shift:
            pages = _scrolled(pages, shift)
        if not self.com_reversed:
            pages = [page.translate(REVERSED_BITS) for page in reversed(pages)]
        # RAM is kept by segment; A1 puts column 0 on the highest segment, which is at the left.
        last = self.visible_from + WIDTH
        glass = b"".join(page[self.visible_from : last][::-1] for page in pages)
        return bytes(byte ^ 0xFF for byte in glass) if self.inverted else glass

    @abstractmethod
    def _execute(self, command: int, arguments: bytes) -> None: ...

    @abstractmethod
    def _advance(self) -> None: ...

    def _store(self, byte: int) -> None:
        if self._pending:
            self._refuse(f"data inside command 0x{self._pending[0]:02X}")
            self._pending.clear()
        if self.column < self.columns:
            # The remap works while RAM is written, not while it is shown.
            segment = self.columns - 1 - self.column if self.segment_remap else self.column
            self.ram[self.page][segment] = byte
        self._advance()

    def _command(self, byte: int) -> None:
        self._pending.append(byte)
        command = self._pending[0]
        if len(self._pending) <= self.arguments.get(command, 0):
            return
        arguments = bytes(self._pending[1:])
        self._pending.clear()
        if not self._execute_common(command, arguments):
            self._execute(command, arguments)

    def _execute_common(self, command: int, arguments: bytes) -> bool:
        """What all three controllers define alike; False if `command` is none of it."""
        if command <= 0x0F:
            self.column = (self.column & 0xF0) | command
        elif command <= 0x1F:
            self.column = (self.column & 0x0F) | (command & 0x0F) << 4
        elif 0x40 <= command <= 0x7F:
            self.start_line = command & 0x3F
        elif command == 0x81:
            self.contrast = arguments[0]
        elif command in (0xA0, 0xA1):
            self.segment_remap = bool(command & 1)
        elif command in (0xA4, 0xA5):
            self.all_on = bool(command & 1)
        elif command in (0xA6, 0xA7):
            self.inverted = bool(command & 1)
        elif command == 0xA8:
            self.multiplex = (arguments[0] & 0x3F) + 1
            if self.multiplex < 16:
                self._refuse(f"multiplex ratio {self.multiplex}")
        elif command in (0xAE, 0xAF):
            self.is_on = bool(command & 1)
        elif 0xB0 <= command <= 0xB7:
            self.page = command & 7
        elif command in (0xC0, 0xC8):
            self.com_reversed = bool(command & 8)
        elif command == 0xD3:
            self.offset = arguments[0] & 0x3F
        elif command not in (0xD5, 0xD9, 0xDA, 0xDB, 0xE3):
            return False
        return True

    def _refuse(self, what: str) -> None:
        self.illegal.append(what)
        if self.strict:
            raise IllegalCommandError(what)


def _scrolled(pages: list[bytes], rows: int) -> list[bytes]:
    """RAM row `rows` at the top of the glass."""
    columns = []
    for stacked in zip(*pages, strict=True):
        column = int.from_bytes(bytes(stacked), "little")
        column = (column >> rows | column << (64 - rows)) & (1 << 64) - 1
        columns.append(column.to_bytes(PAGES, "little"))
    return [bytes(page) for page in zip(*columns, strict=True)]
