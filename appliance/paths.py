"""Where Lory keeps its files: XDG directories for a user, the FHS ones for the service.

The unit and the init script set `LORY_SERVICE=1`; nothing is guessed from the user id, because a
container's root is a user too. `LORY_MODELS` names another model store. Sources: XDG Base
Directory Specification 0.8; FHS 3.0; systemd.exec(5), *_DIRECTORY.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

BOX_CONFIG = Path("/etc/lory/lory.toml")


def is_service(env: Mapping[str, str] = os.environ) -> bool:
    """Whether this process runs as the box's service rather than for a user at a terminal."""
    return env.get("LORY_SERVICE", "") not in ("", "0")


def config_dir(env: Mapping[str, str] = os.environ) -> Path:
    """Holds `lory.toml` and `models.d/`; the running box never writes it."""
    if is_service(env):
        return Path(env.get("CONFIGURATION_DIRECTORY") or "/etc/lory")
    return _xdg(env, "XDG_CONFIG_HOME", ".config")


def config_file(env: Mapping[str, str] = os.environ) -> Path:
    """The box's configuration where there is one, else this user's. It need not exist."""
    return BOX_CONFIG if BOX_CONFIG.exists() else config_dir(env) / "lory.toml"


def data_dir(env: Mapping[str, str] = os.environ) -> Path:
    """Large files that can be fetched again: the models."""
    if is_service(env):
        return _service_state(env)
    return _xdg(env, "XDG_DATA_HOME", ".local/share")


def state_dir(env: Mapping[str, str] = os.environ) -> Path:
    """What must not be lost: the databases; and what may: prompt states, logs."""
    if is_service(env):
        return _service_state(env)
    return _xdg(env, "XDG_STATE_HOME", ".local/state")


def runtime_dir(env: Mapping[str, str] = os.environ) -> Path:
    """Sockets and locks of this boot. The caller makes it, mode 0700."""
    if is_service(env):
        return Path(env.get("RUNTIME_DIRECTORY") or "/run/lory")
    base = env.get("XDG_RUNTIME_DIR", "")
    if Path(base).is_absolute():
        return Path(base) / "lory"
    return state_dir(env) / "run"


def default_root(env: Mapping[str, str] = os.environ) -> Path:
    """The model store."""
    named = env.get("LORY_MODELS", "")
    return Path(named).expanduser() if named else data_dir(env) / "models"


def _service_state(env: Mapping[str, str]) -> Path:
    return Path(env.get("STATE_DIRECTORY") or "/var/lib/lory")


def _xdg(env: Mapping[str, str], variable: str, fallback: str) -> Path:
    # The specification says that a relative path is invalid and must be ignored.
    named = Path(env.get(variable, ""))
    base = named if named.is_absolute() else Path.home() / fallback
    return base / "lory"
