"""`lory words`: what the input method has learnt, as text: list, export, import, forget."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from appliance import paths
from appliance.errors import CommandError
from appliance.text_file import decode

if TYPE_CHECKING:
    from ui.input.learning.habits import Habits


def _habits() -> Habits:
    from appliance.memory.user_words import SqliteUserWords
    from ui.input.engine import DATA
    from ui.input.learning.habits import Habits
    from ui.input.model import DataError, Model

    store = SqliteUserWords(paths.state_dir() / "ime.db", report=_refuse)
    try:
        return Habits(Model(DATA), store)
    except DataError as error:
        raise CommandError(str(error)) from error


def _refuse(code: str, detail: str) -> None:
    if code == "user-words-reset":
        print(f"lory: the user words were damaged: {detail}", file=sys.stderr)
    else:
        raise CommandError(f"the user words cannot be read or written: {detail}")


def export(arguments: argparse.Namespace) -> int:
    """Everything learnt, to a file or to standard output."""
    text = _habits().export()
    if arguments.file is None:
        sys.stdout.write(text)
        return 0
    try:
        arguments.file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(str(error)) from error
    print(f"{text.count(chr(10))} lines")
    return 0


def _list_in(file: Path) -> str:
    """Raises: OSError, ValueError: cannot be read, or another encoding, which is named."""
    if str(file) != "-":
        return decode(file.read_bytes(), file.name, chinese=True)
    if not hasattr(sys.stdin, "buffer"):
        return sys.stdin.read()
    return decode(sys.stdin.buffer.read(), "standard input", chinese=True)


def import_(arguments: argparse.Namespace) -> int:
    """Take over what a file holds."""
    try:
        count = _habits().import_text(_list_in(arguments.file))
    except (OSError, ValueError) as error:
        raise CommandError(f"{arguments.file}: {error}") from error
    print(f"{count} lines")
    return 0


def forget(arguments: argparse.Namespace) -> int:
    """Some words, or everything."""
    habits = _habits()
    if arguments.all:
        habits.forget_all()
        return 0
    if not arguments.word:
        raise CommandError("which word? (--all: everything)")
    unknown = [word for word in arguments.word if not habits.forget(word)]
    if unknown:
        raise CommandError("nothing was learnt of " + ", ".join(unknown))
    return 0
