"""Every whole-box test has state of its own."""

import pytest


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    from appliance.paths import default_root

    monkeypatch.setenv("LORY_MODELS", str(default_root()))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
