"""Which way each engine runs in, and why: kept for this machine, package and model.

The fastest, until it crashed again and again or failed its proof; then the first leaner one that
works. When processor, package or model change, what was kept says nothing more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from appliance.supervision.team import Name
from appliance.supervision.ways import WAYS, Way

log = logging.getLogger("lory.narrowing")


class Kept(msgspec.Struct, frozen=True):
    """`way` is in force while `key` holds; `why` is for the log and `lory doctor`.

    `told`: the user knows what it costs.
    """

    key: str
    way: str
    why: str
    told: bool = False


class Narrowing:
    """`key_of` names what an engine's behaviour depends on. A file that cannot be read is none."""

    def __init__(self, file: Path, key_of: Callable[[Name], str]) -> None:
        self._file = file
        self._key_of = key_of
        self._kept = _read(file)

    def kept(self, name: Name) -> Kept | None:
        """The leaner way that is in force; None: the fastest."""
        kept = self._kept.get(name)
        return kept if kept is not None and kept.key == self._key_of(name) else None

    def lean(self, name: Name, options: Any) -> Any:
        """The options of the way in force."""
        kept = self.kept(name)
        way = _way(name, kept.way) if kept is not None else None
        return way.change(options) if way is not None else options

    def narrow(self, name: Name, options: Any, why: str) -> Way | None:
        """The next leaner way is in force from now on; None where there is none.

        `options` are the plain ones: a way that would change nothing in them is passed over.
        Where none is left the leanest stays until the program ends, and the next start begins
        with the fastest again.
        """
        kept = self.kept(name)
        names = [way.name for way in WAYS[name]]
        tried = names.index(kept.way) + 1 if kept is not None and kept.way in names else 0
        before = self.lean(name, options)
        for way in WAYS[name][tried:]:
            if way.change(options) != before:
                log.warning("%s: %s: trying %s", name, why, way.name)
                self.keep(name, Kept(self._key_of(name), way.name, why))
                return way
        log.error("%s: %s: no leaner way is left", name, why)
        self._write({other: kept for other, kept in self._kept.items() if other != name})
        return None

    def keep(self, name: Name, kept: Kept) -> None:
        self._kept = {**self._kept, name: kept}
        self._write(self._kept)

    def was_told(self, name: Name) -> None:
        """The user knows."""
        kept = self.kept(name)
        if kept is not None:
            self.keep(name, msgspec.structs.replace(kept, told=True))

    def _write(self, kept: dict[str, Kept]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft = self._file.with_suffix(".new")
            draft.write_bytes(msgspec.json.format(msgspec.json.encode(kept)))
            draft.replace(self._file)
        except OSError as error:
            log.error("%s cannot be kept: %s", self._file, error)  # it holds until the end


def _way(name: Name, way: str) -> Way | None:
    return next((one for one in WAYS[name] if one.name == way), None)


def _read(file: Path) -> dict[str, Kept]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Kept])
    except (OSError, msgspec.DecodeError):
        return {}
