"""Tells the user once that an engine runs in a leaner way, and what that costs."""

from __future__ import annotations

from collections.abc import Callable

from appliance.engines.native_build import wish_for_plain
from appliance.supervision.narrowing import Narrowing
from appliance.supervision.team import Name
from appliance.workers.deaths import Death


class EngineNews:
    """`leaner` changes the way. `tell` gets a text's key for a note, `show` two for a page."""

    def __init__(
        self,
        narrowing: Narrowing,
        leaner: Callable[[Name, object], bool],
        tell: Callable[[str], None],
        show: Callable[[str, str], None],
    ) -> None:
        self._narrowing = narrowing
        self._leaner = leaner
        self._tell = tell
        self._show = show

    def leaner(self, name: Name, death: Death) -> bool:
        """An engine ends again and again: whether there is another way to try."""
        found = self._leaner(name, death)
        if found:
            self._tell("toast.leaner")
        return found

    def unproven(self, name: Name, why: str) -> bool:
        """The same for one that fails its proof."""
        found = self._leaner(name, why)
        if found:
            self._tell("toast.unproven")
        elif name == "llm":
            wish_for_plain()
        return found

    def way(self, name: Name) -> str:
        """The leaner way in force; empty: the fastest."""
        kept = self._narrowing.kept(name)
        return kept.way if kept is not None else ""

    def worked(self, name: Name) -> None:
        """An engine that did its work in a leaner way works: say so, once."""
        kept = self._narrowing.kept(name)
        if kept is not None and not kept.told:
            self._narrowing.was_told(name)
            self._show("lean.title", f"lean.{name}.{kept.way}")
