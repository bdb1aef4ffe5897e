"""KV states on the disk: they save the evaluation, they change no answer, they may be damaged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.llama import state_file
from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.state_file import SavedState, StateStore, head, unpack
from appliance.messages import Answered, Ask, Exchange, Message, Prefill, Sampling, Token

MakeEngine = Callable[..., LlamaEngine]
History = tuple[Exchange, ...]
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
SYSTEM = "你是小鹿，用一句话回答。"
LONG = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"


def never() -> bool:
    return False


def ask(
    engine: LlamaEngine, question: str, history: History = (), turn: int = 1
) -> tuple[str, Answered]:
    texts: list[str] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            texts.append(message.text)

    engine.begin(turn)
    answered = engine.answer(Ask(turn, SYSTEM, history, question, 24, False, GREEDY), take)
    return "".join(texts), answered


def talk(engine: LlamaEngine, turns: int = 2) -> History:
    history: History = ()
    for turn in range(turns):
        question = f"{turn}{LONG}"
        text, answered = ask(engine, question, history, turn)
        history += (Exchange(question, text, answered.ids),)
        assert engine.tidy(never)
    return history


# ---------------------------------------------------------------- the system prompt's


def test_a_saved_system_prompt_is_loaded_and_changes_no_answer(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    expected, _ = ask(make_engine(), "hello")
    first = make_engine(state_directory=str(tmp_path))
    assert ask(first, "hello")[0] == expected
    assert first.tidy(never)
    assert len(list(tmp_path.glob("*.kv"))) == 1
    text, answered = ask(make_engine(state_directory=str(tmp_path)), "hello")
    assert text == expected
    assert answered.tokens_reused >= 16


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "foreign"])
def test_a_damaged_state_is_rebuilt_and_changes_no_answer(
    make_engine: MakeEngine, tmp_path: Path, damage: str
) -> None:
    first = make_engine(state_directory=str(tmp_path))
    expected, _ = ask(first, "hello")
    first.tidy(never)
    (file,) = tmp_path.glob("*.kv")
    data = file.read_bytes()
    middle = len(data) // 2
    file.write_bytes(
        {
            "flip": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
            "cut": data[:middle],
            "empty": b"",
            "foreign": b"x" * len(data),
        }[damage]
    )
    engine = make_engine(state_directory=str(tmp_path))
    text, answered = ask(engine, "hello")
    assert (text, answered.tokens_reused) == (expected, 0)
    engine.tidy(never)
    assert file.read_bytes() == data


@pytest.mark.parametrize("change", [{"context": 256}, {"block": 32}, {"kv_type_k": "q8_0"}])
def test_a_state_of_another_context_is_not_taken(
    make_engine: MakeEngine, tmp_path: Path, change: dict[str, object]
) -> None:
    first = make_engine(state_directory=str(tmp_path))
    ask(first, "hello")
    first.tidy(never)
    _, answered = ask(make_engine(state_directory=str(tmp_path), **change), "hello")
    assert answered.tokens_reused == 0


# ---------------------------------------------------------------- a conversation's


def test_a_conversation_that_was_left_for_another_comes_back_from_its_own_file(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    engine = make_engine(state_directory=str(tmp_path))
    history = talk(engine)
    ask(engine, "something else altogether")
    engine.tidy(never)
    text, answered = ask(engine, "and then?", history, 9)
    cold, fresh = ask(make_engine(), "and then?", history, 9)
    assert (text, answered.ids) == (cold, fresh.ids)
    assert answered.tokens_in - answered.tokens_reused < 48


def test_a_conversation_of_before_the_last_start_comes_back_too(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    first = make_engine(state_directory=str(tmp_path))
    history = talk(first)
    first.close()
    text, answered = ask(make_engine(state_directory=str(tmp_path)), "and then?", history, 9)
    cold, fresh = ask(make_engine(), "and then?", history, 9)
    assert (text, answered.ids) == (cold, fresh.ids)
    assert answered.tokens_in - answered.tokens_reused < 48


def test_of_a_conversation_that_went_on_unsaved_its_saved_beginning_is_taken(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    first = make_engine(state_directory=str(tmp_path), context=1024)
    history = talk(first)
    first.close()
    longer = (*history, Exchange("never seen by any cache", "no"))
    second = make_engine(state_directory=str(tmp_path), context=1024)
    _, answered = ask(second, "q", longer, 9)
    assert answered.tokens_reused > 128


def test_a_continued_conversation_is_already_there_when_the_typing_begins(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    first = make_engine(state_directory=str(tmp_path))
    history = talk(first)
    first.close()
    engine = make_engine(state_directory=str(tmp_path))
    batches: list[int] = []
    decode = engine._context.decode
    engine._context.decode = lambda tokens, at: (batches.append(at), decode(tokens, at))[1]
    engine.prefill(Prefill(SYSTEM, history, ""), never)
    assert len(batches) <= 3


def test_a_short_conversation_is_not_worth_a_file(make_engine: MakeEngine, tmp_path: Path) -> None:
    engine = make_engine(state_directory=str(tmp_path))
    ask(engine, "hi")
    engine.tidy(never)
    engine.close()
    assert len(list(tmp_path.glob("*.kv"))) == 1  # the system prompt's


def test_writing_gives_way_to_a_question_and_goes_on_after_it(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    engine = make_engine(state_directory=str(tmp_path))
    talk(engine)
    ask(engine, "something else")
    calls = iter([False] * 8)
    assert not engine.tidy(lambda: next(calls, True)) or list(tmp_path.glob("*.kv"))
    ask(engine, "more", turn=3)
    assert engine.tidy(never)
    assert len(list(tmp_path.glob("*.kv"))) == 2
    assert not list(tmp_path.glob("*.new"))


# ---------------------------------------------------------------- the disk


def test_a_directory_that_cannot_be_written_is_logged_and_the_work_goes_on(
    make_engine: MakeEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    engine = make_engine(state_directory=str(tmp_path / "file" / "states"))
    ask(engine, "hello")
    assert engine.tidy(never)
    assert "not saved" in caplog.text
    assert ask(engine, "hello", turn=2)[1].tokens_in > 0


def test_a_full_disk_is_logged_and_leaves_no_half_of_a_file(
    make_engine: MakeEngine,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(draft: Path, *rest: object) -> bool:
        draft.write_bytes(b"half")
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(StateStore, "_write", staticmethod(full))
    engine = make_engine(state_directory=str(tmp_path))
    ask(engine, "hello")
    assert engine.tidy(never)
    assert "No space left" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_the_disk_s_last_megabytes_are_left_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_SPARE_BYTES", 1 << 60)
    with pytest.raises(OSError, match="free"):
        StateStore(tmp_path, "identity", 1 << 20).save([1], bytearray(b"x"))


def test_the_latest_states_within_the_limit_are_kept_and_use_makes_one_late(
    tmp_path: Path,
) -> None:
    store = StateStore(tmp_path, "identity", limit=4500)
    for number in range(12):
        assert store.save([number], bytearray(1000))
        if number > 4:
            assert store.load([4]) is not None
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 4500
    assert store.load([11]) and store.load([4])
    assert store.load([5]) is None


def test_what_a_killed_process_left_half_written_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / "0123.new").write_bytes(b"half")
    StateStore(tmp_path, "identity", 1 << 20).save([1], bytearray(b"x"))
    assert not list(tmp_path.glob("*.new"))


@given(tokens=st.lists(st.integers(0, 2**32 - 1), max_size=8), state=st.binary(max_size=64))
def test_a_file_is_only_read_whole_and_under_its_own_key(tokens: list[int], state: bytes) -> None:
    saved = SavedState(tuple(tokens), bytearray(state))
    data = head("key", saved) + state
    found = unpack("key", data)
    assert found is not None and (found.tokens, bytes(found.state)) == (tuple(tokens), state)
    assert unpack("other", data) is None
    assert all(unpack("key", data[:length]) is None for length in range(len(data)))
