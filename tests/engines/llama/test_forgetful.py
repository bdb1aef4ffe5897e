"""Models whose memory cannot be taken back in part: the same answers, a bounded price, no death."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.generation import Generation
from appliance.engines.llama.schedule import Timeline
from appliance.engines.llm import LlmError
from appliance.messages import (
    Answered,
    Ask,
    Exchange,
    Message,
    Prefill,
    Prefilling,
    Sampling,
    Score,
    Token,
)
from tests.tiny.forgetful import KINDS, write_forgetful

MakeEngine = Callable[..., LlamaEngine]
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
SYSTEM = "你是小鹿，用一句话回答，不用列表，也不用表格。"
QUESTIONS = ("你好 the abc", "床前明月光，疑是地上霜", "x", "how many tokens does this one have?")
BLOCK = 16


def never() -> bool:
    return False


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("forgetful")
    return {kind: str(write_forgetful(folder / f"{kind}.gguf", kind)) for kind in KINDS}


@pytest.fixture(params=[*KINDS, "gemma3 with snapshots"])
def make(
    request: pytest.FixtureRequest, models: dict[str, str], make_engine: MakeEngine
) -> MakeEngine:
    """Engines over a forgetful model."""
    kind, _, snapshots = request.param.partition(" with ")
    cache = "snapshot" if snapshots else "auto"

    def make(**changes: object) -> LlamaEngine:
        return make_engine(
            **{"model": models[kind], "cache": cache, "context": 2048, "draft": 7, **changes}
        )

    return make


class Counter:
    """Counts the tokens that an engine evaluates."""

    def __init__(self, engine: LlamaEngine) -> None:
        self.tokens = 0
        context = engine._context
        decode, one, rows = context.decode, context.decode_one, context.decode_rows
        context.decode = lambda run, at: (self._add(len(run)), decode(run, at))[1]
        context.decode_one = lambda *step: (self._add(1), one(*step))[1]
        context.decode_rows = lambda batch: (self._add(len(batch)), rows(batch))[1]

    def _add(self, count: int) -> None:
        self.tokens += count

    def take(self) -> int:
        count, self.tokens = self.tokens, 0
        return count


def ask(
    engine: LlamaEngine,
    question: str,
    history: tuple[Exchange, ...] = (),
    turn: int = 1,
    send: Callable[[Message], None] = lambda message: None,
    system: str = SYSTEM,
) -> tuple[str, Answered]:
    texts: list[str] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            texts.append(message.text)
        send(message)

    engine.begin(turn)
    answered = engine.answer(Ask(turn, system, history, question, 24, False, GREEDY), take)
    return "".join(texts), answered


def talk(engine: LlamaEngine, tidy: bool = True) -> list[tuple[str, Answered]]:
    history: tuple[Exchange, ...] = ()
    answers = []
    for turn, question in enumerate(QUESTIONS):
        text, answered = ask(engine, question, history, turn)
        answers.append((text, answered))
        history += (Exchange(question, text, answered.ids),)
        if tidy:
            assert engine.tidy(never)
    return answers


def said(answers: Sequence[tuple[str, Answered]]) -> tuple[Exchange, ...]:
    return tuple(
        Exchange(question, text, answered.ids)
        for question, (text, answered) in zip(QUESTIONS, answers, strict=False)
    )


# ---------------------------------------------------------------- what they are


def test_what_a_model_is_is_found_and_said(models: dict[str, str], make_engine: MakeEngine) -> None:
    found = {kind: make_engine(model=path, draft=7).loaded.detail for kind, path in models.items()}
    assert {kind: detail["cache"] for kind, detail in found.items()} == {
        "mamba": "snapshot",
        "lfm2": "snapshot",
        "gemma3": "rollback",
    }
    assert (found["mamba"]["draft"], found["gemma3"]["draft"]) == (0, 7)
    assert make_engine().loaded.detail["cache"] == "rollback"


# ---------------------------------------------------------------- the same answers


@pytest.mark.parametrize("tidy", [True, False], ids=["tidied between", "in a hurry"])
def test_a_conversation_answers_like_a_cold_start(make: MakeEngine, tidy: bool) -> None:
    answers = talk(make(), tidy)
    history: tuple[Exchange, ...] = ()
    for question, (text, answered) in zip(QUESTIONS, answers, strict=True):
        cold, fresh = ask(make(), question, history)
        assert (text, answered.ids, fresh.tokens_reused) == (cold, fresh.ids, 0)
        history += (Exchange(question, text, answered.ids),)


def test_what_was_read_while_typing_changes_no_answer_and_is_not_read_again(
    make: MakeEngine,
) -> None:
    history = said(talk(make()))
    question = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
    expected, fresh = ask(make(), question, history, 9)
    engine = make(draft=0)
    for length in range(len(question) + 1):
        closed = length % 5 == 4 or length == len(question)
        assert engine.prefill(Prefill(SYSTEM, history, question[:length], closed), never)
    counter = Counter(engine)
    text, answered = ask(engine, question, history, 9)
    assert (text, answered.ids) == (expected, fresh.ids)
    assert answered.tokens_reused == answered.tokens_in
    assert counter.take() <= answered.tokens_out


def test_a_wrong_prediction_changes_no_answer(make: MakeEngine) -> None:
    history = said(talk(make()))
    expected, _ = ask(make(), "x", history, 9)
    engine = make()
    engine.prefill(Prefill(SYSTEM, history, "something else altogether, and rather long"), never)
    counter = Counter(engine)
    text, answered = ask(engine, "x", history, 9)
    assert text == expected
    assert counter.take() - answered.tokens_out <= 3 * BLOCK


def test_candidates_are_scored_as_by_a_fresh_engine_and_the_conversation_stays(
    make: MakeEngine,
) -> None:
    answers = talk(make())
    engine = make()
    history: tuple[Exchange, ...] = ()
    texts = ("明天早上七点", "明天晚上七点", "", "明天", "x" * 60)
    for turn, question in enumerate(QUESTIONS):
        message = Score(turn, SYSTEM, history, texts)
        scores = engine.score(message)
        assert scores == pytest.approx(make().score(message), abs=1e-3)
        assert scores[2] == float("-inf") and scores[0] < scores[3] < 0
        text, answered = ask(engine, question, history, turn)
        assert (text, answered.ids) == (answers[turn][0], answers[turn][1].ids)
        history += (Exchange(question, text, answered.ids),)


def test_scoring_leaves_what_was_read_ahead_ready_to_answer(make: MakeEngine) -> None:
    message = Prefill(SYSTEM, (), "明天早上七点叫我起床", True)
    expected, _ = ask(make(), message.certain)
    engine = make()
    assert engine.prefill(message, never)
    assert len(engine.score(Score(1, SYSTEM, (), ("明天早上七点", "明天晚上七点", "明天")))) == 3
    text, answered = ask(engine, message.certain)
    assert text == expected
    assert answered.tokens_reused == answered.tokens_in


@pytest.mark.parametrize("phase", ["prefill", "decode"])
def test_a_stop_leaves_nothing_wrong_behind(make: MakeEngine, phase: str) -> None:
    history = said(talk(make()))
    expected, _ = ask(make(), "x", history, 9)
    engine = make()

    def stop(message: Message) -> None:
        early = isinstance(message, Prefilling) and message.done > message.total // 2
        late = isinstance(message, Token) and message.count >= 4
        if early if phase == "prefill" else late:
            engine.stop(8)

    _, answered = ask(engine, "q" * 100, history, 8, stop)
    assert answered.reason == "cancelled"
    assert ask(engine, "x", history, 9)[0] == expected


def test_an_abort_inside_a_batch_leaves_nothing_wrong_behind(make: MakeEngine) -> None:
    history = said(talk(make()))
    expected, _ = ask(make(), "x", history, 9)
    engine = make()
    for phase in ("decode", "decode_one"):
        work = getattr(engine._context, phase)

        def aborted(*arguments: object, work: Callable[..., None] = work) -> None:
            engine._control.flag.set()
            work(*arguments)

        setattr(engine._context, phase, aborted)
        _, answered = ask(engine, "q" * 100, history, 8)
        assert answered.reason == "cancelled"
        setattr(engine._context, phase, work)
        engine._control.flag.clear()
        assert ask(engine, "x", history, 9)[0] == expected


def test_what_a_window_has_moved_over_is_not_taken_for_what_is_there(make: MakeEngine) -> None:
    """A conversation of some hundred tokens, and then another one."""
    expected, _ = ask(make(), "x" * 40)
    engine = make()
    for length in (100, 300, 700):
        ask(engine, "q" * length)
        assert ask(engine, "x" * 40)[0] == expected


# ---------------------------------------------------------------- a bounded price


def test_a_turn_reads_no_more_than_itself_and_the_turn_before(make: MakeEngine) -> None:
    engine = make()
    counter = Counter(engine)
    history: tuple[Exchange, ...] = ()
    before = 0
    for turn in range(8):
        question = f"question {turn} " * 3
        text, answered = ask(engine, question, history, turn)
        own = answered.tokens_in - before
        if turn:
            assert counter.take() <= own + answered.tokens_out + 2 * BLOCK
        counter.take()
        history += (Exchange(question, text, answered.ids),)
        assert engine.tidy(never)
        assert counter.take() <= own + answered.tokens_out + 2 * BLOCK
        before = answered.tokens_in + answered.tokens_out


def test_a_turn_in_a_hurry_reads_the_one_before_once_more_and_no_further(make: MakeEngine) -> None:
    engine = make()
    counter = Counter(engine)
    history: tuple[Exchange, ...] = ()
    lengths = [0]
    for turn in range(8):
        question = f"question {turn} " * 3
        text, answered = ask(engine, question, history, turn)
        if turn > 1:
            new = answered.tokens_in - lengths[-2] + answered.tokens_out
            assert counter.take() <= new + 2 * BLOCK
        counter.take()
        history += (Exchange(question, text, answered.ids),)
        lengths.append(answered.tokens_in)


def test_a_long_prompt_that_is_stopped_is_not_read_from_its_start_again(make: MakeEngine) -> None:
    engine = make()
    counter = Counter(engine)
    long = "q" * 800

    def stop(message: Message) -> None:
        if isinstance(message, Prefilling) and message.done >= 700:
            engine.stop(1)

    ask(engine, long, (), 1, stop)
    counter.take()
    ask(engine, long, (), 2)
    assert counter.take() < 500


def test_the_copies_that_are_kept_stay_few(make: MakeEngine) -> None:
    engine = make()
    history: tuple[Exchange, ...] = ()
    for turn in range(12):
        question = f"question {turn} " * 6
        for length in range(0, len(question), 9):
            engine.prefill(Prefill(SYSTEM, history, question[:length], closed=False), never)
        text, answered = ask(engine, question, history, turn)
        history += (Exchange(question, text, answered.ids),)
        assert engine.tidy(never)
        snapshots = engine._timeline._snapshots
        assert snapshots is None or len(snapshots._kept) <= 5


# ---------------------------------------------------------------- on the disk


def test_a_saved_system_prompt_and_a_conversation_that_was_left_come_back(
    make: MakeEngine, tmp_path: Path
) -> None:
    first = make(state_directory=str(tmp_path))
    history = said(talk(first))
    ask(first, "something else altogether", system="another system prompt, quite another one")
    assert first.tidy(never)
    first.close()
    expected, fresh = ask(make(), "and then?", history, 9)
    second = make(state_directory=str(tmp_path))
    text, answered = ask(second, "and then?", history, 9)
    assert (text, answered.ids) == (expected, fresh.ids)
    assert answered.tokens_in - answered.tokens_reused < 48
    text, answered = ask(second, "hello")
    assert text == ask(make(), "hello")[0]
    assert answered.tokens_reused >= BLOCK


# ---------------------------------------------------------------- guessing


class Forgetful:
    """A memory that forgets all or nothing, and a model that says one sentence over and over."""

    batch_size, size = BLOCK, 512
    SENTENCE = (1, 2, 3, 4, 5, 7, 8, 1, 2, 3, 4, 5, 7, 8, 0)

    def __init__(self, prompt: Sequence[int]) -> None:
        self._prompt = list(prompt)
        self.held: list[int] = []
        self.read = 0
        self._rows: list[int] = []

    def _eat(self, tokens: Sequence[int], position: int) -> None:
        assert position == len(self.held), "a gap, or something twice"
        self.read += len(tokens)
        self._rows = []
        for token in tokens:
            self.held.append(token)
            self._rows.append(self._next())

    def _next(self) -> int:
        """What is said next; anything at all once what is held is wrong."""
        done = len(self.held) - len(self._prompt)
        right = self.held == [*self._prompt, *self.SENTENCE[: max(0, done)]]
        return self.SENTENCE[done] if right and 0 <= done < len(self.SENTENCE) else 99

    def decode(self, tokens: Sequence[int], position: int) -> None:
        self._eat(tokens, position)

    def decode_one(self, token: int, position: int) -> None:
        self._eat([token], position)

    def decode_rows(self, rows: Sequence[tuple[int, int, tuple[int, ...]]]) -> None:
        self._eat([row[0] for row in rows], rows[0][1])

    def remove(self, sequence: int, position: int) -> bool:
        if position not in (0, len(self.held)):
            return False
        del self.held[position:]
        return True

    def sample(self, context: Forgetful, row: int = -1) -> int:
        return context._rows[row]


@pytest.mark.parametrize("draft", [0, 1, 2, 3, 7])
def test_a_guess_that_cannot_be_taken_back_costs_time_and_changes_nothing(draft: int) -> None:
    prompt = [20, 1, 2, 3, 4, 5, 6, 21]
    memory = Forgetful(prompt)
    timeline = Timeline(memory, BLOCK)
    timeline.evaluate(prompt)
    assert Generation(timeline, memory, draft).draw(15) == list(Forgetful.SENTENCE)
    # One guess is tried; after it was missed none is.
    assert memory.read <= 2 * (len(prompt) + 15) + draft


# ---------------------------------------------------------------- what is no model for chats


def test_a_model_that_cannot_talk_is_refused(tmp_path: Path, make_engine: MakeEngine) -> None:
    path = write_forgetful(tmp_path / "t5.gguf", "gemma3", **{"general.architecture": "dream"})
    with pytest.raises(LlmError) as refused:
        make_engine(model=str(path))
    assert refused.value.code == "model-corrupt"


def test_what_llama_cpp_refuses_ends_a_turn_and_not_the_engine(make: MakeEngine) -> None:
    from appliance.engines.llama.backend import NativeError

    expected, _ = ask(make(), "x")
    engine = make()
    for phase, work in itertools.product(
        ("decode", "decode_rows"),
        (
            lambda: engine.prefill(Prefill(SYSTEM, (), "q" * 60), never),
            lambda: engine.score(Score(1, SYSTEM, (), ("a", "b"))),
            lambda: ask(engine, "q" * 60),
        ),
    ):

        def refuse(*_: object) -> None:
            raise NativeError("llama_decode returned -3")

        kept = getattr(engine._context, phase)
        setattr(engine._context, phase, refuse)
        try:
            work()
        except LlmError as error:
            assert error.code == "internal"
        setattr(engine._context, phase, kept)
        assert ask(engine, "x")[0] == expected
        assert engine.tidy(never)
