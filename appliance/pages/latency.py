"""How long the last turn took, step by step."""

from __future__ import annotations

from appliance.latency import latency_rows
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.rows import RowsPage


def _open(context: Context) -> RowsPage:
    return RowsPage(context.say("latency.title"), lambda: latency_rows(context.conductor))


LISTINGS = (Listing(where=Where.TEST, order=60, zh="上一轮用时", en="Last turn", enter=_open),)
