"""An RK3588 box with the reference hardware on virtual chips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.commands.doctor import Surroundings
from drivers.virtual.bus import VirtualBus
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.ssd1306 import VirtualSsd1306
from tests.fake_machine import HEADSET, NOW, Tree, look, tree

__all__ = ["tree"]


@pytest.fixture
def bus() -> VirtualBus:
    """The reference hardware on one bus."""
    made = VirtualBus()
    made.attach(0x3C, VirtualSsd1306())
    made.attach(0x27, VirtualKeypad(clock=None))
    return made


@pytest.fixture
def outside(tree: Tree, bus: VirtualBus, tmp_path: Path) -> Callable[..., Surroundings]:
    """The whole machine; keyword arguments replace parts of it."""

    def make(**changes: object) -> Surroundings:
        parts: dict[str, object] = {
            "is_box": True,
            "models": tmp_path / "models",
            "writable": (tmp_path,),
            "models_d": tmp_path / "models.d",
            "root": tree.root,
            "detect": lambda: look({"/dev/i2c-1": bus}),
            "sound": lambda: HEADSET,
            "now": lambda: NOW,
            **changes,
        }
        return Surroundings(**parts)  # type: ignore[arg-type]

    return make
