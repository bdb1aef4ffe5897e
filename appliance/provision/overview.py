"""All steps as one line and one bar, weighted by the minutes they take."""

from __future__ import annotations

from appliance.provision.planning import Plan
from appliance.provision.progress import Progress, StepName


class Overview:
    """Feed it every `Progress`; read `fraction`, `line`, `failures`."""

    def __init__(self, plan: Plan) -> None:
        self._minutes: dict[StepName, float] = {step.name: step.minutes for step in plan.steps}
        self._last: dict[StepName, Progress] = {}

    def feed(self, progress: Progress) -> None:
        self._last[progress.step] = progress

    @property
    def fraction(self) -> float:
        """0..1 of the whole; failed steps count as they stand."""
        whole = sum(self._minutes.values())
        if not whole:
            return 1.0
        done = sum(
            self._minutes.get(name, 0.0) * (1.0 if last.state == "done" else last.fraction)
            for name, last in self._last.items()
        )
        return min(1.0, done / whole)

    def line(self, language: str) -> str:
        """What runs now; empty when nothing does."""
        running = [last for last in self._last.values() if last.state == "running"]
        return " · ".join(last.text.of(language) for last in running)

    @property
    def failures(self) -> list[Progress]:
        return [last for last in self._last.values() if last.state == "failed"]
