"""Asks for a WAV file to be heard by the microphone."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input

from appliance.panel.hardware import Language
from appliance.panel.typed_path import typed_path

_PLACEHOLDER: dict[Language, str] = {
    "zh": "WAV 文件路径（→ 补全，回车送入，Esc 取消）",
    "en": "path of a WAV file (→ completes, Enter feeds, Esc cancels)",
}


class WavSuggester(Suggester):
    """Completes a path to the first directory or WAV file that begins like it."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        folder, slash, start = value.rpartition("/")
        try:
            where = Path(folder + slash).expanduser() if slash else Path()
            found = sorted(path for path in where.iterdir() if path.name.startswith(start))
        except (OSError, RuntimeError, ValueError):  # also: nobody of that name; a NUL
            return None
        for path in found:
            if path.is_dir() or path.suffix.lower() == ".wav":
                return f"{folder}{slash}{path.name}{'/' if path.is_dir() else ''}"
        return None


class WavPrompt(ModalScreen[Path | None]):
    """Dismissed with the path that was typed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]
    DEFAULT_CSS = """
    WavPrompt { align: center bottom; background: $background 40%; }
    WavPrompt > Input { width: 100%; }
    """

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def compose(self) -> ComposeResult:
        yield Input(placeholder=_PLACEHOLDER[self._language], suggester=WavSuggester())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(typed_path(event.value))

    def action_cancel(self) -> None:
        self.dismiss(None)
