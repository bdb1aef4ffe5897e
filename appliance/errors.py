"""The root of whatever goes wrong and has a name, and what a command says when it cannot go on."""

from __future__ import annotations


class LoryError(Exception):
    """Root of the errors of the appliance; each is also the builtin error that it resembles.

    `code` selects what the user reads, in their language (`fault.CODE` of `ui.strings`); it is that
    of the `Fault` a worker makes of it. `str()` is one English line, for the log.
    """

    code: str = "internal"


class CommandError(LoryError):
    """One clear line for the person at the terminal; exit status 1."""
