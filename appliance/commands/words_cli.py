"""`lory words`: what the input method has learnt, as text: list, export, import, forget."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from appliance import paths
from appliance.errors import CommandError

if TYPE_CHECKING:
    from ui.input.learning.habits import Habits

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_EPILOG = """\
A line is `word TAB pinyin [TAB count]`, syllables parted by an apostrophe or a space.
A running box reads its words when it starts: restart it after an import."""


def add_parser(commands: Subparsers) -> None:
    """Mount `lory words`."""
    words = commands.add_parser(
        "words",
        help="words and habits that typing has taught: export, import, forget",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = words.add_subparsers(title="what to do", metavar="WHAT", required=True)

    export = kinds.add_parser("export", help="write everything learnt as text")
    export.add_argument("file", type=Path, nargs="?", help="default: standard output")
    export.set_defaults(handler=_export)

    take = kinds.add_parser("import", help="take over an export, or a list of words")
    take.add_argument("file", type=Path, help="`-` for standard input")
    take.set_defaults(handler=_import)

    forget = kinds.add_parser("forget", help="forget words, or with --all everything")
    forget.add_argument("word", nargs="*")
    forget.add_argument("--all", action="store_true")
    forget.set_defaults(handler=_forget)


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


def _export(arguments: argparse.Namespace) -> int:
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


def _import(arguments: argparse.Namespace) -> int:
    try:
        if str(arguments.file) == "-":
            text = sys.stdin.read()
        else:
            text = arguments.file.read_text(encoding="utf-8-sig")
        count = _habits().import_text(text)
    except (OSError, ValueError) as error:
        raise CommandError(f"{arguments.file}: {error}") from error
    print(f"{count} lines")
    return 0


def _forget(arguments: argparse.Namespace) -> int:
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
