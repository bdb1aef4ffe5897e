"""Proofs behind a running box: of what has come up and was not proven yet, one at a time.

A worker that is ready has a package and a model; whether these are the ones that were proven, the
key says. What fails is run in the next leaner way and proven again in that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from appliance.messages import Fault
from appliance.proving.proof import Proof, prove
from appliance.supervision.team import Name, OptionsOf

QUIET_SECONDS = 5.0
"""After a worker came up: the first keys and the first question go before."""

log = logging.getLogger("lory.prover")


class Proven:
    """What was proven, by its key. A file that cannot be read or written is as good as none."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known = _read(file)

    def holds(self, name: Name, key: str) -> bool:
        return self._known.get(name) == key

    def keep(self, name: Name, key: str) -> None:
        self._known = {**self._known, name: key}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft = self._file.with_suffix(".new")
            draft.write_bytes(msgspec.json.format(msgspec.json.encode(self._known)))
            draft.replace(self._file)
        except OSError as error:
            log.error("%s cannot be kept: %s", self._file, error)


class Prover:
    """`key_of` names all that an engine's behaviour depends on, its way included.

    `leaner` takes the next way, False where there is none; `restart` starts a worker anew with it.
    `fits` says whether there is memory for one more process with this engine.
    """

    def __init__(
        self,
        options: OptionsOf,
        key_of: Callable[[Name], str],
        proven: Proven,
        leaner: Callable[[Name, str], bool],
        restart: Callable[[Name], None],
        fits: Callable[[Name], bool],
        quiet: float = QUIET_SECONDS,
    ) -> None:
        self._options = options
        self._key_of = key_of
        self._proven = proven
        self._leaner = leaner
        self._restart = restart
        self._fits = fits
        self._quiet = quiet
        self._waiting: list[Name] = []
        self._task: asyncio.Task[None] | None = None

    def came_up(self, name: Name) -> None:
        """A worker is ready: prove its engine, unless that was done."""
        if name in self._waiting or self._proven.holds(name, self._key_of(name)):
            return
        self._waiting.append(name)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work(), name="prover")

    async def _work(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._quiet)
            name = self._waiting.pop(0)
            if self._fits(name):
                await self._prove(name)
            else:
                log.info("%s is not proven: no memory for a second one", name)

    async def _prove(self, name: Name) -> None:
        while True:
            key, options = self._key_of(name), self._options(name)
            if isinstance(options, Fault):
                return
            proof = await prove(name, options)
            if key != self._key_of(name):
                return  # another model or package meanwhile: its worker comes up, too
            if not self._failed(name, key, proof):
                return
            self._restart(name)

    def _failed(self, name: Name, key: str, proof: Proof) -> bool:
        """Whether another way has to be proven."""
        match proof.outcome:
            case "proven":
                log.info("%s is proven: %s", name, proof.detail)
                self._proven.keep(name, key)
            case "unfinished":
                log.info("%s is not proven: no time, at «%s»", name, proof.detail)
            case "failed":
                log.error("%s fails its proof: %s", name, proof.detail)
                return self._leaner(name, proof.detail)
        return False


def _read(file: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}
