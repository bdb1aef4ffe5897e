"""What a command says when it cannot do what was asked."""

from __future__ import annotations


class CommandError(Exception):
    """One clear line for the person at the terminal; exit status 1."""
