"""Fetching into the store: whole or not at all, and never twice."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import shutil
import tempfile
from collections import namedtuple
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance import durable
from appliance.models import fetch as fetch_module
from appliance.models import store as store_module
from appliance.models.catalogue import File, Part, VadModel
from appliance.models.errors import (
    CancelledError,
    DiskFullError,
    ModelCorruptError,
    ModelMissingError,
    NotAtSourceError,
    StoreBusyError,
    ToolMissingError,
    WrongHashError,
)
from appliance.models.fetch import Progress, fetch
from appliance.models.sources import FileSource
from appliance.models.store import MANIFEST, Store
from tests.tiny.models import PIECES, WHOLE, catalogue_of, make_model, sha
from tests.waiting import PATIENCE


def run(model: VadModel, store: Store, **options: object) -> list[str]:
    return fetch([model.name], store, catalogue_of(model), **options)  # type: ignore[arg-type]


def content(model: VadModel, store: Store) -> bytes:
    return store.files(model)["model"].read_bytes()


def test_pieces_become_the_file_and_nothing_else_is_left(
    file_model: VadModel, store: Store
) -> None:
    assert run(file_model, store) == ["tiny"]
    assert content(file_model, store) == WHOLE
    assert store.state(file_model) == "installed"
    assert store.verify(file_model) == []
    assert {path.name for path in store.path(file_model).iterdir()} == {"m.bin", MANIFEST}
    assert list((store.root / ".partial").iterdir()) == []


def test_second_fetch_opens_no_source(file_model: VadModel, store: Store) -> None:
    run(file_model, store)
    assert run(file_model, store, sources={}) == []


def test_manifest_keeps_licence_and_sources_beside_the_files(
    file_model: VadModel, store: Store
) -> None:
    run(file_model, store)
    manifest = json.loads((store.path(file_model) / MANIFEST).read_text())
    assert manifest["licence"] == "MIT"
    assert len(manifest["sources"]) == len(PIECES)


def test_progress_never_goes_back_and_ends_at_the_whole(file_model: VadModel, store: Store) -> None:
    seen: list[Progress] = []
    run(file_model, store, progress=seen.append)
    done = [state.bytes_done for state in seen]
    assert done == sorted(done)
    assert seen[0].stage == "check" and seen[-1].stage == "done"
    assert seen[-1].bytes_done == seen[-1].bytes_total == len(WHOLE)
    assert {state.part for state in seen if state.stage == "download"} == {1, 2, 3}


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_cancel_in_any_piece_keeps_the_pieces_before_it(
    file_model: VadModel, store: Store, at: int
) -> None:
    current = [0]

    def progress(state: Progress) -> None:
        current[0] = state.part

    with pytest.raises(CancelledError):
        run(file_model, store, progress=progress, cancel=lambda: current[0] == at)
    assert store.state(file_model) == "partial"
    with pytest.raises(ModelMissingError, match="lory models fetch tiny"):
        store.files(file_model)

    opened: list[str] = []

    class Counting(FileSource):
        def open(self, part, work, report, cancel):  # type: ignore[no-untyped-def]
            opened.append(part.source)
            return super().open(part, work, report, cancel)

    run(file_model, store, sources={"file": Counting()})
    assert len(opened) == len(PIECES) - at + 1
    assert content(file_model, store) == WHOLE


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_wrong_piece_is_refused_named_and_not_kept(
    file_model: VadModel, store: Store, index: int
) -> None:
    path = Path(file_model.parts[index].source.removeprefix("file:"))
    good = path.read_bytes()
    path.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    with pytest.raises(WrongHashError, match=path.name):
        run(file_model, store)
    partial = store.partial(file_model) / "built" / "m.bin"
    assert partial.stat().st_size == sum(len(piece) for piece in PIECES[:index])
    path.write_bytes(good)
    run(file_model, store)
    assert content(file_model, store) == WHOLE


@pytest.mark.parametrize("cut", [0, 1, 5])
def test_a_truncated_piece_is_refused(file_model: VadModel, store: Store, cut: int) -> None:
    path = Path(file_model.parts[1].source.removeprefix("file:"))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(WrongHashError, match="bytes came instead of"):
        run(file_model, store)


def test_a_missing_source_is_named(file_model: VadModel, store: Store) -> None:
    Path(file_model.parts[2].source.removeprefix("file:")).unlink()
    with pytest.raises(NotAtSourceError, match="piece2"):
        run(file_model, store)


def test_disk_space_is_checked_before_anything_is_downloaded(
    file_model: VadModel, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(fetch_module.shutil, "disk_usage", lambda _: usage(1, 1, 1000))
    with pytest.raises(DiskFullError, match=r"64 MB free .* 0 MB"):
        run(file_model, store, sources={})


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_is_said_so_and_the_fetch_goes_on_later(
    file_model: VadModel, store: Store, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    calls = [0]

    def full(path: Path) -> None:
        calls[0] += 1
        if calls[0] == 2:
            raise OSError(number, os.strerror(number))
        durable.sync_file(path)

    monkeypatch.setattr(fetch_module, "sync_file", full)
    with pytest.raises(DiskFullError, match="disk full"):
        run(file_model, store)
    run(file_model, store)
    assert content(file_model, store) == WHOLE


def test_a_store_in_a_place_that_cannot_be_written_is_a_clear_error(
    file_model: VadModel, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(store_module.StoreWriteError, match="file"):
        run(file_model, Store(tmp_path / "file"))


def _hold(root: Path, ready: multiprocessing.synchronize.Event) -> None:
    with Store(root).lock():
        ready.set()
        multiprocessing.Event().wait()


def test_two_fetchers_do_not_mix(file_model: VadModel, store: Store) -> None:
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    holder = context.Process(target=_hold, args=(store.root, ready))
    holder.start()
    try:
        assert ready.wait(PATIENCE)
        with pytest.raises(StoreBusyError, match=str(holder.pid)):
            run(file_model, store)
    finally:
        holder.kill()
        holder.join()
    run(file_model, store)  # a dead holder holds nothing


def test_files_are_checked_when_they_are_asked_for(file_model: VadModel, store: Store) -> None:
    run(file_model, store)
    (store.path(file_model) / "m.bin").write_bytes(WHOLE[:-1])
    assert store.state(file_model) == "damaged"
    with pytest.raises(ModelCorruptError, match="lory models fetch tiny"):
        store.files(file_model)


def test_verify_finds_a_flipped_bit_and_a_fetch_after_a_truncation_repairs(
    file_model: VadModel, store: Store
) -> None:
    run(file_model, store)
    path = store.path(file_model) / "m.bin"
    path.write_bytes(bytes([WHOLE[0] ^ 4]) + WHOLE[1:])
    (problem,) = store.verify(file_model)
    assert problem.path == "m.bin" and "SHA-256" in problem.what
    path.write_bytes(b"")
    assert run(file_model, store) == ["tiny"]
    assert content(file_model, store) == WHOLE


def test_a_model_whose_catalogue_entry_changed_is_outdated_and_replaced(
    file_model: VadModel, store: Store
) -> None:
    run(file_model, store)
    changed = make_model(file_model.parts[:2], PIECES[0] + PIECES[1])
    assert store.state(changed) == "outdated"
    assert run(changed, store) == ["tiny"]
    assert content(changed, store) == PIECES[0] + PIECES[1]


def unpinned(model: VadModel) -> VadModel:
    parts = tuple(msgspec.structs.replace(p, sha256=None, size=None) for p in model.parts)
    return msgspec.structs.replace(model, parts=parts, files=(File(path="m.bin", key="model"),))


def test_an_unknown_hash_is_pinned_at_the_first_fetch_and_binding_from_then_on(
    file_model: VadModel, store: Store
) -> None:
    model = unpinned(file_model)
    run(model, store)
    assert sha(PIECES[0]) in (store.root / "pins.toml").read_text()
    shutil.rmtree(store.path(model))
    path = Path(model.parts[0].source.removeprefix("file:"))
    path.write_bytes(b"something else")
    with pytest.raises(WrongHashError):
        run(model, store)


def test_a_login_page_instead_of_a_model_is_neither_pinned_nor_kept(
    tmp_path: Path, store: Store
) -> None:
    page = tmp_path / "model.gguf"
    page.write_bytes(b"<html>please log in</html>")
    model = make_model(
        (Part(source=f"file:{page}", into="m.gguf"),),
        b"",
        files=(File(path="m.gguf", key="model"),),
    )
    with pytest.raises(ModelCorruptError, match="GGUF"):
        run(model, store)
    assert not (store.root / "pins.toml").exists()
    assert store.state(model) == "absent"


def test_conversion_without_its_package_is_refused_before_the_download(
    file_model: VadModel, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = msgspec.structs.replace(file_model, recipe="whisper")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ToolMissingError, match=r"pip install 'lory\[fetch\]'"):
        run(model, store, sources={})


def test_a_model_in_place_is_used_where_it_lies(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.bin"
    model = make_model((), WHOLE, recipe="in-place", files=(File(path=str(path), key="model"),))
    assert store.state(model) == "absent"
    with pytest.raises(ModelMissingError, match=r"own\.bin"):
        store.files(model)
    path.write_bytes(WHOLE)
    assert store.files(model) == {"model": path}


# ---------------------------------------------------------------- power cuts


class PowerCut(BaseException):
    """Not an Exception: no handler of the product sees it, as none runs when power goes."""


def _fetch_until(step: int, model: VadModel, store: Store) -> None:
    """Cut the power at the step-th durable write, rename or report."""
    count = [0]

    def tick() -> None:
        count[0] += 1
        if count[0] == step:
            raise PowerCut

    patch = pytest.MonkeyPatch()
    for module in (fetch_module, store_module):
        for name in ("sync_file", "sync_directory", "replace_text"):
            real = getattr(durable, name)

            def cut(*args: object, real=real) -> None:  # type: ignore[no-untyped-def]
                tick()
                real(*args)
                tick()

            if hasattr(module, name):
                patch.setattr(module, name, cut)
    real_rename = Path.rename

    def rename(self: Path, target: Path) -> Path:
        tick()
        moved = real_rename(self, target)
        tick()
        return moved

    patch.setattr(Path, "rename", rename)
    try:
        run(model, store, progress=lambda _: tick())
    except PowerCut:
        pass
    finally:
        patch.undo()


@settings(max_examples=60, deadline=None)
@given(
    step=st.integers(1, 50),
    again=st.integers(1, 50),
    damage=st.sampled_from(["none", "cut", "flip", "junk"]),
    at=st.integers(0, len(WHOLE) - 1),
    installed=st.booleans(),
)
def test_a_power_cut_at_any_step_never_shows_a_half_model_and_the_next_fetch_heals(
    step: int, again: int, damage: str, at: int, installed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        parts = []
        for number, data in enumerate(PIECES):
            path = root / f"piece{number}"
            path.write_bytes(data)
            parts.append(
                Part(source=f"file:{path}", into="m.bin", size=len(data), sha256=sha(data))
            )
        model = make_model(tuple(parts), WHOLE)
        store = Store(root / "store")
        if installed:  # an older version of the model stands there
            run(make_model(model.parts[:1], PIECES[0]), store)
        for cut in (step, again):
            _fetch_until(cut, model, store)
            final = store.path(model) / "m.bin"
            if final.exists():
                assert final.read_bytes() in (WHOLE, PIECES[0])
                assert (store.path(model) / MANIFEST).is_file()
            _damage(store.partial(model) / "built" / "m.bin", damage, at)
        run(model, store)
        assert content(model, store) == WHOLE
        assert store.verify(model) == []


def _damage(path: Path, kind: str, at: int) -> None:
    """What a power cut may do to a file that was not yet published."""
    if not path.is_file():
        return
    data = path.read_bytes()
    if kind == "cut":
        path.write_bytes(data[:at])
    elif kind == "flip" and at < len(data):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
    elif kind == "junk":
        path.write_bytes(data + b"\0" * at)
