"""The LLM worker as a process: what main sends, what comes back, and how it dies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.engines.llm import LlmOptions
from appliance.messages import (
    Answered,
    Ask,
    Fault,
    Loading,
    Message,
    Ping,
    Pong,
    Prefill,
    Prefilling,
    Ready,
    Score,
    Scores,
    SetThreads,
    Shutdown,
    Stop,
    Token,
)
from tests.tiny.forgetful import KINDS as FORGETFUL
from tests.tiny.forgetful import write_forgetful
from tests.waiting import PATIENCE
from tests.workers.worker_process import ENDLESS, GREEDY, Process, last


def test_it_loads_and_answers_and_ends_when_told(start: Callable[..., Process]) -> None:
    worker = start()
    loading = worker.until(Ready)
    assert isinstance(loading[0], Loading)
    ready = last(loading, Ready)
    assert isinstance(ready, Ready) and ready.model == "Tiny"
    worker.send(Ask(1, "system", (), "hello", 16, False, GREEDY))
    answer = worker.until(Answered)
    kinds = [type(message) for message in answer]
    assert kinds == sorted(kinds, key=[Prefilling, Token, Answered].index)
    worker.send(Shutdown())
    assert worker.process.wait(PATIENCE) == 0


def test_it_says_that_it_lives_while_it_computes(start: Callable[..., Process]) -> None:
    worker = start()
    worker.until(Ready)
    worker.send(Ask(1, "system", (), "q" * 2000, 100_000, False, ENDLESS), Ping(7))
    seen = worker.until(Pong)
    assert not any(isinstance(message, Answered) for message in seen)


def test_a_stop_overtakes_the_answer_and_the_next_question_is_answered(
    start: Callable[..., Process],
) -> None:
    worker = start()
    worker.until(Ready)
    worker.send(Ask(1, "system", (), "hello", 100_000, False, ENDLESS))
    worker.until(Token)
    worker.send(Stop(1), Ask(2, "system", (), "hello", 16, False, GREEDY))
    ended = last(worker.until(Answered), Answered)
    assert isinstance(ended, Answered) and (ended.turn, ended.reason) == (1, "cancelled")
    again = last(worker.until(Answered), Answered)
    assert isinstance(again, Answered) and (again.turn, again.reason) == (2, "length")


def test_a_question_stopped_before_its_turn_came_is_never_begun(
    start: Callable[..., Process],
) -> None:
    worker = start()
    worker.until(Ready)
    worker.send(
        Ask(1, "system", (), "hello", 100_000, False, ENDLESS),
        Ask(2, "system", (), "hello", 100_000, False, ENDLESS),
        Stop(2),
        Ask(3, "system", (), "hello", 16, False, GREEDY),
    )
    seen: list[Message] = []
    while not (seen and isinstance(seen[-1], Answered) and seen[-1].turn == 3):
        seen += worker.until(Answered)
    assert not any(getattr(message, "turn", 0) == 2 for message in seen)


def test_what_was_typed_is_prefilled_before_it_is_sent(start: Callable[..., Process]) -> None:
    worker = start()
    worker.until(Ready)
    question = "how many tokens does this question have, more than two blocks?"
    for length in (10, 20, 30, len(question)):
        worker.send(Prefill("system", (), question[:length]))
    # A score request is answered in between: the worker is idle again only after the prefill.
    worker.send(Score(9, "system", (), ("a", "b")))
    assert len(last(worker.until(Scores), Scores).logprobs) == 2  # type: ignore[attr-defined]
    worker.send(Ask(1, "system", (), question, 8, False, GREEDY))
    answered = last(worker.until(Answered), Answered)
    assert isinstance(answered, Answered) and answered.tokens_reused >= 16


def test_a_grant_of_threads_is_taken_at_any_time(start: Callable[..., Process]) -> None:
    worker = start()
    worker.send(SetThreads(2))
    worker.until(Ready)
    worker.send(SetThreads(1), Ask(1, "system", (), "hello", 16, False, GREEDY), SetThreads(2))
    assert isinstance(last(worker.until(Answered), Answered), Answered)


def test_a_system_prompt_that_is_too_long_is_a_fault_of_that_turn_only(
    start: Callable[..., Process],
) -> None:
    worker = start()
    worker.until(Ready)
    worker.send(Ask(1, "s" * 40_000, (), "q"), Ask(2, "system", (), "q", 8, False, GREEDY))
    fault = last(worker.until(Fault), Fault)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.turn, fault.fatal) == ("too-long", 1, False)
    assert isinstance(last(worker.until(Answered), Answered), Answered)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "model-missing"),
        (b"", "model-corrupt"),
        (b"PK\x03\x04 not a model", "model-corrupt"),
        (b"GGUF\x03\x00\x00\x00", "model-corrupt"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_a_fatal_fault_and_no_crash(
    start: Callable[..., Process], tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(content)
    worker = start(model=str(path))
    fault = last(worker.until(Fault), Fault)
    assert isinstance(fault, Fault) and (fault.code, fault.fatal) == (code, True)
    assert worker.process.wait(PATIENCE) == 1


def test_without_memory_for_it_the_model_is_refused(start: Callable[..., Process]) -> None:
    fault = last(start(memory_limit=1 << 20).until(Fault), Fault)
    assert isinstance(fault, Fault) and fault.code == "out-of-memory"


def test_it_does_not_outlive_main(start: Callable[..., Process]) -> None:
    worker = start()
    worker.until(Ready)
    worker.send(Ask(1, "system", (), "hello", 100_000, False, ENDLESS))
    worker.until(Token)
    worker.channel.close()
    assert worker.process.wait(PATIENCE) == 0


def test_without_llama_cpp_it_says_that_the_engine_is_missing(
    endless: LlmOptions, tmp_path: Path
) -> None:
    (tmp_path / "llama_cpp").mkdir()
    (tmp_path / "llama_cpp" / "__init__.py").write_text("raise ImportError('not built')")
    script = (
        "import sys; from appliance.workers.llm import LlmWorker\n"
        "from appliance.engines.llm import LlmOptions\n"
        f"LlmWorker(LlmOptions({endless.model!r}), print).start()"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "engine-missing" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("kind", FORGETFUL)
def test_a_model_whose_memory_cannot_be_taken_back_survives_a_pause_in_typing(
    start: Callable[..., Process], tmp_path: Path, kind: str
) -> None:
    worker = start(model=str(write_forgetful(tmp_path / "model.gguf", kind)))
    worker.send(
        Prefill("system", (), "明天早上", closed=False),
        Prefill("system", (), "明天早上七点", closed=True),
        Score(1, "system", (), ("明天早上七点", "明天晚上七点", "明天")),
    )
    scores = last(worker.until(Scores), Scores)
    assert isinstance(scores, Scores) and len(scores.logprobs) == 3
    worker.send(Ask(1, "system", (), "明天早上七点", 8, False, GREEDY))
    assert isinstance(last(worker.until(Answered), Answered), Answered)
    worker.send(Shutdown())
    assert worker.process.wait(PATIENCE) == 0
