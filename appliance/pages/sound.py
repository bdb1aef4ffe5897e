"""The self-test of the sound: the microphone's level as it is now, and a chime on D."""

from __future__ import annotations

from appliance import messages as m
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Outcome, Page
from ui.screens.selftest import Check, SelfTestRow, SelfTestView
from ui.view import View

_SINKS = {"speaker": Check.OK, "wav": Check.WARN, "none": Check.FAILED}


class SoundPage(Page):
    """Listens while it is shown, to the level only: nobody is given a sample."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._turn = context.conductor.next_turn()
        context.app.team.send(
            "audio", m.Listen(self._turn, endpoint=False, preroll=0.0, private=True)
        )

    def view(self) -> View:
        say, conductor = self._context.say, self._context.conductor
        devices = conductor.mouth.devices
        microphone = Check.OK if devices.microphone else Check.FAILED
        speaker = devices.speaker or (say("self-test.to-files") if devices.sink == "wav" else "")
        rows = (
            SelfTestRow(say("self-test.microphone"), devices.microphone, microphone),
            SelfTestRow(say("sound.level"), check=microphone, level=conductor.ear.level),
            SelfTestRow(say("self-test.speaker"), speaker, _SINKS[devices.sink]),
        )
        return SelfTestView(say("sound.title"), rows, hint=say("keys.sound"))

    def enter(self) -> Outcome:
        self._context.app.team.send("audio", m.Chime("listen"))
        return None

    def closed(self) -> None:
        self._context.app.team.send("audio", m.EndListen(self._turn, discard=True))


LISTINGS = (Listing(where=Where.TEST, order=42, zh="声音", en="Sound", enter=SoundPage),)
