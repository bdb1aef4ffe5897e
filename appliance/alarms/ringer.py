"""What is due comes over everything: rung, put off, stopped, or missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from appliance.alarms import telling
from appliance.alarms.keeper import Due, Keeper
from appliance.alerts import Alert, Alerts, End, Missed, Rings, Snoozed, Stopped
from appliance.understanding.alarms.requests import Kind
from ui.strings import Text

SHOWN_SECONDS = 5.0
"""For which the new time of what was put off is shown, large."""

_AGAIN = Text("再响", "Again at")
_SOUNDS: dict[Kind, Rings] = {
    Kind.ALARM: Rings("alarm"),
    Kind.TIMER: Rings("timer"),
    Kind.REMINDER: Rings("reminder"),
}


class Ringer:
    """Between the keeper and the alerts. `language` is that of the interface."""

    def __init__(self, alerts: Alerts, language: Callable[[], str]) -> None:
        self._alerts = alerts
        self._language = language
        self._alert: dict[int, Alert] = {}  # by the alarm's number: what rings of it

    def ring(self, keeper: Keeper, due: Due) -> None:
        """Let it ring, as loud as its kind is."""
        language = self._language()
        alert = Alert(
            title=telling.title_of(due.alarms, language),
            big=telling.big_of(due.alarms[0]),
            text=telling.text_of(due.alarms, due.late, language),
            sound=_SOUNDS[due.alarms[0].kind],
            ended=lambda end: self._ended(keeper, due, end),
        )
        for alarm in due.alarms:
            self._alert[alarm.id] = alert
        self._alerts.raise_(alert)

    @property
    def ringing(self) -> tuple[int, ...]:
        """The numbers of what rings, or waits to."""
        return tuple(self._alert)

    def dismiss(self, numbers: list[int]) -> None:
        """They are not to ring any more; what rings beside them goes on."""
        for number in numbers:
            alert = self._alert.pop(number, None)
            if alert is not None and alert not in self._alert.values():
                self._alerts.dismiss(alert)

    def _ended(self, keeper: Keeper, due: Due, end: End) -> None:
        for alarm in due.alarms:
            self._alert.pop(alarm.id, None)
        match end:
            case Stopped():
                keeper.stopped(due)
            case Missed():
                keeper.missed(due)
            case Snoozed(minutes):
                self._put_off(keeper, due, 60.0 * minutes)

    def _put_off(self, keeper: Keeper, due: Due, seconds: float) -> None:
        if not keeper.snoozed(due, seconds):
            return
        wall = keeper.now.wall
        when = wall + timedelta(seconds=seconds) if wall is not None else None
        self._alerts.raise_(
            Alert(
                title=_AGAIN.of(self._language()),
                big=telling.at(when, seconds),
                text=due.alarms[0].text,
                snoozes=False,
                longest=SHOWN_SECONDS,
                ended=lambda _: None,
            )
        )
