"""The words of the interface: complete in both languages, short enough for the glass."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest

from ui import font
from ui.layout import TEXT_WIDTH, Layout
from ui.strings import TEXTS, Language, Text, text

ROOT = Path(__file__).parents[2]
FAULTS = (
    "arriving",
    *("model-missing", "model-corrupt", "engine-missing", "out-of-memory", "template-refused"),
    *("no-microphone", "no-speaker", "device-busy", "device-lost", "silence", "too-long"),
    "internal",
)
ON_PAGES = tuple(
    f"fault.{code}"
    for code in (
        *("title", "model-missing", "model-corrupt", "worker-died", "engine-foreign"),
        *("llm-crashes", "tts-crashes"),
        *("config", "config-unreadable"),
    )
)
_FIELDS = defaultdict(
    lambda: "wordnet",
    {"percent": 100, "used": 9999, "whole": 10000, "turns": 12, "most": 2000, "bus": 11},
    title="Young scientist",
    word="八个字的自造新词",
    what=text("wait.llm-engine", Language.ZH, percent=100),
)
TOASTS = [key for key in TEXTS if key.startswith(("toast.", "hint."))]
FAULTS_IN_TOASTS = [key for key in TEXTS if key.startswith("fault.") and key not in ON_PAGES]


def keys_used(folder: str) -> set[str]:
    """Literal keys given to `say(...)` or `text(...)`; an f-string as a pattern."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = node.func
            name = getattr(function, "attr", getattr(function, "id", ""))
            if name in ("say", "_say", "ui_text"):
                found |= set(_keys(node.args[0]))
    return found


def _keys(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _keys(node.body) + _keys(node.orelse)
    if isinstance(node, ast.JoinedStr):
        parts = [
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
            for part in node.values
        ]
        return ["".join(parts)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [re.escape(node.value)]
    return []


def test_every_key_that_the_appliance_says_exists() -> None:
    patterns = [key for key in keys_used("appliance") if re.match(r"[a-z-]+\\\.", key)]
    assert patterns
    missing = [key for key in patterns if not any(re.fullmatch(key, known) for known in TEXTS)]
    assert not missing


def test_every_fault_says_what_is_wrong_and_what_to_do() -> None:
    for code in FAULTS:
        zh, en = text(f"fault.{code}", Language.ZH), text(f"fault.{code}", Language.EN)
        assert len(re.split("[。，：]", zh)) >= 2
        assert len(en.split(". ")) >= 2 or ":" in en or ";" in en


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_take_the_same_fields(key: str) -> None:
    zh, en = ({name for _, name, _, _ in Formatter().parse(each) if name} for each in TEXTS[key])
    assert zh == en


@pytest.mark.parametrize("key", [key for key in TEXTS if key.startswith("keys.")])
def test_key_hints_fit_one_row_with_their_groups_apart(key: str) -> None:
    for hint in TEXTS[key]:
        groups = hint.split("  ")
        assert sum(map(font.body().width, groups)) + 3 * (len(groups) - 1) <= TEXT_WIDTH


def test_every_line_about_the_keys_fits_one_row() -> None:
    for help_text in TEXTS["help.text"]:
        assert all(font.body().width(line) <= TEXT_WIDTH for line in help_text.splitlines())


@pytest.mark.parametrize("key", [key for key in TEXTS if key.endswith("title")])
def test_titles_fit_one_row_with_a_counter(key: str) -> None:
    for title in TEXTS[key]:
        assert font.body().width(title) <= TEXT_WIDTH - 26


@pytest.mark.parametrize("key", [key for key in TEXTS if key.startswith(("wait.", "thinking."))])
def test_what_is_waited_for_fits_one_row(key: str) -> None:
    for line in TEXTS[key]:
        shown = line.format(percent=100, done=9999, total=9999)
        assert font.body().width(shown) <= TEXT_WIDTH


@pytest.mark.parametrize("key", [*TOASTS, *FAULTS_IN_TOASTS])
def test_toasts_fit_their_box(key: str) -> None:
    for toast in TEXTS[key]:
        layout = Layout(font.body(), TEXT_WIDTH - 10)
        layout.append(toast.format_map(_FIELDS))
        assert len(layout) <= (4 if key.startswith("fault.") else 3)


def test_fields_are_filled_in() -> None:
    assert text("toast.volume", Language.EN, percent=70) == "Volume 70%"
    with pytest.raises(KeyError):
        text("toast.volume", Language.EN)
    with pytest.raises(KeyError):
        text("no.such-key", Language.EN)


def test_a_text_is_read_in_a_language_or_as_settings_name_it() -> None:
    hello = Text("你好", "Hello")
    assert [hello.of(language) for language in (*Language, "zh", "en")] == [*hello, *hello]


def test_nobody_but_a_text_chooses_between_the_languages() -> None:
    choice = re.compile(
        r"is (not )?Language\.|\[.*(== \"(zh|en)\"|Language\.(EN|ZH))\]|== \"(zh|en)\" else"
    )
    lines = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("appliance", "drivers", "ui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "understanding" not in path.parts  # there each language has a grammar of its own
        for line in path.read_text(encoding="utf-8").splitlines()
        if choice.search(line)
    ]
    assert lines == []
