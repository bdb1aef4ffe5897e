"""What the behaviour of an engine depends on: processor, package, model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import metadata

from appliance.health import machine
from appliance.models.catalogue import Model
from appliance.models.errors import ModelError
from appliance.supervision.roster import Roster
from appliance.supervision.team import Name
from appliance.supervision.tuned import identity

PACKAGES: dict[Name, str] = {
    "llm": "llama-cpp-python",
    "asr": "sherpa-onnx",
    "tts": "sherpa-onnx",
    "audio": "sounddevice",
}


def engine_key(name: Name, roster: Roster) -> str:
    """Another one where anything of it has changed; the same from start to start."""
    return f"{machine.processor()}|{_package(PACKAGES[name])}|{_model(name, roster)}"


def _package(name: str) -> str:
    """Its version, and the hash of its list of files: one that was compiled anew is another."""
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return "none"
    files = (package.read_text("RECORD") or "").encode()
    return f"{name} {package.version} {hashlib.sha256(files).hexdigest()[:12]}"


def _model(name: Name, roster: Roster) -> str:
    speech: dict[Name, Callable[[], Model]] = {"asr": roster.asr, "tts": roster.tts}
    try:
        if name == "llm":
            return identity(roster.store, roster.llm())
        return speech[name]().name if name in speech else ""
    except (ModelError, OSError):
        return "none"
