"""Begin a new conversation from the menu."""

from __future__ import annotations

from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Home, Outcome


def _begin(context: Context) -> Outcome:
    context.conductor.new_conversation()
    return Home()


LISTINGS = (Listing(where=Where.MAIN, order=10, zh="新对话", en="New conversation", enter=_begin),)
