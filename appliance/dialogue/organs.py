"""What the dialogue hears, speaks, rings and thinks with."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.alerts import Alerts
from appliance.dialogue.ear import Ear
from appliance.dialogue.mind import Mind
from appliance.dialogue.mouth import Mouth


@dataclass(frozen=True, slots=True)
class Organs:
    """Each tells its worker what to do, and takes what that one says."""

    ear: Ear
    mouth: Mouth
    alerts: Alerts
    mind: Mind
