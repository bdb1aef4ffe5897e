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

from appliance.engines.llama.backend import NativeError
from appliance.engines.llama.context import Context
from appliance.engines.llama.generation import Generation
from appliance.engines.llama.model import Model
from appliance.engines.llama.preflight import checked_header, choose_wrappers, fitted
from appliance.engines.llama.prompt import PromptBuilder
from appliance.engines.llama.sampler import Sampler
from appliance.engines.llama.schedule import Timeline
from appliance.engines.llm import LlmError, LlmOptions
from appliance.models import footprint
from appliance.models.gguf import Header
from appliance.supervision.llm_trial import ANSWER_TOKENS, BLOCKS, GREEDY, Trial
from appliance.supervision.tuned import Knobs, Row, Tuning, apply

DRAFTS = (0, 3, 7)
_DEPTH = 256
_BETTER = 0.97  # of the time: what a value must be faster by than the one before it
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

        def open_trial(stack: ExitStack, knobs: Knobs) -> Trial:
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
        if not model.rolls_back:
            return  # a guess that misses could not be taken back
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
        sampler = Sampler(model, GREEDY)
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
        open_trial: Callable[[ExitStack, Knobs], Trial],
        together: bool = True,
    ) -> None:
        """Measure the values that fit, and go on from the fastest; the first is the plain one."""
        self._report(setting)
        fitting = [value for value in values if self._need(value).total <= self._budget]
        trials: dict[int, Trial] = {}
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
        self, setting: str, name: str, knobs: Knobs, trial: Trial | None, chosen: bool, note: str
    ) -> Row:
        memory = self._need(knobs).anonymous >> 20
        if trial is None:
            return Row(setting, name, unpageable_mb=memory, note=note or "does not fit the memory")
        return Row(
            setting, name, trial.question * 1000, 1 / trial.decode, memory, chosen, trial.note
        )

    def _trial(self, model: Model, knobs: Knobs) -> Trial:
        return Trial(model, apply(knobs, self._plain), _DEPTH // 2 if self._quick else _DEPTH)

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
