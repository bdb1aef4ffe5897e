"""The SH1106 as the wire sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from drivers.virtual.oled import OledModel


class VirtualSh1106(OledModel):
    """132×64 RAM behind 128×64 glass, page addressing only (SH1106 V2.3, command table)."""

    arguments: ClassVar[Mapping[int, int]] = {
        0x81: 1, 0xA8: 1, 0xAD: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
    }  # fmt: skip
    columns = 132
    visible_from = 2
    status_id = 0x08

    def power_on_reset(self) -> None:
        super().power_on_reset()
        self.dc_dc = True  # the converter is enabled at reset
        self.pump_voltage = 2

    def _execute(self, command: int, arguments: bytes) -> None:
        if 0x30 <= command <= 0x33:
            self.pump_voltage = command & 3
        elif command == 0xAD and arguments[0] in (0x8A, 0x8B):
            if self.is_on:
                self._refuse("AD while the display is on")
            self.dc_dc = bool(arguments[0] & 1)
        else:
            self._refuse(" ".join(f"{byte:02X}" for byte in (command, *arguments)))

    def _advance(self) -> None:
        # Up to the last column and no further; the page never changes by itself.
        self.column = min(self.column + 1, self.columns)
