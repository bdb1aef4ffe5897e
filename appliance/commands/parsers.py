"""Every command of `lory`: its options and its help.

Whoever only asks for help, and the box itself, loads nothing for it: a command's module is imported
when it runs.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from appliance import __version__
from appliance.commands import handlers
from appliance.paths import BOX_CONFIG, default_root

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_SCALE = 4  # pixels of a picture per pixel of the glass

_DESCRIPTION = """\
Lory 鹦鹉笼: an offline voice assistant on a keypad and a 128x64 OLED.
Type with T9 pinyin or speak; a local model answers on the glass and aloud.
Nothing leaves the box: only `lory models fetch` ever opens a connection."""


_WORDS_EPILOG = """\
A line is `word TAB pinyin [TAB count]`, syllables parted by an apostrophe or a space.
A running box reads its words when it starts: restart it after an import."""


def build_parser() -> argparse.ArgumentParser:
    """All commands, their options and their help."""
    parser = argparse.ArgumentParser(
        prog="lory", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"lory {__version__}")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="configuration (default: lory.toml of the user, /etc/lory/lory.toml of the service)",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="log to the terminal")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_running(commands)
    _add_asking(commands)
    _add_looking(commands)
    _add_setup(commands)
    _add_models(commands)
    _add_words(commands)
    _add_skill(commands)
    _add_doctor(commands)
    _add_bench(commands)
    return parser


def _add_running(commands: Subparsers) -> None:
    run = commands.add_parser("run", help="the appliance, on its real keypad and display")
    run.set_defaults(handler=handlers.run)

    panel = commands.add_parser("panel", help="the same firmware in this terminal, virtual parts")
    panel.add_argument(
        "--provision", action="store_true", help="install and fetch what is missing behind it"
    )
    panel.add_argument("--window", action="store_true", help="in a window with real pixels")
    panel.add_argument("--out", type=Path, default=Path("out"), help="where answers' WAVs go")
    panel.set_defaults(handler=handlers.panel)

    demo = commands.add_parser("demo", help="a scripted session: PNGs, a GIF, WAVs, a transcript")
    demo.add_argument(
        "--provision", action="store_true", help="install and fetch what is missing first"
    )
    demo.add_argument("--out", type=Path, default=Path("out"), help="where everything goes")
    demo.set_defaults(handler=handlers.demo)


def _add_asking(commands: Subparsers) -> None:
    ask = commands.add_parser("ask", help="answer one question as text")
    ask.add_argument("text", metavar="TEXT")
    ask.set_defaults(handler=handlers.ask)

    hear = commands.add_parser("hear", help="write down what is said in a WAV file")
    hear.add_argument("file", metavar="FILE.wav", type=Path)
    hear.set_defaults(handler=handlers.hear)

    say = commands.add_parser("say", help="speak a text")
    say.add_argument("text", metavar="TEXT")
    say.add_argument("-o", "--output", type=Path, metavar="FILE.wav", help="to a file instead")
    say.add_argument("--voice", default="", help="one of the TTS model's voices")
    say.set_defaults(handler=handlers.say)


def _add_looking(commands: Subparsers) -> None:
    shot = commands.add_parser("shot", help="a PNG of what the running box shows")
    shot.add_argument("--text", action="store_true", help="print it as braille instead")
    _add_output(shot, "PNG")
    shot.set_defaults(handler=handlers.shot)

    record = commands.add_parser("record", help="a GIF of the running box, until Ctrl-C")
    record.add_argument("--seconds", type=_seconds, metavar="N", help="end by itself after so long")
    _add_output(record, "GIF")
    record.set_defaults(handler=handlers.record)


def _add_output(parser: argparse.ArgumentParser, kind: str) -> None:
    name = f"lory-DATE-TIME.{kind.lower()}"
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=f"default: {name}; -: standard output"
    )
    parser.add_argument(
        "--scale",
        type=_scale,
        default=_SCALE,
        metavar="N",
        help=f"{kind} pixels per pixel of the glass (default: {_SCALE})",
    )


def _scale(text: str) -> int:
    scale = int(text)
    if not 1 <= scale <= 32:
        raise argparse.ArgumentTypeError("1 to 32")
    return scale


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError("more than 0, at most 3600")
    return seconds


def _add_config(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Behind the command's name too: `lory --config PATH COMMAND` has set it already."""
    parser.add_argument(
        "--config", type=Path, metavar="PATH", default=argparse.SUPPRESS, help=help_text
    )


def _add_setup(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "setup",
        help="find the parts and write the configuration",
        description="Probes buses, panel, keypad and sound, shows what it found and writes the "
        "configuration. Let go of all keys meanwhile. An older file is kept as a copy.",
    )
    parser.add_argument("--yes", action="store_true", help="write without asking")
    _add_config(parser, f"default: {BOX_CONFIG}")
    parser.set_defaults(handler=handlers.setup)


def _add_models(commands: Subparsers) -> None:
    parser = commands.add_parser("models", help="list, fetch, verify or import models")
    actions = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)

    listing = actions.add_parser("list", help="what there is, and what is installed")
    listing.add_argument("--json", action="store_true", help="one JSON object")
    listing.set_defaults(handler=handlers.models_list)

    fetching = actions.add_parser(
        "fetch", help="download models or sets (default: the set that fits this machine)"
    )
    fetching.add_argument("names", nargs="*", metavar="NAME", help="a set or a model")
    fetching.add_argument(
        "--progress-json", action="store_true", help="one JSON object per line on standard output"
    )
    fetching.add_argument(
        "--as-listed",
        action="store_true",
        help="a set's own models, also where better ones could be had",
    )
    fetching.set_defaults(handler=handlers.models_fetch)

    verifying = actions.add_parser("verify", help="hash every installed file (SHA-256)")
    verifying.add_argument("names", nargs="*", metavar="NAME", help="default: all installed")
    verifying.set_defaults(handler=handlers.models_verify)

    importing = actions.add_parser(
        "import", help="bring models from a directory, a USB stick or a .gguf file"
    )
    importing.add_argument("path", type=Path, metavar="PATH")
    importing.add_argument("--toml", type=Path, help="description of a .gguf file")
    importing.set_defaults(handler=handlers.models_import)

    tuning = actions.add_parser(
        "tune", help="measure which settings make a language model fastest on this machine"
    )
    tuning.add_argument("name", nargs="?", metavar="NAME", help="default: the one in use")
    tuning.add_argument("--quick", action="store_true", help="half a minute instead of three")
    tuning.add_argument("--json", action="store_true", help="one JSON object")
    tuning.set_defaults(handler=handlers.models_tune)

    for action in (listing, fetching, verifying, importing):
        action.add_argument(
            "--root", type=Path, default=None, help=f"model store (default: {default_root()})"
        )


def _add_words(commands: Subparsers) -> None:
    words = commands.add_parser(
        "words",
        help="words and habits that typing has taught: export, import, forget",
        epilog=_WORDS_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = words.add_subparsers(title="what to do", metavar="WHAT", required=True)

    export = kinds.add_parser("export", help="write everything learnt as text")
    export.add_argument("file", type=Path, nargs="?", help="default: standard output")
    export.set_defaults(handler=handlers.words_export)

    take = kinds.add_parser("import", help="take over an export, or a list of words")
    take.add_argument("file", type=Path, help="`-` for standard input")
    take.set_defaults(handler=handlers.words_import)

    forget = kinds.add_parser("forget", help="forget words, or with --all everything")
    forget.add_argument("word", nargs="*")
    forget.add_argument("--all", action="store_true")
    forget.set_defaults(handler=handlers.words_forget)


def _add_skill(commands: Subparsers) -> None:
    skill = commands.add_parser("skill", help="what is answered without the model")
    kinds = skill.add_subparsers(title="what to do", metavar="WHAT", required=True)
    trial = kinds.add_parser("try", help="show who claims a sentence, and what was understood")
    trial.add_argument("text", metavar="TEXT")
    trial.add_argument("--at", metavar="TIME", help="as if said then, such as 2026-11-24T08:30")
    trial.add_argument("--heard", action="store_true", help="as if spoken: words may sound alike")
    trial.add_argument("--json", action="store_true", help="one JSON object")
    trial.set_defaults(handler=handlers.skill_try)


def _add_doctor(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "doctor",
        help="say what is there, what is wrong and what to do about it",
        description="Looks at the program, the machine, the models, the buses and the sound. "
        "Let go of all keys meanwhile. Exit status 1 if something failed.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.add_argument(
        "--verify", action="store_true", help="check models by SHA-256, which takes a while"
    )
    _add_config(parser, f"default: {BOX_CONFIG} where there is one, else the user's")
    parser.set_defaults(handler=handlers.doctor)


def _add_bench(commands: Subparsers) -> None:
    bench = commands.add_parser("bench", help="measure this machine")
    kinds = bench.add_subparsers(title="what to measure", metavar="WHAT", required=True)
    llm = kinds.add_parser("llm", help="prefill and decode speed of the language model")
    llm.add_argument("--model", type=Path, metavar="FILE.gguf", help="another model than the box's")
    llm.add_argument("--threads", type=int, default=0, help="default: all big cores")
    llm.add_argument("--json", action="store_true", help="one JSON object")
    llm.set_defaults(handler=handlers.bench_llm)
