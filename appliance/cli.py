"""The command line: `lory COMMAND`. Starts fast: a command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from appliance import __version__
from appliance.errors import CommandError

FAILURE = 1
INTERRUPTED = 130

_DESCRIPTION = """\
Lory 鹦鹉笼: an offline voice assistant on a keypad and a 128x64 OLED.
Type with T9 pinyin or speak; a local model answers on the glass and aloud.
Nothing leaves the box: only `lory models fetch` ever opens a connection."""


def build_parser() -> argparse.ArgumentParser:
    """All commands, their options and their help."""
    parser = argparse.ArgumentParser(
        prog="lory", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"lory {__version__}")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration (default: lory.toml of the user,"
        " /etc/lory/lory.toml of the service)"
    )  # fmt: skip
    parser.add_argument("-v", "--verbose", action="store_true", help="log to the terminal")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_running(commands)
    _add_asking(commands)
    _add_mounted(commands)
    _add_bench(commands)
    return parser


def _add_running(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser("run", help="the appliance, on its real keypad and display")
    run.set_defaults(handler=_run)

    panel = commands.add_parser("panel", help="the same firmware in this terminal, virtual parts")
    panel.add_argument(
        "--provision", action="store_true", help="install and fetch what is missing behind it"
    )
    panel.add_argument("--window", action="store_true", help="in a window with real pixels")
    panel.add_argument("--out", type=Path, default=Path("out"), help="where answers' WAVs go")
    panel.set_defaults(handler=_panel)

    demo = commands.add_parser("demo", help="a scripted session: PNGs, a GIF, WAVs, a transcript")
    demo.add_argument(
        "--provision", action="store_true", help="install and fetch what is missing first"
    )
    demo.add_argument("--out", type=Path, default=Path("out"), help="where everything goes")
    demo.set_defaults(handler=_demo)


def _add_asking(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ask = commands.add_parser("ask", help="answer one question as text")
    ask.add_argument("text", metavar="TEXT")
    ask.set_defaults(handler=_ask)

    hear = commands.add_parser("hear", help="write down what is said in a WAV file")
    hear.add_argument("file", metavar="FILE.wav", type=Path)
    hear.set_defaults(handler=_hear)

    say = commands.add_parser("say", help="speak a text")
    say.add_argument("text", metavar="TEXT")
    say.add_argument("-o", "--output", type=Path, metavar="FILE.wav", help="to a file instead")
    say.add_argument("--voice", default="", help="one of the TTS model's voices")
    say.set_defaults(handler=_say)


def _add_mounted(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from appliance.commands import doctor, models_cli, setup_box, shots, words_cli

    shots.add_parser(commands)
    setup_box.add_parser(commands)
    models_cli.add_parser(commands)
    words_cli.add_parser(commands)
    doctor.add_parser(commands)


def _add_bench(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    bench = commands.add_parser("bench", help="measure this machine")
    kinds = bench.add_subparsers(title="what to measure", metavar="WHAT", required=True)
    llm = kinds.add_parser("llm", help="prefill and decode speed of the language model")
    llm.add_argument("--model", type=Path, metavar="FILE.gguf", help="another model than the box's")
    llm.add_argument("--threads", type=int, default=0, help="default: all big cores")
    llm.add_argument("--json", action="store_true", help="one JSON object")
    llm.set_defaults(handler=_bench_llm)


# ---------------------------------------------------------------- handlers


def _run(arguments: argparse.Namespace) -> int:
    from appliance.box import run_box

    return run_box(arguments.config)


def _panel(arguments: argparse.Namespace) -> int:
    from appliance.commands.virtual_box import run_panel_box

    return run_panel_box(arguments.config, arguments.out, arguments.provision, arguments.window)


def _demo(arguments: argparse.Namespace) -> int:
    from appliance.commands.demo import run_demo

    return run_demo(arguments.config, arguments.out, arguments.provision)


def _ask(arguments: argparse.Namespace) -> int:
    from appliance.commands.headless import ask

    return ask(arguments.config, arguments.text)


def _hear(arguments: argparse.Namespace) -> int:
    from appliance.commands.headless import hear

    return hear(arguments.config, arguments.file)


def _say(arguments: argparse.Namespace) -> int:
    from appliance.commands.headless import say

    return say(arguments.config, arguments.text, arguments.output, arguments.voice)


def _bench_llm(arguments: argparse.Namespace) -> int:
    import msgspec

    from appliance.commands.llm_bench import format_table, measure
    from appliance.engines.llm import LlmError, LlmOptions
    from appliance.models.errors import ModelError
    from appliance.world import World

    try:
        with World.open(arguments.config) as world:
            if arguments.model:
                options = LlmOptions(str(arguments.model), threads=world.compute().cores)
            else:
                options = world.llm()
            if threads := arguments.threads:
                options = msgspec.structs.replace(options, threads=threads, batch_threads=threads)
            found = measure(options, report=_to_stderr)
    except (LlmError, ModelError) as error:
        raise CommandError(str(error)) from error
    if arguments.json:
        print(json.dumps(msgspec.to_builtins(found)))
    else:
        print(format_table(found))
    return 0


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)


# ---------------------------------------------------------------- entry


def _start_log(verbose: bool) -> None:
    """To stderr: the journal on a box. In a terminal only warnings, unless asked."""
    to_journal = "JOURNAL_STREAM" in os.environ or os.environ.get("LORY_SERVICE", "") not in (
        "",
        "0",
    )
    level = logging.INFO if verbose or to_journal else logging.ERROR
    form = "%(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=level, format=form, stream=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit status. 2: wrong usage, 1: failure, one clear line on stderr."""
    arguments = build_parser().parse_args(argv)
    _start_log(arguments.verbose)
    handler: Callable[[argparse.Namespace], int] = arguments.handler
    try:
        return handler(arguments)
    except CommandError as error:
        print(f"lory: {error}", file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
