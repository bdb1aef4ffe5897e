"""What the keys do, and what this box is."""

from __future__ import annotations

from appliance import __version__
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.text import TextPage
from ui.screens.message import Sign


def _keys(context: Context) -> TextPage:
    return TextPage(context.say("help.title"), lambda: context.say("help.text"))


def _about(context: Context) -> TextPage:
    text = context.say("about.text", version=__version__)
    return TextPage(context.say("about.title"), lambda: text, Sign.INFO)


LISTINGS = (
    Listing(where=Where.HELP, order=10, zh="按键", en="Keys", enter=_keys),
    Listing(where=Where.HELP, order=90, zh="关于", en="About", enter=_about),
)
