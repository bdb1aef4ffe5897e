"""The command line: `lory COMMAND`. Starts fast: a command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence

from appliance.commands.parsers import build_parser
from appliance.errors import CommandError

FAILURE = 1
INTERRUPTED = 130


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
