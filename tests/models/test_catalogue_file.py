"""The catalogue: ours is sound, and what breaks the schema is named by file, line and key."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.models.catalogue import AsrModel, Catalogue, KwsModel, LlmModel, TtsModel, VadModel
from appliance.models.catalogue_file import parse_document, read_catalogue
from appliance.models.errors import CatalogueError, UnknownModelError

GOOD = """
[[model]]
role = "vad"
name = "mine"
title = "Mine"
engine = "sherpa-onnx"
licence = "MIT"
recipe = "concat"
memory = { file_mb = 1, anonymous_mb = 1 }
files = [{ key = "model", path = "m.onnx" }]
parts = [{ from = "https://example.org/m.onnx", into = "m.onnx" }]
facts = { threshold = 0.4 }
"""


@pytest.fixture(scope="module")
def ours() -> Catalogue:
    return read_catalogue()


def test_default_set_has_one_model_of_every_role_the_box_needs(ours: Catalogue) -> None:
    for kind in (LlmModel, AsrModel, TtsModel, VadModel):
        assert ours.of_set("default", kind) is not None


def test_default_set_needs_nothing_but_a_package_index(ours: Catalogue) -> None:
    for model in ours.expand(["default"]):
        assert model.schemes == {"pypi"}


def test_every_hash_of_the_default_set_is_known_before_anything_is_fetched(
    ours: Catalogue,
) -> None:
    assert all(model.pinned for model in ours.expand(["default"]))


def test_collected_pieces_of_a_concatenation_add_up_to_its_files(ours: Catalogue) -> None:
    for model in ours.expand(["default"]):
        if model.recipe == "concat":
            for file in model.files:
                pieces = [part.size or 0 for part in model.parts if part.into == file.path]
                assert sum(pieces) == file.size, model.name


def test_sets_for_other_machines_are_described_with_public_sources(ours: Catalogue) -> None:
    assert {"router", "rk3588"} <= set(ours.sets)
    for name in ("router", "rk3588"):
        for model in ours.expand([name]):
            assert model.parts and model.licence and model.note
    assert ours.of_set("rk3588", KwsModel) is not None


def test_a_package_index_is_enough_for_a_router_too(ours: Catalogue) -> None:
    for model in ours.expand(["router"]):
        assert model.schemes == {"pypi"} and model.pinned


def test_every_upstream_file_has_several_sources(ours: Catalogue) -> None:
    for model in ours.models.values():
        for part in model.parts:
            assert part.scheme == "pypi" or len(part.sources) > 1, part.source


def test_what_is_taken_by_itself_is_known_by_its_hash_before(ours: Catalogue) -> None:
    for name in ours.sets:
        assert all(model.pinned for model in ours.better([name]).values())


def test_what_a_licence_allows_is_known_of_every_model_or_said_to_be_unclear(
    ours: Catalogue,
) -> None:
    for model in ours.models.values():
        assert model.licence in ours.licences, model.name
    funasr = ours.licence(ours.model("sense-voice-int8"))
    assert (funasr.redistribution, funasr.commercial) == ("yes", "unclear")


def test_every_shipped_voice_is_listed_once_in_speaker_order(ours: Catalogue) -> None:
    model = ours.of_set("default", TtsModel)
    assert model is not None
    speakers = [voice.speaker for voice in model.facts.voices]
    assert speakers == list(range(len(speakers)))
    assert model.facts.default_voice in {voice.name for voice in model.facts.voices}


def test_user_directory_adds_models_and_replaces_ours_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_text(GOOD.replace('"mine"', '"silero-vad"'), encoding="utf-8")
    both = read_catalogue(tmp_path)
    assert both.model("mine").title == "Mine"
    assert both.model("silero-vad").title == "Mine"


def test_any_gguf_by_its_path_needs_only_a_toml_file() -> None:
    document = parse_document(
        """
        [[model]]
        role = "llm"
        name = "base"
        title = "Base"
        engine = "llama-cpp"
        licence = "MIT"
        recipe = "in-place"
        memory = { file_mb = 300, anonymous_mb = 200 }
        files = [{ key = "model", path = "/srv/base.gguf" }]
        [model.facts]
        mode = "continuation"
        stop = ["\\n\\n"]
        sampling = { temperature = 0.2 }
        """,
        "base.toml",
    )
    (model,) = document.model
    assert isinstance(model, LlmModel)
    assert model.facts.stop == ("\n\n",)


@pytest.mark.parametrize(
    ("old", "new", "line", "named"),
    [
        ('title = "Mine"', "title = 5", 5, "title"),
        ('licence = "MIT"\n', "", 2, "licence"),
        ('licence = "MIT"', 'license = "MIT"', 7, "license"),
        ('role = "vad"', 'role = "wing"', 3, "role"),
        ("threshold = 0.4", "treshold = 0.4", 12, "treshold"),
        ("file_mb = 1,", 'file_mb = "1",', 9, "file_mb"),
        ('"m.onnx" }]\nparts', '"../m.onnx" }]\nparts', 10, "files"),
        ("https://", "http://", 11, "https"),
        ('from = "https://example.org/m.onnx"', 'from = "pypi:m"', 11, "NAME==VERSION"),
        ('into = "m.onnx"', 'into = "m.onnx", sha256 = "12"', 11, "sha256"),
        ('into = "m.onnx"', 'into = "other"', 11, "parts"),
        ('name = "mine"', 'name = "My Model"', 4, "name"),
        ('recipe = "concat"', 'recipe = "magic"', 8, "recipe"),
        ("parts =", "parts", None, "line 11"),
    ],
)
def test_error_names_file_line_and_key(old: str, new: str, line: int | None, named: str) -> None:
    assert old in GOOD
    with pytest.raises(CatalogueError) as caught:
        parse_document(GOOD.replace(old, new), "mine.toml")
    text = str(caught.value)
    assert text.startswith("mine.toml:") and "\n" not in text
    assert named in text
    if line is not None:
        assert text.startswith(f"mine.toml:{line}:"), text


def test_error_is_placed_in_the_right_one_of_several_models() -> None:
    second = GOOD.replace('"mine"', '"other"').replace('title = "Mine"', "title = 5")
    with pytest.raises(CatalogueError, match=r"^two\.toml:17: model 'other': title"):
        parse_document(GOOD + second, "two.toml")


def test_two_models_of_one_name_are_refused() -> None:
    with pytest.raises(CatalogueError, match="'mine'"):
        parse_document(GOOD + GOOD, "two.toml")


def test_set_of_an_unknown_model_is_refused(tmp_path: Path) -> None:
    text = '[[set]]\nname = "s"\ntitle = "S"\nmodels = ["ghost"]\nram_mb = 1\n'
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match="ghost"):
        read_catalogue(tmp_path)


def test_unknown_name_lists_the_known_ones(ours: Catalogue) -> None:
    with pytest.raises(UnknownModelError, match="silero-vad"):
        ours.expand(["nothing"])


def test_a_model_of_two_sets_is_expanded_once(ours: Catalogue) -> None:
    names = [model.name for model in ours.expand(["default", "rk3588", "silero-vad"])]
    assert len(names) == len(set(names))


@given(st.sampled_from(GOOD.strip().splitlines()), st.integers(0, 60), st.text(max_size=3))
def test_damage_to_any_line_is_read_or_refused_cleanly(line: str, at: int, noise: str) -> None:
    broken = GOOD.replace(line, line[:at] + noise + line[at + 1 :], 1)
    try:
        document = parse_document(broken, "x.toml")
    except CatalogueError as error:
        assert str(error).startswith("x.toml")
    else:
        assert msgspec.json.encode(document)
