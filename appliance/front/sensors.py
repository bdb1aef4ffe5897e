"""One reading of the machine's thermal zones and of the battery, by gauge or by the kernel."""

from __future__ import annotations

from pathlib import Path

from appliance.configuration.settings import Settings
from appliance.front.hardware import Front
from appliance.health import machine
from appliance.health.battery import Charge
from appliance.health.vitals import Reading


def read_sensors(settings: Settings, front: Front, root: Path = machine.ROOT) -> Reading:
    """Blocks as long as a sensor does. A gauge on the bus goes before the kernel's batteries.

    A PC that only shows a box has a battery of its own, which counts where the user says so.
    """
    wanted = settings.text("power.gauge")
    charge = _by_gauge(front)
    if charge is None and (wanted == "system" or (wanted == "auto" and not front.modelled)):
        charge = _by_kernel(root)
    return Reading(machine.temperatures(root), charge)


def _by_gauge(front: Front) -> Charge | None:
    found = front.gauge.charge if front.gauge is not None else None
    return Charge(found.percent, found.charging) if found is not None else None


def _by_kernel(root: Path) -> Charge | None:
    """The emptiest of them: it is the one that ends the box."""
    found = min(machine.batteries(root), key=lambda one: one.percent, default=None)
    return Charge(found.percent, found.charging) if found is not None else None
