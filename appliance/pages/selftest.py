"""What of the box answers: parts, sound, engines, memory, temperature."""

from __future__ import annotations

from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.rows import RowsPage
from appliance.pages.self_test_rows import self_test_rows
from ui.screens.selftest import SelfTestRow

_REFRESH_SECONDS = 1.0


def _open(context: Context) -> RowsPage:
    def rows() -> tuple[SelfTestRow, ...]:
        return self_test_rows(context.conductor, context.parts, context.roster.titles())

    return RowsPage(context.say("self-test.title"), rows, refresh=_REFRESH_SECONDS)


LISTINGS = (Listing(where=Where.TEST, order=10, zh="总览", en="Overview", enter=_open),)
