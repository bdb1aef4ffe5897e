"""The way an engine runs in: narrowed when it fails, kept for this machine, package and model."""

from pathlib import Path

import pytest

from appliance.audio.options import AudioOptions
from appliance.engines.asr import AsrConfig
from appliance.engines.llm import LlmOptions
from appliance.engines.tts import TtsConfig
from appliance.supervision.narrowing import Narrowing
from appliance.supervision.ways import WAYS
from appliance.workers.options import AsrOptions, TtsOptions

LLM = LlmOptions("model.gguf", threads=4)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state" / "engines.json"


def narrowing(place: Path, key: str = "this machine") -> Narrowing:
    return Narrowing(place, lambda name: key)


def test_an_engine_that_works_runs_in_its_fastest_way(place):
    one = narrowing(place)
    assert one.kept("llm") is None
    assert one.lean("llm", LLM) is LLM


def test_each_failure_takes_the_next_leaner_way(place):
    one = narrowing(place)
    assert one.narrow("llm", LLM, "SIGSEGV").name == "no-repack"
    assert not one.lean("llm", LLM).repack
    assert one.lean("llm", LLM).threads == 4
    assert one.narrow("llm", LLM, "SIGSEGV").name == "one-thread"
    assert one.lean("llm", LLM).threads == one.lean("llm", LLM).batch_threads == 1
    assert one.narrow("llm", LLM, "SIGSEGV") is None


def test_a_way_that_would_change_nothing_is_passed_over(place):
    one = narrowing(place)
    alone = AsrOptions(AsrConfig("whisper", "", threads=1), "pcm.sock")
    assert one.narrow("asr", alone, "SIGSEGV") is None
    as_in_the_file = LlmOptions("model.gguf", threads=4, repack=False)
    assert one.narrow("llm", as_in_the_file, "SIGSEGV").name == "one-thread"


def test_the_way_outlives_the_program(place):
    narrowing(place).narrow("llm", LLM, "SIGSEGV at work")
    kept = narrowing(place).kept("llm")
    assert (kept.way, kept.why, kept.told) == ("no-repack", "SIGSEGV at work", False)
    assert not narrowing(place).lean("llm", LLM).repack


def test_another_machine_package_or_model_begins_with_the_fastest(place):
    narrowing(place).narrow("llm", LLM, "SIGSEGV")
    assert narrowing(place, "another machine").lean("llm", LLM) is LLM


def test_where_no_way_works_the_next_start_begins_anew(place):
    one = narrowing(place)
    while one.narrow("llm", LLM, "SIGSEGV"):
        pass
    assert narrowing(place).kept("llm") is None


def test_the_user_is_told_once(place):
    one = narrowing(place)
    one.narrow("tts", TtsOptions(TtsConfig("kokoro", "", threads=2), ""), "SIGSEGV")
    one.was_told("tts")
    assert narrowing(place).kept("tts").told
    assert narrowing(place).narrow("llm", LLM, "SIGSEGV")
    assert not narrowing(place).kept("llm").told


@pytest.mark.parametrize("content", [b"", b"nonsense", b'{"llm": 3}', b"\xff\xfe", b"[]"])
def test_a_damaged_file_is_none(place, content):
    place.parent.mkdir()
    place.write_bytes(content)
    assert narrowing(place).lean("llm", LLM) is LLM
    assert narrowing(place).narrow("llm", LLM, "SIGSEGV")


def test_a_way_that_a_later_version_wrote_changes_nothing(place):
    place.parent.mkdir()
    place.write_text('{"llm": {"key": "this machine", "way": "by-magic", "why": ""}}')
    assert narrowing(place).lean("llm", LLM) is LLM


def test_a_place_that_cannot_be_written_holds_until_the_end(tmp_path):
    (tmp_path / "file").write_text("")
    one = narrowing(tmp_path / "file" / "engines.json")
    assert one.narrow("llm", LLM, "SIGSEGV")
    assert not one.lean("llm", LLM).repack


def test_sound_gives_up_the_detector_before_the_microphone(place):
    one = narrowing(place)
    options = AudioOptions("pcm.sock", vad_model="vad.onnx")
    one.narrow("audio", options, "SIGSEGV")
    assert one.lean("audio", options) == AudioOptions("pcm.sock")
    one.narrow("audio", options, "SIGSEGV")
    assert one.lean("audio", options) == AudioOptions("pcm.sock", capture=False)


def test_every_way_has_its_cost_in_words():
    from ui.strings import TEXTS

    keys = {f"lean.{name}.{way.name}" for name, ways in WAYS.items() for way in ways}
    assert keys == {key for key in TEXTS if key.startswith("lean.") and key != "lean.title"}
