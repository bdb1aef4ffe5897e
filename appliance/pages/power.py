"""Switching the box off, and starting it again: both want a long D."""

from __future__ import annotations

from appliance.health.power import Wish
from appliance.pages.confirm import Confirm
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where


def _off(context: Context) -> Confirm:
    return Confirm(
        context.say("shutdown.title"),
        context.say("shutdown.text"),
        lambda: context.app.finish(Wish.OFF),
    )


def _restart(context: Context) -> Confirm:
    return Confirm(
        context.say("restart.title"),
        context.say("restart.text"),
        lambda: context.app.finish(Wish.RESTART),
    )


LISTINGS = (
    Listing(where=Where.POWER, order=10, zh="关机", en="Shut down", enter=_off),
    Listing(where=Where.POWER, order=20, zh="重启", en="Restart", enter=_restart),
)
