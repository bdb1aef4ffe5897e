"""The SSD1306 and SSD1309 as the wire sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from drivers.virtual.oled import PAGES, WIDTH, OledModel

_HORIZONTAL, _VERTICAL, _PAGE = 0, 1, 2


class VirtualSsd1306(OledModel):
    """128×64, three addressing modes, charge pump (SSD1306 rev 1.1, table 9-1, section 10)."""

    arguments: ClassVar[Mapping[int, int]] = {
        0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0x81: 1, 0x8D: 1,
        0xA3: 2, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
    }  # fmt: skip
    columns = WIDTH
    visible_from = 0
    status_id = 0x03

    def power_on_reset(self) -> None:
        super().power_on_reset()
        self.mode = _PAGE
        self.column_start, self.column_end = 0, WIDTH - 1
        self.page_start, self.page_end = 0, PAGES - 1
        self.charge_pump = False

    def frame(self) -> bytes:
        """Dark without the charge pump: these modules have no other supply for the panel."""
        return super().frame() if self._powered() else bytes(WIDTH * PAGES)

    def _powered(self) -> bool:
        return self.charge_pump

    def _execute(self, command: int, arguments: bytes) -> None:
        if command == 0x20 and arguments[0] & 3 != 3:
            self.mode = arguments[0] & 3
        elif command == 0x21 and arguments[0] & 0x7F <= arguments[1] & 0x7F:
            self.column_start, self.column_end = arguments[0] & 0x7F, arguments[1] & 0x7F
            self.column = self.column_start
        elif command == 0x22 and arguments[0] & 7 <= arguments[1] & 7:
            self.page_start, self.page_end = arguments[0] & 7, arguments[1] & 7
            self.page = self.page_start
        elif command == 0x8D:
            self._set_charge_pump(arguments[0])
        elif command != 0x2E:  # scrolling is never started, so stopping it changes nothing
            self._refuse(" ".join(f"{byte:02X}" for byte in (command, *arguments)))

    def _set_charge_pump(self, argument: int) -> None:
        self.charge_pump = bool(argument & 4)

    def _advance(self) -> None:
        if self.mode == _HORIZONTAL:
            if self._next_column():
                self._next_page()
        elif self.mode == _VERTICAL:
            if self._next_page():
                self._next_column()
        else:
            self._next_column()

    def _next_column(self) -> bool:
        """Step the column pointer; True when it wrapped."""
        wrapped = self.column == self.column_end
        self.column = self.column_start if wrapped else (self.column + 1) % WIDTH
        return wrapped

    def _next_page(self) -> bool:
        wrapped = self.page == self.page_end
        self.page = self.page_start if wrapped else (self.page + 1) % PAGES
        return wrapped


class VirtualSsd1309(VirtualSsd1306):
    """As the SSD1306, with a command lock and no charge pump (SSD1309 rev 1.1, section 9)."""

    arguments: ClassVar[Mapping[int, int]] = {
        **{command: n for command, n in VirtualSsd1306.arguments.items() if command != 0x8D},
        0xFD: 1,
    }

    def power_on_reset(self) -> None:
        super().power_on_reset()
        self.locked = False

    def _powered(self) -> bool:
        return True

    def _command(self, byte: int) -> None:
        # While locked only FD is heard, and its argument.
        if self.locked and not self._pending and byte != 0xFD:
            self._refuse(f"0x{byte:02X} while locked")
            return
        super()._command(byte)

    def _execute(self, command: int, arguments: bytes) -> None:
        if command == 0xFD and arguments[0] in (0x12, 0x16):
            self.locked = arguments[0] == 0x16
        elif command == 0x8D:
            self._refuse("8D: this chip has no charge pump")
        else:
            super()._execute(command, arguments)
