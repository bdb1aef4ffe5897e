"""Catalogue files: read, and checked whole. An error names the file, the line and the key.

`catalogue.toml` is ours; every `*.toml` in `<config dir>/models.d/` adds the user's own in the same
schema.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct

from appliance.models.catalogue import AnyModel, Catalogue, LlmModel, ModelSet, Part, TtsModel
from appliance.models.errors import CatalogueError

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_PYPI = re.compile(r"pypi:([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.!+_-]*)\Z")


class _Document(Struct, frozen=True, forbid_unknown_fields=True):
    model: tuple[AnyModel, ...] = ()
    set: tuple[ModelSet, ...] = ()


def read_catalogue(user_dir: Path | None = None) -> Catalogue:
    """Our catalogue, and every `*.toml` of `user_dir` in the order of their names.

    A user's model of the same name replaces ours.

    Raises:
        CatalogueError: a file cannot be read or breaks the schema.
    """
    ours = resources.files("appliance.models") / "catalogue.toml"
    text = ours.read_text(encoding="utf-8")
    documents = [(parse_document(text, "catalogue.toml"), "catalogue.toml")]
    if user_dir is not None and user_dir.is_dir():
        for path in sorted(user_dir.glob("*.toml")):
            documents.append((read_document(path), str(path)))
    models: dict[str, AnyModel] = {}
    sets: dict[str, ModelSet] = {}
    for document, origin in documents:
        models.update({model.name: model for model in document.model})
        sets.update({entry.name: entry for entry in document.set})
        _check_sets(document.set, models, origin)
    return Catalogue(models, sets)


def read_document(path: Path) -> _Document:
    """One user's file. Raises: CatalogueError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    return parse_document(text, str(path))


def parse_document(text: str, origin: str) -> _Document:
    """A catalogue file's text, checked. `origin` names it in errors.

    Raises:
        CatalogueError: not TOML, a key of the wrong type or unknown, or values that cannot be.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{origin}: {error}") from error
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
    if isinstance(model, LlmModel) and model.facts.context < 256:
        yield "context", "facts.context: at least 256 tokens"


def _file_complaints(model: AnyModel) -> Iterable[tuple[str, str]]:
    for file in model.files:
        if model.recipe == "in-place":
            if not Path(file.path).expanduser().is_absolute():
                yield "files", f"files: {file.path}: an in-place model names absolute paths"
        elif not _is_plain(file.path):
            yield "files", f"files: {file.path!r}: must be relative and stay inside the model"
        if file.sha256 is not None and not _SHA256.match(file.sha256):
            yield "files", f"files: {file.path}: sha256 is 64 lower-case hex digits"
        if model.recipe == "archive" and not file.member:
            yield "files", f"files: {file.path}: an archive's file names its member"


def _part_complaints(part: Part) -> Iterable[str]:
    if part.scheme == "pypi":
        if not _PYPI.match(part.source):
            yield "write pypi:NAME==VERSION"
        if not part.member:
            yield "a pypi source names the member of its wheel"
    elif part.scheme == "https":
        if not part.source.startswith("https://"):
            yield "write https://HOST/PATH"
    elif part.scheme == "file":
        if not part.source.startswith("file:/"):
            yield "write file:/ABSOLUTE/PATH"
    else:
        yield "the source is pypi:, https: or file:"
    if not _is_plain(part.into):
        yield f"into {part.into!r} must be relative and stay inside the model"
    if part.sha256 is not None and not _SHA256.match(part.sha256):
        yield "sha256 is 64 lower-case hex digits"
    if part.size is not None and part.size <= 0:
        yield "size must be positive"


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
        for name in entry.models:
            if name not in models:
                raise CatalogueError(f"{origin}: set {entry.name!r} names no known model: {name!r}")


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
    name = entry.get("name", "?") if isinstance(entry, dict) else "?"
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
