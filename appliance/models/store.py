"""The store: finished models, each a directory that appears whole or not at all.

    <root>/<model>/…             finished files and `manifest.json`
    <root>/.partial/<model>/…    work in progress; engines never look there
    <root>/pins.toml             hashes that were learnt at a first fetch
    <root>/.lock                 held by whoever writes

A model is built in `.partial`, synced, and renamed into place; so a reader needs no lock.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from appliance.durable import replace_text, sync_directory, sync_file
from appliance.models.catalogue import AnyModel, File, Part
from appliance.models.errors import (
    CatalogueError,
    DiskFullError,
    ModelCorruptError,
    ModelError,
    ModelMissingError,
    StoreBusyError,
    StoreWriteError,
    WrongHashError,
)
from appliance.models.hashing import sha256_file

MANIFEST = "manifest.json"
State = Literal["installed", "partial", "outdated", "damaged", "absent"]


class FileRecord(Struct, frozen=True):
    """One finished file as it was published."""

    path: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True):
    """What was published, and from where; `licence` travels with the files."""

    name: str
    licence: str
    recipe: str
    sources: tuple[str, ...]
    files: tuple[FileRecord, ...]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an installed file."""

    path: str
    what: str


class Store:
    """Models under one root directory. Reading never locks; writing asks for `lock()` first."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # -------------------------------------------------------------- reading

    def path(self, model: AnyModel) -> Path:
        """Directory of the finished model. It need not exist; see `files`."""
        return self.root / model.name

    def partial(self, model: AnyModel) -> Path:
        """Where the model is being made."""
        return self.root / ".partial" / model.name

    def files(self, model: AnyModel) -> dict[str, Path]:
        """Engine's key → finished file, checked for existence and size, not by hash.

        Raises:
            ModelMissingError: not installed; the message says how to get it.
            ModelCorruptError: installed, but a file is missing or has another size.
        """
        state = self.state(model)
        if state in ("absent", "partial"):
            how = (
                f"its file is not there: {model.files[0].path}"
                if model.recipe == "in-place"
                else f"run: lory models fetch {model.name}"
            )
            raise ModelMissingError(f"model {model.name} is not installed; {how}")
        if state == "damaged":
            raise ModelCorruptError(
                f"model {model.name} is damaged; run: lory models fetch {model.name}"
            )
        return {file.key: self._finished(model, file) for file in model.files}

    def installed(self, models: list[AnyModel]) -> list[AnyModel]:
        """Those of `models` that can be used now."""
        return [model for model in models if self.state(model) == "installed"]

    def state(self, model: AnyModel) -> State:
        """`outdated`: whole, but the catalogue now names other files of this model."""
        if model.recipe == "in-place":
            there = all(_is_file(self._finished(model, file)) for file in model.files)
            return "installed" if there else "absent"
        if not self.path(model).is_dir():
            return "partial" if self.partial(model).is_dir() else "absent"
        manifest = self.manifest(model)
        if manifest is None:
            return "damaged"
        if any(True for _ in self._size_problems(model, manifest)):
            return "damaged"
        return "installed" if self._is_current(model, manifest) else "outdated"

    def manifest(self, model: AnyModel) -> Manifest | None:
        """What was published, or None where nothing readable is."""
        try:
            raw = (self.path(model) / MANIFEST).read_bytes()
            return msgspec.json.decode(raw, type=Manifest)
        except (OSError, msgspec.DecodeError):
            return None

    def verify(self, model: AnyModel, report: Callable[[int], None] | None = None) -> list[Problem]:
        """Hash every file of an installed model; `report` gets the bytes as they are read.

        Raises:
            ModelMissingError: not installed.
        """
        if self.state(model) in ("absent", "partial"):
            raise ModelMissingError(f"model {model.name} is not installed")
        if model.recipe == "in-place":
            return list(self._hash_problems(model, self._in_place_records(model), report))
        manifest = self.manifest(model)
        if manifest is None:
            return [Problem(MANIFEST, "missing or unreadable")]
        return list(self._size_problems(model, manifest)) or [
            *self._hash_problems(model, manifest.files, report),
            *self._catalogue_problems(model, manifest),
        ]

    def _finished(self, model: AnyModel, file: File) -> Path:
        if model.recipe == "in-place":
            return Path(file.path).expanduser()
        return self.path(model) / file.path

    def _in_place_records(self, model: AnyModel) -> list[FileRecord]:
        return [
            FileRecord(str(self._finished(model, f)), f.size or -1, f.sha256)
            for f in model.files
            if f.sha256
        ]

    def _size_problems(self, model: AnyModel, manifest: Manifest) -> Iterator[Problem]:
        for record in manifest.files:
            try:
                size = (self.path(model) / record.path).stat().st_size
            except OSError:
                yield Problem(record.path, "missing")
                continue
            if size != record.size:
                yield Problem(record.path, f"{size} bytes instead of {record.size}")

    def _hash_problems(
        self,
        model: AnyModel,
        records: tuple[FileRecord, ...] | list[FileRecord],
        report: Callable[[int], None] | None,
    ) -> Iterator[Problem]:
        for record in records:
            try:
                digest = sha256_file(self.path(model) / record.path, report)
            except OSError as error:
                yield Problem(record.path, f"cannot be read: {error.strerror}")
                continue
            if digest != record.sha256:
                yield Problem(record.path, "its content has changed (SHA-256)")

    def _catalogue_problems(self, model: AnyModel, manifest: Manifest) -> Iterator[Problem]:
        if not self._is_current(model, manifest):
            yield Problem(MANIFEST, "made from another version of the catalogue")

    def _is_current(self, model: AnyModel, manifest: Manifest) -> bool:
        published = {record.path: record.sha256 for record in manifest.files}
        return all(
            file.path in published and (file.sha256 or published[file.path]) == published[file.path]
            for file in model.files
        )

    # -------------------------------------------------------------- writing

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only writer.

        Raises:
            StoreBusyError: another process is.
            StoreWriteError: the root cannot be made or written.
        """
        with writing(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            stream = (self.root / ".lock").open("a+", encoding="ascii")
        with stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise StoreWriteError(f"{self.root}: {error.strerror}") from error
                stream.seek(0)
                holder = stream.read().strip() or "?"
                raise StoreBusyError(
                    f"another lory (process {holder}) is fetching into {self.root}"
                ) from error
            stream.truncate(0)
            stream.write(str(os.getpid()))
            stream.flush()
            yield

    def publish(self, model: AnyModel, built: Path, records: tuple[FileRecord, ...]) -> None:
        """Make `built`, a directory of this file system, the model. Call it under `lock()`.

        What stood there before is moved aside first and removed last: a crash between leaves the
        new directory in `.partial`, from where the next fetch publishes it.
        """
        manifest = Manifest(
            name=model.name,
            licence=model.licence,
            recipe=model.recipe,
            sources=tuple(dict.fromkeys(part.source for part in model.parts)),
            files=records,
        )
        for record in records:
            sync_file(built / record.path)
        replace_text(built / MANIFEST, msgspec.json.encode(manifest).decode())
        final, old = self.path(model), self.partial(model) / "replaced"
        if final.exists():
            shutil.rmtree(old, ignore_errors=True)
            final.rename(old)
        built.rename(final)
        sync_directory(self.root)
        shutil.rmtree(self.partial(model), ignore_errors=True)

    # -------------------------------------------------------------- hashes learnt at first fetch

    def known_part(self, model: AnyModel, part: Part) -> str | None:
        """The SHA-256 the piece must have, if the catalogue or an earlier fetch knows it."""
        return part.sha256 or self._pins().get(model.name, {}).get(part.pin)

    def known_file(self, model: AnyModel, file: File) -> str | None:
        """The SHA-256 the finished file must have, if known."""
        return file.sha256 or self._pins().get(model.name, {}).get("file:" + file.path)

    def pin(self, model: AnyModel, key: str, sha256: str) -> None:
        """Remember a hash the catalogue does not know, so that the next fetch must match it."""
        pins = self._pins()
        pins.setdefault(model.name, {})[key] = sha256
        lines = ["# SHA-256 of files whose hash the catalogue does not know, as first fetched."]
        for name in sorted(pins):
            lines += ["", f"[{json.dumps(name)}]"]
            lines += [f"{json.dumps(k)} = {json.dumps(v)}" for k, v in sorted(pins[name].items())]
        replace_text(self.root / "pins.toml", "\n".join(lines) + "\n")

    def _pins(self) -> dict[str, dict[str, str]]:
        path = self.root / "pins.toml"
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            return msgspec.convert(raw, dict[str, dict[str, str]])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise CatalogueError(f"{path}: {error}") from error


def _is_file(path: Path) -> bool:
    """Also of a path that no system can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


@contextmanager
def writing(where: Path) -> Iterator[None]:
    """Turn the operating system's complaints about a write under `where` into ours.

    Raises:
        DiskFullError: no space or quota left.
        StoreWriteError: anything else.
    """
    try:
        yield
    except OSError as error:
        # NetworkError is an OSError too: what already is ours passes.
        if isinstance(error, ModelError):
            raise
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"disk full: no space left under {where}") from error
        raise StoreWriteError(f"{error.filename or where}: {error.strerror or error}") from error


def check_file(path: Path, expected: str | None, label: str) -> FileRecord:
    """Hash a built file. Raises: WrongHashError: it is not `expected`."""
    record = FileRecord(label, path.stat().st_size, sha256_file(path))
    if expected is not None and record.sha256 != expected:
        raise WrongHashError(
            f"{label}: SHA-256 is {record.sha256[:16]}…, expected {expected[:16]}…"
        )
    return record
