"""Personas: a name, a system prompt; where wanted sampling, a LoRA adapter, a voice. In TOML.

Ours are in `appliance/personas/`; every `*.toml` in `personas/` beside `lory.toml` adds one of the
user's own, or replaces ours of the same file name. A file that cannot be used is told; the others
work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec
from msgspec import Struct, field

from appliance.messages import Sampling
from appliance.sampling import MOST_LORA, complaints
from appliance.text_file import parse_toml, read_text, user_files

DEFAULT = "lory"
MAX_BYTES = 64 << 10
"""Of one file. A system prompt that long would leave no room for a question."""

Bilingual = str | dict[str, str]


class Overrides(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sampling where it differs from what suits the model."""

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    seed: int | None = None

    def over(self, base: Sampling) -> Sampling:
        """`base` with what is set here."""
        changes = {
            name: value for name, value in msgspec.structs.asdict(self).items() if value is not None
        }
        return msgspec.structs.replace(base, **changes)


class Lora(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A LoRA adapter (GGUF). A relative `file` is beside the persona's own; `scale` 1.0 is all."""

    file: str
    scale: float = 1.0


class Persona(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who the box is. `title` and `prompt` are one text, or one each for `zh` and `en`.

    `voice` is a name of the TTS model's voices ("": the user's setting), `speed` multiplies the
    user's own. `literal`: a question is a text to work on, so the box answers none by itself and
    puts nothing behind it. `name` is the file's name without `.toml`.
    """

    title: Bilingual
    prompt: Bilingual
    sampling: Overrides = Overrides()
    lora: Lora | None = None
    voice: str = ""
    speed: float = 1.0
    literal: bool = False
    name: str = field(default="")

    def title_in(self, language: str) -> str:
        return _in(self.title, language)

    def prompt_in(self, language: str) -> str:
        return _in(self.prompt, language)


def _in(text: Bilingual, language: str) -> str:
    """The text for a UI language; Chinese, else whatever there is, for one that has none."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("zh") or next(iter(text.values()))


@dataclass(frozen=True, slots=True)
class Personas:
    """By name, ours first. `broken` says by file name what is wrong with a file."""

    by_name: Mapping[str, Persona]
    broken: Mapping[str, str]

    def named(self, name: str) -> Persona:
        """That persona, or the default one where it is gone."""
        return self.by_name.get(name) or self.by_name[DEFAULT]


def read_personas(directory: Path) -> Personas:
    """Ours and those of `directory`, which need not exist."""
    found = dict(_shipped())
    broken: dict[str, str] = {}
    for path in user_files(directory):
        try:
            text = read_text(path, MAX_BYTES)
            found[path.stem] = _parse(text, path.stem, directory)
        except (OSError, ValueError) as error:
            broken[path.name] = str(error).removeprefix(f"{path}: ")
    return Personas(found, broken)


def system_prompt(language: str) -> str:
    """The default persona's system prompt in a UI language."""
    return _shipped()[DEFAULT].prompt_in(language)


@cache
def _shipped() -> dict[str, Persona]:
    folder = resources.files("appliance") / "personas"
    files = [file.name for file in folder.iterdir() if file.name.endswith(".toml")]
    names = sorted(name.removesuffix(".toml") for name in files)
    names.sort(key=lambda name: name != DEFAULT)
    texts = {name: (folder / f"{name}.toml").read_text(encoding="utf-8") for name in names}
    return {name: _parse(text, name, None) for name, text in texts.items()}


def _parse(text: str, name: str, directory: Path | None) -> Persona:
    """Raises: ValueError: what is wrong, for people."""
    try:
        persona = msgspec.convert(parse_toml(text, f"{name}.toml"), Persona)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    _check(persona)
    lora = persona.lora
    if lora is not None and directory is not None:
        path = directory / lora.file
        if not path.is_file():
            raise ValueError(f"lora.file: no file {path}")
        lora = msgspec.structs.replace(lora, file=str(path.absolute()))
    return msgspec.structs.replace(persona, name=name, lora=lora)


def _check(persona: Persona) -> None:
    for key, text in (("title", persona.title), ("prompt", persona.prompt)):
        texts = [text] if isinstance(text, str) else list(text.values())
        if not texts or not all(one.strip() for one in texts):
            raise ValueError(f"{key} is empty")
    if not 0.5 <= persona.speed <= 2.0:
        raise ValueError(f"speed must be 0.5 to 2, not {persona.speed:g}")
    for complaint in complaints(msgspec.structs.asdict(persona.sampling)):
        raise ValueError(complaint)
    if persona.lora is not None and not -MOST_LORA <= persona.lora.scale <= MOST_LORA:
        most, scale = MOST_LORA, persona.lora.scale
        raise ValueError(f"lora.scale must be {-most:g} to {most:g}, not {scale:g}")
