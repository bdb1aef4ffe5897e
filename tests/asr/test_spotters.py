"""The wake word in the ASR worker, and what is checked before the keyword spotter's native code."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_asr_worker import Counter, Desk, desk, engine  # noqa: F401  fixtures

from appliance.engines.errors import ModelCorrupt, ModelMissing, ServerAway
from appliance.engines.kws import KwsConfig, load_spotter
from appliance.engines.kws_sherpa import keyword
from appliance.messages import Fault, Recognise, Spot, Spotted, Transcript

FILES = {"encoder": "e.onnx", "decoder": "d.onnx", "joiner": "j.onnx", "tokens": "tokens.txt"}


def test_the_recogniser_looks_for_the_phrase_where_there_is_no_spotter(
    desk: Desk,  # noqa: F811
) -> None:
    desk.hear(3, 4)
    desk.end(3)
    desk.worker.handle(Spot(3, "字字字字"))
    (spotted,) = desk.of(Spotted)
    assert (spotted.turn, spotted.text, spotted.score) == (3, "字字字字。", 1.0)


def test_other_words_score_low_and_a_discarded_stretch_nothing(desk: Desk) -> None:  # noqa: F811
    desk.hear(3, 4)
    desk.end(3)
    desk.worker.handle(Spot(3, "你好小鹿"))
    desk.hear(4, 4)
    desk.end(4, discard=True)
    desk.worker.handle(Spot(4, "字字字字"))
    assert [spotted.score < 0.5 for spotted in desk.of(Spotted)] == [True, True]


def test_a_server_that_goes_away_is_a_fault_of_the_turn_and_the_next_is_heard(
    desk: Desk,  # noqa: F811
    engine: Counter,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        raise ServerAway("unix:/run/asr.sock: nobody answers")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "reset", away)
        desk.worker.handle(Recognise(5))
    (fault,) = desk.of(Fault)
    assert (fault.code, fault.turn, fault.fatal) == ("server-away", 5, False)
    desk.hear(6, 1)
    desk.end(6)
    desk.worker.handle(Recognise(6))
    assert desk.of(Transcript)[-1].text == "字。"


def test_keywords_are_spelt_as_the_model_wants_them() -> None:
    assert keyword("你好小鹿") == "n ǐ h ǎo x iǎo l ù"
    assert keyword("安安 A") == "ān ān"
    assert keyword("OK") == ""


def test_a_spotter_without_its_files_is_an_error_before_native_code(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        load_spotter(KwsConfig(str(tmp_path), FILES), Counter())
    for name in FILES.values():
        (tmp_path / name).write_bytes(b"garbage" * 20)
    with pytest.raises(ModelCorrupt):
        load_spotter(KwsConfig(str(tmp_path), FILES), Counter())
