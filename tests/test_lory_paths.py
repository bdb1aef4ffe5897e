"""Where files live: XDG for a user, FHS for the service."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance import paths


def test_a_users_directories_follow_xdg() -> None:
    env = {
        "XDG_CONFIG_HOME": "/c",
        "XDG_DATA_HOME": "/d",
        "XDG_STATE_HOME": "/s",
        "XDG_RUNTIME_DIR": "/r",
    }
    assert paths.config_dir(env) == Path("/c/lory")
    assert paths.default_root(env) == Path("/d/lory/models")
    assert paths.state_dir(env) == Path("/s/lory")
    assert paths.runtime_dir(env) == Path("/r/lory")


def test_without_xdg_variables_the_home_directory_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/u")
    assert paths.config_dir({}) == Path("/home/u/.config/lory")
    assert paths.default_root({}) == Path("/home/u/.local/share/lory/models")
    assert paths.runtime_dir({}) == Path("/home/u/.local/state/lory/run")


def test_a_relative_xdg_path_is_ignored_as_the_specification_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/u")
    assert paths.config_dir({"XDG_CONFIG_HOME": "here"}) == Path("/home/u/.config/lory")


def test_the_service_keeps_everything_under_var_lib() -> None:
    env = {"LORY_SERVICE": "1", "XDG_DATA_HOME": "/d"}
    assert paths.config_dir(env) == Path("/etc/lory")
    assert paths.default_root(env) == Path("/var/lib/lory/models")
    assert paths.state_dir(env) == Path("/var/lib/lory")
    assert paths.runtime_dir(env) == Path("/run/lory")


def test_systemds_directories_win_for_the_service() -> None:
    env = {"LORY_SERVICE": "1", "STATE_DIRECTORY": "/var/lib/private/lory"}
    assert paths.state_dir(env) == Path("/var/lib/private/lory")


def test_the_store_can_be_named() -> None:
    assert paths.default_root({"LORY_MODELS": "/srv/models", "LORY_SERVICE": "1"}) == Path(
        "/srv/models"
    )
