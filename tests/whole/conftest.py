"""Every whole-box test has state of its own, and a model that answers the same each time."""

import msgspec
import pytest


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    from appliance.paths import default_root

    monkeypatch.setenv("LORY_MODELS", str(default_root()))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(autouse=True)
def no_dice(monkeypatch):
    """The likeliest token always: what a test asks of an answer is not left to chance."""
    from appliance.personas.cast import Cast

    def likeliest(cast):
        return msgspec.structs.replace(cast._suits(), temperature=0.0)

    monkeypatch.setattr(Cast, "sampling", likeliest)
