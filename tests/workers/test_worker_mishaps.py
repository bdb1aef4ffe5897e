"""A worker that is killed, or whose model file changes under it, in any phase."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.memory import conversations
from appliance.memory.conversations import SCHEMA, StoredTurn
from appliance.memory.storage import Storage
from appliance.messages import (
    Answered,
    Ask,
    Exchange,
    Fault,
    Loading,
    Message,
    Ping,
    Pong,
    Prefill,
    Prefilling,
    Ready,
    Score,
    Shutdown,
    Token,
)
from tests.tiny.llama import write_model
from tests.waiting import PATIENCE
from tests.workers.worker_process import ENDLESS, GREEDY, Process, last

Start = Callable[..., Process]


@pytest.mark.parametrize("moment", [Loading, Ready, Prefilling, Token])
def test_killed_at_any_moment_it_leaves_the_database_whole_and_its_successor_answers(
    start: Callable[..., Process], tmp_path: Path, moment: type[Message]
) -> None:
    storage = Storage(tmp_path / "lory.db", SCHEMA, lambda recovered: pytest.fail("damaged"))
    here = storage.submit(lambda db: conversations.start_conversation(db, 0.0)).result()
    turn = StoredTurn("hello", "the answer")
    storage.submit(lambda db: conversations.add_turn(db, here, turn)).result()

    worker = start(state_directory=str(tmp_path / "states"))
    worker.send(Ask(1, "system", (), "q" * 200, 100_000, False, ENDLESS))
    worker.until(moment)
    os.kill(worker.process.pid, signal.SIGKILL)
    assert worker.process.wait(PATIENCE) == -signal.SIGKILL
    worker.until(Shutdown)  # what it had sent, then the end

    stored = storage.submit(lambda db: conversations.turns(db, here)).result()
    storage.close()
    assert stored == [turn]
    successor = start(state_directory=str(tmp_path / "states"))
    history = conversations.history(stored)
    assert history == (Exchange("hello", "the answer"),)
    successor.send(Ask(2, "system", history, "again", 8, False, GREEDY))
    assert isinstance(last(successor.until(Answered), Answered), Answered)


LONG = "q" * 6000


@pytest.mark.parametrize(
    "work",
    [Prefill("system", (), LONG), Score(1, "system", (Exchange(LONG, "a"),), ("b", "c"))],
    ids=["prefilling ahead", "scoring"],
)
def test_killed_while_it_works_for_nobody_its_successor_answers(
    start: Start, tmp_path: Path, work: Message
) -> None:
    worker = start(state_directory=str(tmp_path))
    worker.until(Ready)
    worker.send(work, Ping(1))
    worker.until(Pong)
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait(PATIENCE)
    successor = start(state_directory=str(tmp_path))
    successor.send(Ask(1, "system", (), "again", 8, False, GREEDY))
    assert isinstance(last(successor.until(Answered), Answered), Answered)


def test_killed_while_it_tidies_and_saves_its_successor_answers_the_same(
    start: Start, tmp_path: Path
) -> None:
    question = Ask(1, "system " * 40, (), "again", 8, False, GREEDY)
    texts = []
    for _ in range(3):
        worker = start(state_directory=str(tmp_path))
        worker.send(question)
        said = worker.until(Answered)
        texts.append("".join(one.text for one in said if isinstance(one, Token)))
        os.kill(worker.process.pid, signal.SIGKILL)  # what was answered is being tidied now
        worker.process.wait(PATIENCE)
    assert len(set(texts)) == 1


def test_a_model_file_that_is_replaced_is_used_from_the_next_start_on(
    start: Start, tmp_path: Path
) -> None:
    path, states = write_model(tmp_path / "model.gguf"), tmp_path / "states"
    question = Ask(1, "system " * 40, (), "hello", 12, False, GREEDY)

    def say(worker: Process) -> tuple[str, int]:
        worker.send(question)
        said = worker.until(Answered)
        answered = last(said, Answered)
        assert isinstance(answered, Answered)
        texts = [one.text for one in said if isinstance(one, Token)]
        return "".join(texts), answered.tokens_reused

    worker = start(model=str(path), state_directory=str(states))
    before, _ = say(worker)
    write_model(tmp_path / "other.gguf", seed=9).replace(path)
    assert say(worker)[0] == before
    worker.send(Shutdown())
    assert worker.process.wait(PATIENCE) == 0
    after, reused = say(start(model=str(path), state_directory=str(states)))
    assert after != before
    assert reused == 0  # the saved state is the other model's


def test_a_model_file_that_is_cut_while_it_runs_may_kill_it_and_is_then_called_damaged(
    start: Start, tmp_path: Path
) -> None:
    path = write_model(tmp_path / "model.gguf")
    worker = start(model=str(path))
    worker.until(Ready)
    os.truncate(path, path.stat().st_size // 3)
    worker.channel.send(Ask(1, "system", (), "hello", 12, False, GREEDY))
    worker.until(Answered)  # an answer from pages that were read before, or the end
    fault = last(start(model=str(path)).until(Fault), Fault)
    assert isinstance(fault, Fault) and (fault.code, fault.fatal) == ("model-corrupt", True)
