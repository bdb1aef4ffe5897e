"""What is being installed behind the running box, and which worker waits for it.

Provisioning writes it, everybody reads it: whoever starts a worker learns that it would be too
early, and the glass says for what a question waits and how far that is. A thing is a distribution
by its name, or `model-ROLE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from ui.strings import Text

LLM_ENGINE = "llama-cpp-python"

# What a worker is not to be started without while it is on its way.
_PACKAGES_OF: Mapping[str, tuple[str, ...]] = {
    "audio": ("numpy", "sounddevice", "sherpa-onnx"),
    "asr": ("numpy", "sherpa-onnx", "opencc"),
    "tts": ("numpy", "sherpa-onnx", "opencc"),
    "llm": ("numpy", "jinja2", LLM_ENGINE),
}
# What a worker's own module imports. What only its engine needs, the worker says itself.
_MODULES_OF: Mapping[str, tuple[str, ...]] = {
    "audio": ("numpy",),
    "asr": ("numpy",),
    "tts": ("numpy",),
}


def model_of(role: str) -> str:
    """The thing that a role's model is."""
    return f"model-{role}"


def wait_key(thing: str) -> str:
    """The key of the text that says how far a thing is."""
    if thing == LLM_ENGINE:
        return "wait.llm-engine"
    return f"wait.{thing}" if thing.startswith("model-") else "wait.packages"


def absent_modules(name: str) -> list[str]:
    """Without which a worker cannot even say what it lacks."""
    return [module for module in _MODULES_OF.get(name, ()) if find_spec(module) is None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How far a thing is, 0..1, and why it stands still at the moment (None: it does not)."""

    fraction: float = 0.0
    trouble: Text | None = None


class Arrivals:
    """Things on their way. `models` has how far each model is, 0..1, by its name."""

    def __init__(self) -> None:
        self.models: dict[str, float] = {}
        self._coming: dict[str, Arrival] = {}

    def expect(self, things: Iterable[str]) -> None:
        """These are on their way now, and nothing else is."""
        self._coming = {thing: self._coming.get(thing, Arrival()) for thing in things}

    def move(self, thing: str, fraction: float) -> None:
        """It is so far; it never goes back."""
        was = self._coming.get(thing)
        if was is not None:
            self._coming[thing] = Arrival(max(was.fraction, fraction))

    def halt(self, thing: str, trouble: Text) -> None:
        """It stands still until it is tried again."""
        was = self._coming.get(thing)
        if was is not None:
            self._coming[thing] = Arrival(was.fraction, trouble)

    def came(self, thing: str) -> None:
        """It is there."""
        self._coming.pop(thing, None)

    def get(self, thing: str) -> Arrival | None:
        """How far it is; None for what is there, or what nobody brings."""
        return self._coming.get(thing)

    def package_for(self, name: str) -> str | None:
        """What a worker's program still waits for: what stands still first, else the slowest."""
        things = [thing for thing in _PACKAGES_OF.get(name, ()) if thing in self._coming]
        halted = [thing for thing in things if self._coming[thing].trouble is not None]
        return next(iter(halted), next(iter(things), None))

    def model_for(self, role: str) -> str | None:
        """A model that a worker which has none may wait for."""
        thing = model_of(role)
        return thing if thing in self._coming else None
