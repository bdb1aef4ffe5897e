"""The LLM engine over llama.cpp."""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from appliance.clock import Clock
from appliance.engines.llama import backend
from appliance.engines.llama.adapter import Adapter
from appliance.engines.llama.backend import Aborted, ContextFullError, NativeError
from appliance.engines.llama.control import Ahead, Control
from appliance.engines.llama.endings import endings
from appliance.engines.llama.generation import Generation, Reason
from appliance.engines.llama.loading import SEQUENCES, Parts, load
from appliance.engines.llama.marks import thought_marks
from appliance.engines.llama.output import Output, Rules
from appliance.engines.llama.prompt import Prompt, PromptBuilder, TooLongError, ids_of, pack_ids
from appliance.engines.llama.sampler import Sampler
from appliance.engines.llama.schedule import Timeline, common_prefix
from appliance.engines.llama.score import BranchScorer, Scorer
from appliance.engines.llama.snapshots import Snapshots
from appliance.engines.llama.state_file import StateStore
from appliance.engines.llama.states import States
from appliance.engines.llm import LlmEngine, LlmError, LlmOptions, Loaded
from appliance.health import machine
from appliance.messages import Adapt, Answered, Ask, Exchange, Message, Prefill, Prefilling, Score

_MEGABYTE = 1 << 20

log = logging.getLogger(__name__)


class LlamaEngine(LlmEngine):
    """One GGUF model with one conversation in its KV cache.

    `progress` gets 0..1 while loading.

    Raises:
        LlmError: the model cannot be loaded.
    """

    def __init__(
        self,
        options: LlmOptions,
        progress: Callable[[float], None] | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._control = Control()
        self._clock = clock
        parts = load(options, progress, self._control.flag)
        self._parts = parts
        self._options = options = parts.options
        self._model, self._context = parts.model, parts.context
        self._threads, self._batch_threads = options.threads, options.batch_threads
        self._wanted_threads = self._most_threads = (self._threads, self._batch_threads)
        # The answer's share of the context. It must not change from one prompt to the next, or
        # the same conversation would be cut differently.
        self._reserve = self._context.size // 4
        self._builder = PromptBuilder(self._model, parts.wrappers, self._context.size)
        snapshots = Snapshots(self._context) if parts.forgets else None
        self._timeline = Timeline(self._context, options.block, snapshots)
        self._scorer = (
            BranchScorer(self._timeline) if parts.forgets else Scorer(self._context, SEQUENCES)
        )
        # A guess that misses must be taken back.
        self._draft = 0 if parts.forgets else options.draft
        thoughts = thought_marks(parts.wrappers, (options.think_open, options.think_close))
        self._rules = Rules(
            self._model, thoughts, endings(parts.wrappers, options.stops, thoughts, self._model)
        )
        self._adapter = Adapter(self._context, parts.header.architecture)
        self._states = self._make_states()
        self._untidy: tuple[str, tuple[Exchange, ...]] | None = None
        self.loaded = self._describe(parts)

    def _describe(self, parts: Parts) -> Loaded:
        """With its adapter, or without one that cannot be used."""
        options, warnings = parts.options, list(parts.warnings)
        try:
            self.adapt(Adapt(options.adapter, options.adapter_scale))
        except LlmError as error:
            warnings.append(f"without its adapter: {error.detail}")
        name = options.name or parts.header.text("general.name") or Path(options.model).stem
        detail: dict[str, str | int | float] = {
            "description": self._model.description,
            "context": self._context.size,
            "threads": self._threads,
            "block": options.block,
            "draft": self._draft,
            "cache": "snapshot" if parts.forgets else "rollback",
            "template": parts.template,
            "thinks": int(parts.wrappers.can_think),
            "weights_mb": parts.header.weight_bytes // _MEGABYTE,
            "anonymous_mb": machine.resident().anonymous // _MEGABYTE,
        }
        return Loaded("llama.cpp", name, detail, tuple(warnings))

    def _make_states(self) -> States | None:
        """Anew for every adapter: its states are of no use to another."""
        options = self._options
        if not options.state_directory:
            return None
        identity = "|".join(
            (
                self._parts.header.fingerprint,
                hashlib.sha256(backend.build().encode()).hexdigest(),
                f"{self._context.size} {options.block} {options.repack} {self._parts.forgets}",
                f"{options.kv_type_k} {options.kv_type_v} {options.flash_attention}",
                self._adapter.identity,
            )
        )
        store = StateStore(Path(options.state_directory), identity, options.state_limit)
        return States(store, self._context, self._timeline)

    def adapt(self, message: Adapt) -> None:
        if self._adapter.use(message.path, message.scale):
            self._timeline.clear()
            self._untidy = None
            self._states = self._make_states()

    # ------------------------------------------------------------ answering

    def begin(self, turn: int) -> None:
        self._control.begin_turn(turn)

    def stop(self, turn: int) -> None:
        self._control.stop(turn)

    def give_way(self, message: Message) -> None:
        self._control.give_way(message)

    def set_threads(self, threads: int) -> None:
        # A grant is a bound: more than was found fastest is never used.
        self._wanted_threads = (
            max(1, min(threads, self._most_threads[0])),
            max(1, min(threads, self._most_threads[1])),
        )

    def answer(self, ask: Ask, send: Callable[[Message], None]) -> Answered:
        try:
            return self._answer(ask, send)
        except NativeError as error:
            self._forget_all(error)
            raise LlmError("internal", str(error)) from error

    def _forget_all(self, error: NativeError) -> None:
        """llama.cpp refused: what it holds now nobody knows."""
        log.warning("llama.cpp: %s", error)
        self._timeline.clear()
        self._untidy = None

    def _answer(self, ask: Ask, send: Callable[[Message], None]) -> Answered:
        began = self._clock()
        try:
            prompt = self._prompt(ask.system, ask.history, ask.question, ask.thinking)
            self._restore(prompt)
            reused = self._timeline.reusable(prompt.tokens)
            wrappers = self._parts.wrappers
            opening = wrappers.generate_thinking if ask.thinking else wrappers.generate
            opened = self._rules.thoughts.opened_by(opening)
            output = Output(ask.turn, send, self._rules, opened, ask.question)
            prefilled = self._prefill_turn(ask.turn, prompt, reused, send)
            ready = self._clock()
            reason = self._decode(ask, output) if prefilled else "cancelled"
            ended = self._clock()
        finally:
            self._control.end()
        output.finish(whole=reason == "stop")
        ids = ids_of(self._model, output.text, output.answer_ids)
        said = Exchange(ask.question, output.text, pack_ids(ids))
        # A question that was stopped before its answer began is no part of the conversation.
        self._untidy = (ask.system, (*ask.history, said) if output.ids else ask.history)
        return Answered(
            ask.turn,
            reason,
            pack_ids(ids),
            len(prompt.tokens),
            reused,
            len(output.ids),
            ready - began,
            ended - ready,
            prompt.question_used,
            prompt.dropped,
        )

    def _prompt(
        self, system: str, history: Sequence[Exchange], question: str, thinking: bool
    ) -> Prompt:
        try:
            return self._builder.build(system, history, question, self._reserve, thinking)
        except TooLongError as error:
            raise LlmError("too-long", str(error)) from error

    def _restore(self, prompt: Prompt) -> None:
        if self._states is not None:
            self._states.leave(prompt.tokens)
            self._states.restore(prompt.tokens, prompt.system, prompt.turns)

    def _prefill_turn(
        self, turn: int, prompt: Prompt, reused: int, send: Callable[[Message], None]
    ) -> bool:
        tokens = prompt.tokens
        self._apply_threads()
        send(Prefilling(turn, reused, len(tokens), reused))

        def report(done: int) -> bool:
            send(Prefilling(turn, done, len(tokens), reused))
            self._apply_threads()
            return not self._control.flag.is_set

        try:
            return self._timeline.evaluate(tokens, report, prompt.marks)
        except Aborted:
            return False

    def _decode(self, ask: Ask, output: Output) -> Reason:
        if not self._context.is_sound():
            # Damaged weights, or an adapter that is none for this model.
            raise LlmError("model-corrupt", "its logits are not numbers")
        limit = min(ask.max_tokens, self._context.size - len(self._timeline.tokens))
        sampler = Sampler(self._model, ask.sampling or self._options.sampling)
        generation = Generation(self._timeline, sampler, self._draft)
        try:
            return generation.run(
                output,
                limit,
                lambda token: self._model.is_end(token) and not output.ends_thought(token),
                self._going,
            )
        finally:
            sampler.close()

    def _going(self) -> bool:
        self._apply_threads()
        return not self._control.flag.is_set

    def _apply_threads(self) -> None:
        wanted = self._wanted_threads
        if wanted != (self._threads, self._batch_threads):
            self._threads, self._batch_threads = wanted
            self._context.set_threads(*wanted)

    # ------------------------------------------------------------ while nobody waits

    def prefill(self, message: Prefill, waiting: Callable[[], bool]) -> bool:
        try:
            return self._prefill(message, waiting)
        except NativeError as error:  # nobody waits for it
            self._forget_all(error)
            return True

    def _prefill(self, message: Prefill, waiting: Callable[[], bool]) -> bool:
        try:
            prompt = self._prompt(
                message.system, message.history, message.certain, message.thinking
            )
        except LlmError as error:
            log.info("nothing to prefill: %s", error)
            return True
        self._restore(prompt)
        ahead = Ahead(message.system, message.history, message.certain, prompt.body)
        # What is not in full blocks would be evaluated again with the rest of the question.
        work = self._timeline.evaluate if message.closed else self._timeline.settle
        tokens = prompt.tokens if message.closed else prompt.tokens[: prompt.body]
        done = self._ahead(
            ahead,
            waiting,
            self._timeline.reusable(tokens),
            lambda report: work(tokens, report, prompt.marks),
        )
        if done:
            self._untidy = None
            self._settled(prompt)
        return done

    def tidy(self, waiting: Callable[[], bool]) -> bool:
        try:
            return self._tidy(waiting)
        except NativeError as error:  # nobody waits for it
            self._forget_all(error)
            return True

    def _tidy(self, waiting: Callable[[], bool]) -> bool:
        if self._untidy is not None:
            system, history = self._untidy
            prompt = self._builder.history(system, history, self._reserve)
            tokens = prompt.tokens[: prompt.body]
            ahead = Ahead(system, history, "", prompt.body)
            if not self._ahead(
                ahead,
                waiting,
                0,
                lambda report: self._timeline.settle(tokens, report, prompt.marks),
            ):
                return False
            self._untidy = None
            self._settled(prompt)
        return self._states is None or self._states.write(waiting)

    def _settled(self, prompt: Prompt) -> None:
        if self._states is not None:
            said = prompt.turns[-1] if prompt.turns else prompt.system
            self._states.settled(prompt.tokens[: prompt.system], prompt.tokens[:said])

    def _ahead(
        self,
        ahead: Ahead,
        waiting: Callable[[], bool],
        position: int,
        work: Callable[[Callable[[int], bool]], bool],
    ) -> bool:
        def report(done: int) -> bool:
            ahead.position = done
            self._apply_threads()
            return not waiting()

        ahead.position = position
        self._control.begin_ahead(ahead)
        try:
            # Asked after the control knows of the work: a message that came in between is seen
            # here, one that comes later interrupts.
            return not waiting() and work(report)
        except Aborted:
            return False
        finally:
            self._control.end()

    # ------------------------------------------------------------ scoring

    def score(
        self, message: Score, waiting: Callable[[], bool] = lambda: False
    ) -> tuple[float, ...]:
        self._control.begin_score()
        try:
            # Asked after the control knows of the work, as for all that is done ahead.
            return () if waiting() else self._score(message)
        except (Aborted, ContextFullError, TooLongError):
            return ()
        except NativeError as error:  # nobody waits for it
            self._forget_all(error)
            return ()
        finally:
            self._control.end()

    def _score(self, message: Score) -> tuple[float, ...]:
        prompt = self._builder.history(message.system, message.history, self._reserve)
        base = prompt.tokens[: prompt.body]
        follows = not self._model.is_mark(base[-1])
        candidates = [
            self._model.tokenize(text, control=False, follows=follows)
            for text in message.candidates
        ]
        if common_prefix(base, self._timeline.tokens) < len(base):
            self._restore(prompt)
            self._timeline.evaluate(base, marks=prompt.marks)
        with self._timeline.beside():
            scores = tuple(self._scorer.score(base, candidates))
        return () if any(map(math.isnan, scores)) else scores

    def close(self) -> None:
        if self._states is not None:
            self._states.leave()
            self._states.write(lambda: False)
        self._context.close()
        self._model.close()
