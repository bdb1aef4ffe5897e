"""What provisioning reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ui.strings import Text

StepName = Literal["system", "wheels", "llm", "models"]
State = Literal["running", "done", "skipped", "failed"]

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one step is.

    `fraction` is 0..1 of the step, never less than what was told before; bytes are of downloads
    and 0 where unknown. A failed step says in `remedy` what to do about it. `pieces` are those of
    the step's pieces that the report is about, by name, and how far each of them is; with the
    state "failed" those that did not arrive.
    """

    step: StepName
    state: State
    text: Text
    fraction: float = 0.0
    bytes_done: int = 0
    bytes_total: int = 0
    remedy: Text = NOTHING
    pieces: Mapping[str, float] = field(default_factory=dict)
