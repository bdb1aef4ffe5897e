"""The self-test of the buses: what answers where, and what should. D looks again."""

from __future__ import annotations

import asyncio

from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Outcome, Page
from ui.screens.selftest import Check, SelfTestRow, SelfTestView
from ui.view import View

_VISIBLE_ROWS = 3


class BusesPage(Page):
    """One row an address that answers or should."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._loop = asyncio.get_running_loop()
        self._first = 0
        self._found: dict[str, list[int]] = {}
        self._look()

    def _look(self) -> None:
        self._found = {}
        self._context.parts.scan(self._answered)

    def _answered(self, bus: str, found: list[int]) -> None:
        """On the bus's thread."""
        self._loop.call_soon_threadsafe(self._arrived, bus, found)

    def _arrived(self, bus: str, found: list[int]) -> None:
        self._found[bus] = found
        self._context.app.changed()

    def view(self) -> View:
        say = self._context.say
        rows = self._rows() or (SelfTestRow(say("buses.looking")),)
        return SelfTestView(say("buses.title"), rows, self._first, say("keys.buses"))

    def _rows(self) -> tuple[SelfTestRow, ...]:
        expected = self._expected()
        rows = []
        for bus, found in sorted(self._found.items()):
            wanted = {address for at, address in expected if at == bus}
            for address in sorted({*found, *wanted}):
                name = expected.get((bus, address), "?")
                check = Check.OK if address in wanted else Check.WARN
                if address not in found:
                    check = Check.FAILED
                rows.append(SelfTestRow(f"{bus} 0x{address:02X}", name, check))
        return tuple(rows)

    def _expected(self) -> dict[tuple[str, int], str]:
        """What the settings say should answer, by bus and address."""
        settings, say = self._context.settings, self._context.say
        display = (f"i2c-{settings.integer('display.bus')}", settings.integer("display.address"))
        parts = {display: say("self-test.display")}
        if settings.text("keypad.kind") in ("i2c", "pcf8574"):
            keypad = (f"i2c-{settings.integer('keypad.bus')}", settings.integer("keypad.address"))
            parts[keypad] = say("self-test.keypad")
        return parts

    def move(self, step: int) -> Outcome:
        last = max(0, len(self._rows()) - _VISIBLE_ROWS)
        self._first = min(last, max(0, self._first + step))
        return None

    def enter(self) -> Outcome:
        self._look()
        return None


LISTINGS = (Listing(where=Where.TEST, order=50, zh="总线", en="Buses", enter=BusesPage),)
