"""An engine over the tiny model that says what a test tells it to, token by token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from appliance.engines.llama import engine as engine_module
from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.prompt import unpack_ids
from appliance.engines.llm import LlmOptions
from appliance.messages import Answered, Ask, Exchange, Message, Retract, Token
from tests.tiny.llama import (
    CONTROL,
    USER_DEFINED,
    byte_letters,
    metadata,
    pack,
    tensors,
    vocabulary,
)

Script = Sequence[str | bytes]


class _Prompter:
    """Stands where the sampler stands."""

    def __init__(self, tokens: Iterable[int]) -> None:
        self._tokens = iter(tokens)

    def sample(self, context: object, row: int = -1) -> int:
        return next(self._tokens)

    def close(self) -> None:
        pass


class Speaker:
    """A vocabulary and a template; `model` is a file of theirs, `engine` runs it."""

    def __init__(
        self,
        directory: Path,
        template: str | None,
        control: Sequence[str] = CONTROL,
        user_defined: Sequence[str] = USER_DEFINED,
        **options: object,
    ) -> None:
        self._texts, _ = vocabulary(control, user_defined)
        self._end = control[-1]
        self.model = directory / "speaker.gguf"
        self.model.write_bytes(
            pack(metadata(template, control, user_defined), tensors(1, False, len(self._texts)))
        )
        settings = {"context": 1024, "threads": 1, "block": 16, **options}
        self.engine = LlamaEngine(LlmOptions(str(self.model), **settings))  # type: ignore[arg-type]
        self.parts: list[tuple[str, bool]] = []

    def ids(self, script: Script) -> list[int]:
        """A text of the vocabulary's marks is that token; others, and bytes, are spelled."""
        letters, found = byte_letters(), []
        for piece in script:
            if isinstance(piece, str) and piece in self._texts:
                found.append(self._texts.index(piece))
            else:
                data = piece if isinstance(piece, bytes) else piece.encode()
                found += [self._texts.index(letters[byte]) for byte in data]
        return found

    def say(
        self,
        script: Script,
        question: str = "q",
        thinking: bool = False,
        limit: int = 400,
        history: tuple[Exchange, ...] = (),
    ) -> Answered:
        """Answer with this; what came of it is in `answer`, `thought` and `parts`."""
        tokens = [*self.ids(script), self._texts.index(self._end)]
        self.parts, self.answer, self.thought = [], "", ""

        def take(message: Message) -> None:
            match message:
                case Token(_, text, _, thought):
                    self.parts.append((text, thought))
                    if thought:
                        self.thought += text
                    else:
                        self.answer += text
                case Retract():
                    self.thought += self.answer
                    self.answer = ""

        sampler, engine_module.Sampler = engine_module.Sampler, lambda *_: _Prompter(tokens)
        try:
            self.engine.begin(1)
            return self.engine.answer(Ask(1, "s", history, question, limit, thinking), take)
        finally:
            engine_module.Sampler = sampler

    def spelled(self, ids: bytes) -> str:
        """The text of ids as they are recorded."""
        return b"".join(map(self.engine._model.piece, unpack_ids(ids))).decode()
