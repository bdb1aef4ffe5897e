"""`lory models tune`: the fastest settings of a model on this machine, by measurement.

One setting after the other, each from the best so far. What a setting is worth is what the user
waits for: a question of 40 tokens from its end to the first token, and an answer of 60. The values
of one setting are measured in turn, again and again, so that whatever else the machine does meets
all of them; the lower quartile of the times counts, for others' work only ever adds to them. A
value that is not the plain one has to be clearly faster, and one that does not fit the memory
budget is not tried.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from appliance.engines.llama.abort import AbortFlag
from appliance.engines.llama.backend import NativeError
from appliance.engines.llama.context import Context
from appliance.engines.llama.generation import Generation
from appliance.engines.llama.model import Model
from appliance.engines.llama.preflight import checked_header, choose_wrappers, fitted
from appliance.engines.llama.prompt import PromptBuilder
from appliance.engines.llama.sampler import Sampler
from appliance.engines.llama.schedule import Timeline
from appliance.engines.llm import LlmError, LlmOptions
from appliance.messages import Sampling
from appliance.models import footprint
from appliance.models.gguf import Header
from appliance.supervision.tuned import Knobs, Row, Tuning, apply

QUESTION_TOKENS = 40
ANSWER_TOKENS = 60
BLOCKS = (16, 32, 64, 128)
DRAFTS = (0, 3, 7)
_DEPTH = 256
_PIECE = 8
_BETTER = 0.97  # of the time: what a value must be faster by than the one before it
_GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
_TEXT = "床前明月光，疑是地上霜。举头望明月，低头思故乡。The quick brown fox jumps over it. " * 40
# Mostly plain talk, and one answer that repeats the question.
_TALK = (
    "天空为什么是蓝色的？",
    "怎么才能睡得好一点？",
    "给我讲讲长城。",
    "把这句话重复三遍：今天天气很好，我们一起去公园散步，然后回家吃饭。",
)

T = TypeVar("T")


def tune(
    options: LlmOptions,
    key: str,
    budget: int,
    quick: bool = False,
    report: Callable[[str], None] = lambda line: None,
) -> Tuning:
    """Measure, and say what to use. `options` are the plain ones, `budget` the bytes to stay in.

    Raises:
        LlmError: the model cannot be loaded, or does not fit the budget in any way.
    """
    return _Search(options, budget, quick, report).run(key)


class _Trial:
    """A context over a model, some tokens deep, and what is measured in it."""

    def __init__(self, model: Model, options: LlmOptions, depth: int) -> None:
        self._options = options
        self._model = model
        self._depth = depth
        self._tokens = model.tokenize(_TEXT, control=False)
        size = depth + 2 * max(BLOCKS) + QUESTION_TOKENS + _PIECE
        self.context = Context(
            model,
            size,
            max(BLOCKS),
            options.threads,
            options.batch_threads,
            AbortFlag(),
            options.kv_type_k,
            options.kv_type_v,
            1,
            options.flash_attention,
        )
        self._timeline = Timeline(self.context, options.block)
        self._sampler = Sampler(model, _GREEDY)
        self._timeline.evaluate(self._tokens[:depth])
        self.note = ""
        self.questions: list[float] = []
        self.decodes: list[float] = []

    def measure(self) -> None:
        self.questions.append(self._question(len(self.questions)))
        self.decodes += self._decode()

    def _question(self, turn: int) -> float:
        """Seconds to evaluate a question after a prompt that ends anywhere in a block."""
        start = self._depth - 7 * (turn % 9)
        settled = start // self._options.block * self._options.block
        self._timeline.evaluate(self._tokens[: settled or start])
        began = time.perf_counter()
        self._timeline.evaluate(self._tokens[: start + QUESTION_TOKENS])
        return time.perf_counter() - began

    def _decode(self) -> Iterator[float]:
        for _ in range(_PIECE):
            began = time.perf_counter()
            self._timeline.append(self._sampler.sample(self.context))
            yield time.perf_counter() - began

    @property
    def question(self) -> float:
        return _quartile(self.questions)

    @property
    def decode(self) -> float:
        return _quartile(self.decodes)

    @property
    def cost(self) -> float:
        """Seconds of the turn that counts."""
        return self.question + ANSWER_TOKENS * self.decode

    def close(self) -> None:
        self._sampler.close()
        self.context.close()


class _Search:
    def __init__(
        self, options: LlmOptions, budget: int, quick: bool, report: Callable[[str], None]
    ) -> None:
        self._header: Header = checked_header(options)
        self._plain, _ = fitted(msgspec.structs.replace(options, memory_limit=budget), self._header)
        options = self._plain
        self._budget = budget
        self._quick = quick
        self._report = report
        self._rounds = 3 if quick else 7
        self._rows: list[Row] = []
        threads = max(1, options.threads)
        self._best = Knobs(
            threads,
            options.batch_threads or threads,
            options.block,
            options.repack,
            options.flash_attention,
            options.kv_type_k,
            options.kv_type_v,
        )

    def run(self, key: str) -> Tuning:
        if not self._quick:
            self._weights()
        with self._model(self._best) as model:
            self._threads(model)
            if not self._quick:
                self._attention(model)
            self._block(model)
            self._draft(model)
        return Tuning(
            key,
            self._plain.name or Path(self._plain.model).stem,
            self._best,
            tuple(self._rows),
            self._quick,
        )

    # ------------------------------------------------------------ the settings

    def _weights(self) -> None:
        """How weights lie in memory: each value is another load of the model."""
        values = [
            self._with(repack=True, loading="mmap"),
            self._with(repack=False, loading="mmap"),
            self._with(repack=True, loading="read"),
        ]
        names = ["mapped, repacked copy", "mapped, as in the file", "read, repacked"]
        if _may_lock(self._need(values[0]).total):
            values.append(self._with(repack=True, loading="mmap+mlock"))
            names.append("mapped and locked")

        def open_trial(stack: ExitStack, knobs: Knobs) -> _Trial:
            began = time.perf_counter()
            model = stack.enter_context(self._model(knobs))
            trial = self._trial(model, knobs)
            trial.note = f"ready in {time.perf_counter() - began:.1f} s"
            return trial

        self._choose("weights", names, values, open_trial, together=False)

    def _threads(self, model: Model) -> None:
        most = self._best.threads
        counts = sorted({most, max(1, most - 1), max(1, most // 2)}, reverse=True)
        self._choose(
            "threads",
            [str(count) for count in counts],
            [self._with(threads=count, batch_threads=count) for count in counts],
            lambda _, knobs: self._trial(model, knobs),
        )

    def _attention(self, model: Model) -> None:
        combinations: dict[str, dict[str, Any]] = {
            "flash, f16": {"flash_attention": True},
            "plain, f16": {"flash_attention": False},
            "flash, K and V q8_0": {
                "flash_attention": True,
                "kv_type_k": "q8_0",
                "kv_type_v": "q8_0",
            },
            "plain, K q8_0": {"flash_attention": False, "kv_type_k": "q8_0"},
        }
        self._choose(
            "attention and KV",
            list(combinations),
            [self._with(**changes) for changes in combinations.values()],
            lambda _, knobs: self._trial(model, knobs),
        )

    def _block(self, model: Model) -> None:
        blocks = BLOCKS[:-1] if self._quick else BLOCKS
        ordered = [self._best.block, *(size for size in blocks if size != self._best.block)]
        self._choose(
            "block of the prompt",
            [f"{size} tokens" for size in ordered],
            [self._with(block=size) for size in ordered],
            lambda _, knobs: self._trial(model, knobs),
        )

    def _draft(self, model: Model) -> None:
        """Guessing pays or not by what is said, so whole answers are timed."""
        self._report("guessing ahead (prompt lookup)")
        speeds: dict[int, list[float]] = {draft: [] for draft in DRAFTS}
        accepted = dict.fromkeys(DRAFTS, (0, 0))
        talk = _TALK[1::2] if self._quick else _TALK
        context = self._trial(model, self._best).context
        try:
            for question in talk:
                for draft in DRAFTS:
                    seconds, kept, guessed = self._answer(model, context, question, draft)
                    speeds[draft].append(seconds)
                    accepted[draft] = (accepted[draft][0] + kept, accepted[draft][1] + guessed)
        finally:
            context.close()
        costs = {draft: sum(times) for draft, times in speeds.items()}
        best = _fastest(list(DRAFTS), [costs[draft] for draft in DRAFTS])
        self._best = self._with(draft=best)
        for draft in DRAFTS:
            kept, guessed = accepted[draft]
            note = f"{kept} of {guessed} guesses kept" if guessed else ""
            self._rows.append(
                Row(
                    "guesses at once",
                    str(draft or "none"),
                    decode=len(talk) * ANSWER_TOKENS / costs[draft],
                    unpageable_mb=self._need(self._best).anonymous >> 20,
                    chosen=draft == best,
                    note=note,
                )
            )

    def _answer(
        self, model: Model, context: Context, question: str, draft: int
    ) -> tuple[float, int, int]:
        """Seconds of decoding an answer, guesses kept, guesses made."""
        _, wrappers, _ = self._wrappers(model)
        builder = PromptBuilder(model, wrappers, context.size)
        timeline = Timeline(context, self._best.block)
        context.remove(0, 0)
        timeline.evaluate(builder.build("", (), question, ANSWER_TOKENS).tokens)
        sampler = Sampler(model, _GREEDY)
        generation = Generation(timeline, sampler, draft)
        began = time.perf_counter()
        generation.draw(ANSWER_TOKENS)
        spent = time.perf_counter() - began
        sampler.close()
        return spent, generation.accepted, generation.guessed

    def _wrappers(self, model: Model) -> Any:
        own = self._header.text("tokenizer.chat_template")
        return choose_wrappers(self._plain.template, own, model)

    # ------------------------------------------------------------ how a setting is chosen

    def _choose(
        self,
        setting: str,
        names: Sequence[str],
        values: Sequence[Knobs],
        open_trial: Callable[[ExitStack, Knobs], _Trial],
        together: bool = True,
    ) -> None:
        """Measure the values that fit, and go on from the fastest; the first is the plain one."""
        self._report(setting)
        fitting = [value for value in values if self._need(value).total <= self._budget]
        trials: dict[int, _Trial] = {}
        notes: dict[int, str] = {}
        for group in [fitting] if together else [[value] for value in fitting]:
            with ExitStack() as stack:
                opened = []
                for value in group:
                    index = values.index(value)
                    try:
                        trials[index] = open_trial(stack, value)
                    except (NativeError, LlmError) as error:
                        notes[index] = str(error)
                        continue
                    stack.callback(trials[index].close)
                    opened.append(trials[index])
                for _ in range(self._rounds):
                    for trial in opened:
                        trial.measure()
        measured = sorted(trials)
        best = _fastest(measured, [trials[index].cost for index in measured])
        if best is not None:
            self._best = values[best]
        for index, (name, value) in enumerate(zip(names, values, strict=True)):
            tried, note = trials.get(index), notes.get(index, "")
            self._rows.append(self._row(setting, name, value, tried, index == best, note))

    def _row(
        self, setting: str, name: str, knobs: Knobs, trial: _Trial | None, chosen: bool, note: str
    ) -> Row:
        memory = self._need(knobs).anonymous >> 20
        if trial is None:
            return Row(setting, name, unpageable_mb=memory, note=note or "does not fit the memory")
        return Row(
            setting, name, trial.question * 1000, 1 / trial.decode, memory, chosen, trial.note
        )

    def _trial(self, model: Model, knobs: Knobs) -> _Trial:
        return _Trial(model, apply(knobs, self._plain), _DEPTH // 2 if self._quick else _DEPTH)

    def _with(self, **changes: Any) -> Knobs:
        return msgspec.structs.replace(self._best, **changes)

    def _need(self, knobs: Knobs) -> footprint.Need:
        return footprint.estimate(
            self._header,
            self._plain.context,
            knobs.block,
            knobs.kv_type_k,
            knobs.kv_type_v,
            knobs.repack,
            knobs.loading != "read",
        )

    @contextmanager
    def _model(self, knobs: Knobs) -> Iterator[Model]:
        try:
            model = Model(
                Path(self._plain.model),
                None,
                knobs.repack,
                knobs.loading == "mmap+mlock",
                knobs.loading != "read",
            )
        except NativeError as error:
            raise LlmError("model-corrupt", str(error)) from error
        try:
            yield model
        finally:
            model.close()


def _quartile(times: list[float]) -> float:
    """What a time is while nobody else computes, as well as that can be known."""
    return sorted(times)[len(times) // 4]


def _may_lock(size: int) -> bool:
    limit, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    return limit == resource.RLIM_INFINITY or limit >= size


def _fastest(values: Sequence[T], costs: Iterable[float]) -> T | None:
    """The first value, unless a later one is clearly faster; None of none."""
    best: tuple[float, T] | None = None
    for value, cost in zip(values, costs, strict=True):
        if best is None or cost < best[0] * _BETTER:
            best = (cost, value)
    return best[1] if best is not None else None


def format_table(tuning: Tuning) -> str:
    """The result for people."""
    head = f"{'setting':<20} {'value':<28} {'question':>9} {'decode':>12} {'unpageable':>11}"
    lines = [tuning.model, "", head]
    last = ""
    for row in tuning.rows:
        name = row.setting if row.setting != last else ""
        last = row.setting
        question = f"{row.question:.0f} ms" if row.question else ""
        decode = f"{row.decode:.1f} tok/s" if row.decode else ""
        memory = f"{row.unpageable_mb} MB" if row.unpageable_mb else ""
        mark = "*" if row.chosen else " "
        line = f"{name:<20}{mark}{row.value:<28} {question:>9} {decode:>12} {memory:>11}"
        lines.append(f"{line}  {row.note}".rstrip())
    lines += [
        "",
        f"* in use from the next start. A question is {QUESTION_TOKENS} tokens, to the first token;"
        f" an answer {ANSWER_TOKENS}.",
        "A value other than the plain one (the first) is taken where the whole turn is at least "
        "3 % faster.",
    ]
    return "\n".join(lines)
