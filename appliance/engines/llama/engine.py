"""The LLM engine over llama.cpp."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from appliance.clock import Clock
from appliance.engines.llama import context as binding
from appliance.engines.llama import memory
from appliance.engines.llama.context import Aborted, Context, ContextFullError, Model, NativeError
from appliance.engines.llama.control import Ahead, Control
from appliance.engines.llama.gguf import GgufError, Header, read_header
from appliance.engines.llama.output import Output
from appliance.engines.llama.prompt import Prompt, PromptBuilder, TooLong, ids_of, pack_ids
from appliance.engines.llama.sampler import Sampler
from appliance.engines.llama.schedule import Timeline, common_prefix
from appliance.engines.llama.score import Scorer, log_probability
from appliance.engines.llama.state_file import StateStore
from appliance.engines.llama.template import (
    CONTINUATION,
    FAMILIES,
    TemplateError,
    Wrappers,
    fallback,
    reduce,
)
from appliance.engines.llm import FaultCode, LlmEngine, LlmError, LlmOptions, Loaded
from appliance.machine import big_cores
from appliance.machine import memory as machine_memory
from appliance.messages import Answered, Ask, Exchange, Message, Prefill, Prefilling, Score

SEQUENCES = 8
_TEMPLATE_KEY = "tokenizer.chat_template"
_MEGABYTE = 1 << 20

log = logging.getLogger(__name__)

Reason = Literal["stop", "length", "cancelled", "loop"]


def check_memory(need: memory.Need, limit: int) -> None:
    """`limit` in bytes; 0 asks the machine.

    Raises:
        LlmError: it would not fit.
    """
    if limit <= 0:
        found = machine_memory()
        if found is None:
            return
        limit = found.available
    if need.total > limit:
        raise LlmError(
            "out-of-memory",
            f"needs {need.total // _MEGABYTE} MB ({need.anonymous // _MEGABYTE} MB of it "
            f"unpageable), {limit // _MEGABYTE} MB are available",
        )


def checked_header(options: LlmOptions) -> Header:
    """The model file's header, once it is certain that llama.cpp may see the file.

    Raises:
        LlmError: missing, damaged, no language model, or too large for the memory.
    """
    path = Path(options.model)
    try:
        header = read_header(path)
    except FileNotFoundError as error:
        raise LlmError("model-missing", f"no file {path}") from error
    except (GgufError, OSError) as error:
        raise LlmError("model-corrupt", f"{path.name}: {error}") from error
    kind = header.text("general.type") or "model"
    if kind != "model" or not header.array_length("tokenizer.ggml.tokens"):
        raise LlmError("model-corrupt", f"{path.name} is no language model but a {kind}")
    check_memory(
        memory.estimate(
            header,
            options.context,
            options.block,
            options.kv_type_k,
            options.kv_type_v,
            options.repack,
        ),
        options.memory_limit,
    )
    return header


def choose_wrappers(wanted: str, own: str, model: Model) -> tuple[str, Wrappers, str]:
    """Name and wrappers of the template in force, and a warning or an empty text.

    `wanted` is the option, `own` what the GGUF carries. A model's own template that is refused is
    replaced by its family's, where the vocabulary tells the family.

    Raises:
        LlmError: refused, and nothing to take instead.
    """
    if wanted == "continuation":
        return wanted, CONTINUATION, ""
    if wanted in FAMILIES:
        return wanted, FAMILIES[wanted][1], ""
    begin = model.control_text(model.begin_token)
    end = model.control_text(model.end_token)
    family = fallback(lambda marker: _is_control(model, marker))
    template = wanted or own
    warning = ""
    if template:
        try:
            return "own" if own == template else "given", reduce(template, begin, end), ""
        except TemplateError as error:
            if wanted or family is None:
                raise LlmError("template-refused", str(error)) from error
            warning = f"the model's chat template is refused ({error}); using {family[0]}"
    if family is not None:
        return family[0], family[1], warning
    return "continuation", CONTINUATION, "no chat template: taken for a base model"


def _is_control(model: Model, marker: str) -> bool:
    tokens = model.tokenize(marker, control=True)
    return len(tokens) == 1 and model.is_control(tokens[0])


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
        header = checked_header(options)
        self._clock = clock
        self._options = options
        self._threads = options.threads or big_cores()
        self._batch_threads = options.batch_threads or self._threads
        self._wanted_threads = (self._threads, self._batch_threads)
        self._control = Control()
        try:
            self._model = Model(Path(options.model), progress, options.repack, options.lock_memory)
        except NativeError as error:
            raise LlmError("model-corrupt", str(error)) from error
        name, self._wrappers, warning = choose_wrappers(
            options.template, header.text(_TEMPLATE_KEY), self._model
        )
        size = min(options.context, self._model.trained_context or options.context)
        self._context = self._make_context(size)
        # The answer's share of the context. It must not change from one prompt to the next, or
        # the same conversation would be cut differently.
        self._reserve = self._context.size // 4
        self._builder = PromptBuilder(self._model, self._wrappers, self._context.size)
        self._timeline = Timeline(self._context, options.block)
        self._scorer = Scorer(self._context, SEQUENCES)
        self._stops = (*self._wrappers.stops, *options.stops)
        self._store = self._make_store(header)
        self._saved: set[tuple[int, ...]] = set()
        self._untidy: tuple[str, tuple[Exchange, ...]] | None = None
        self._unsaved_system: str | None = None
        self.loaded = Loaded(
            "llama.cpp",
            options.name or header.text("general.name") or Path(options.model).stem,
            {
                "description": self._model.description,
                "context": self._context.size,
                "threads": self._threads,
                "block": options.block,
                "template": name,
                "weights_mb": header.weight_bytes // _MEGABYTE,
                "anonymous_mb": memory.usage().anonymous // _MEGABYTE,
            },
            (warning,) if warning else (),
        )

    def _make_context(self, size: int) -> Context:
        options = self._options
        try:
            return Context(
                self._model,
                size,
                options.block,
                self._threads,
                self._batch_threads,
                self._control.flag,
                options.kv_type_k,
                options.kv_type_v,
                SEQUENCES,
                options.flash_attention,
            )
        except NativeError as error:
            code: FaultCode = "out-of-memory" if "alloc" in str(error) else "internal"
            raise LlmError(code, str(error)) from error

    def _make_store(self, header: Header) -> StateStore | None:
        options = self._options
        if not options.state_directory:
            return None
        identity = "|".join(
            (
                options.model_hash or header.fingerprint,
                hashlib.sha256(binding.build().encode()).hexdigest(),
                f"{self._context.size} {options.block} {options.repack}",
                f"{options.kv_type_k} {options.kv_type_v} {options.flash_attention}",
            )
        )
        return StateStore(Path(options.state_directory), identity)

    # ------------------------------------------------------------ answering

    def begin(self, turn: int) -> None:
        self._control.begin_turn(turn)

    def stop(self, turn: int) -> None:
        self._control.stop(turn)

    def give_way(self, message: Message) -> None:
        self._control.give_way(message)

    def set_threads(self, threads: int) -> None:
        self._wanted_threads = (max(1, threads), max(1, threads))

    def answer(self, ask: Ask, send: Callable[[Message], None]) -> Answered:
        began = self._clock()
        try:
            prompt = self._prompt(ask.system, ask.history, ask.question, ask.thinking)
            self._restore(ask.system)
            reused = self._timeline.reusable(prompt.tokens)
            output = Output(
                ask.turn,
                send,
                self._model.piece,
                self._stops,
                self._wrappers.can_think or ask.thinking,
                self._builder.opens_thought(ask.thinking),
            )
            prefilled = self._prefill_turn(ask.turn, prompt.tokens, reused, send)
            ready = self._clock()
            reason = self._decode(ask, output) if prefilled else "cancelled"
            ended = self._clock()
        finally:
            self._control.end()
        output.finish()
        ids = ids_of(self._model, output.text, output.answer_ids)
        self._untidy = (
            ask.system,
            (*ask.history, Exchange(ask.question, output.text, pack_ids(ids))),
        )
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
        )

    def _prompt(
        self, system: str, history: Sequence[Exchange], question: str, thinking: bool
    ) -> Prompt:
        try:
            return self._builder.build(system, history, question, self._reserve, thinking)
        except TooLong as error:
            raise LlmError("too-long", str(error)) from error

    def _prefill_turn(
        self, turn: int, tokens: Sequence[int], reused: int, send: Callable[[Message], None]
    ) -> bool:
        self._apply_threads()
        send(Prefilling(turn, reused, len(tokens), reused))

        def report(done: int) -> bool:
            send(Prefilling(turn, done, len(tokens), reused))
            self._apply_threads()
            return not self._control.flag.is_set

        try:
            return self._timeline.evaluate(tokens, report)
        except Aborted:
            return False

    def _decode(self, ask: Ask, output: Output) -> Reason:
        timeline, context, model = self._timeline, self._context, self._model
        limit = min(ask.max_tokens, context.size - len(timeline.tokens))
        sampler = Sampler(model, ask.sampling)
        try:
            while not self._control.flag.is_set:
                token = sampler.sample(context)
                if model.is_end(token):
                    return "stop"
                output.add(token)
                if output.stopped:
                    return "stop"
                if len(output.ids) >= limit:
                    return "length"
                if output.loops:
                    return "loop"
                if self._wanted_threads != (self._threads, self._batch_threads):
                    self._apply_threads()
                timeline.append(token)
        except Aborted:
            pass
        finally:
            sampler.close()
            timeline.logits_lost()
        return "cancelled"

    def _apply_threads(self) -> None:
        wanted = self._wanted_threads
        if wanted != (self._threads, self._batch_threads):
            self._threads, self._batch_threads = wanted
            self._context.set_threads(*wanted)

    # ------------------------------------------------------------ while nobody waits

    def prefill(self, message: Prefill, waiting: Callable[[], bool]) -> bool:
        try:
            prompt = self._prompt(
                message.system, message.history, message.certain, message.thinking
            )
        except LlmError as error:
            log.info("nothing to prefill: %s", error)
            return True
        self._restore(message.system)
        ahead = Ahead(message.system, message.history, message.certain, prompt.body)
        # What is not in full blocks would be evaluated again with the rest of the question.
        work = self._timeline.evaluate if message.closed else self._timeline.settle
        tokens = prompt.tokens if message.closed else prompt.tokens[: prompt.body]
        done = self._ahead(
            ahead,
            waiting,
            self._timeline.reusable(tokens),
            lambda report: work(tokens, report),
        )
        if done:
            self._untidy = None
            self._unsaved_system = message.system
        return done

    def tidy(self, waiting: Callable[[], bool]) -> bool:
        if self._untidy is not None:
            system, history = self._untidy
            tokens = self._builder.history(system, history, self._reserve)
            ahead = Ahead(system, history, "", len(tokens))
            if not self._ahead(
                ahead, waiting, 0, lambda report: self._timeline.settle(tokens, report)
            ):
                return False
            self._untidy = None
            self._unsaved_system = system
        if self._unsaved_system is not None:
            self._save(self._unsaved_system)
            self._unsaved_system = None
        return True

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

    def _system_blocks(self, system: str) -> list[int]:
        tokens = self._builder.system(system)
        return tokens[: len(tokens) // self._timeline.block * self._timeline.block]

    def _restore(self, system: str) -> None:
        """Load the system prompt's state unless the memory holds it already."""
        blocks = self._system_blocks(system)
        if self._store is None or not blocks:
            return
        if common_prefix(blocks, self._timeline.tokens[: self._timeline.settled]) == len(blocks):
            return
        saved = self._store.load(blocks)
        if saved is not None and self._timeline.adopt(saved.tokens, saved.state):
            self._saved.add(tuple(blocks))

    def _save(self, system: str) -> None:
        blocks = self._system_blocks(system)
        if self._store is None or not blocks or tuple(blocks) in self._saved:
            return
        if common_prefix(blocks, self._timeline.tokens[: self._timeline.settled]) < len(blocks):
            return
        self._context.copy(0, 1, len(blocks))
        state = self._context.state(1)
        self._context.remove(1, 0)
        self._saved.add(tuple(blocks))
        try:
            self._store.save(blocks, state)
        except OSError as error:
            log.warning("prompt state not saved: %s", error)

    # ------------------------------------------------------------ scoring

    def score(self, message: Score) -> tuple[float, ...]:
        self._control.begin_score()
        try:
            return self._score(message)
        except (Aborted, ContextFullError, TooLong):
            return ()
        finally:
            self._timeline.logits_lost()
            self._control.end()

    def _score(self, message: Score) -> tuple[float, ...]:
        base = self._builder.history(message.system, message.history, self._reserve)
        candidates = [self._model.tokenize(text, control=False) for text in message.candidates]
        self._restore(message.system)
        self._timeline.evaluate(base)
        size = self._model.vocabulary_size
        logits = self._context.logits(-1)
        first = [log_probability(logits, one[0], size) if one else 0.0 for one in candidates]
        return tuple(self._scorer.score(candidates, first, len(base)))

    def close(self) -> None:
        self._context.close()
        self._model.close()
