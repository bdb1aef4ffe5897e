"""Reads what a terminal sends as keys typed fast, where textual would read Alt and other keys.

Over a slow line, Esc and the next key arrive in one piece. Nobody types Alt on a pad of sixteen
keys, so an escape before an ordinary sign is the key Esc, and the sign the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.keys import Keys

_ESC = "\x1b"
# What begins sequences that a terminal sends. Source: ECMA-48 5.4; SS3: xterm's ctlseqs.
_INTRODUCERS = "[O]P"
_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# The mouse, and answers about modes: textual looks for them after the keys.
_NOT_KEYS = re.compile(r"\x1b\[(<.*|M|\?.*\$y|.*R)")


class TypedBytes(XTermParser):
    """Esc before a sign is a key of its own; sequences that are of no key type nothing."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if len(sequence) == 2 and sequence[0] == _ESC and sequence[1] not in _INTRODUCERS:
            yield events.Key("escape", _ESC)
            yield from super()._sequence_to_key_events(sequence[1])
            return
        found = list(super()._sequence_to_key_events(sequence, alt))
        yield from found
        if not found and _SEQUENCE.fullmatch(sequence) and not _NOT_KEYS.fullmatch(sequence):
            yield events.Key(Keys.Ignore, sequence)


@contextmanager
def typed_bytes() -> Iterator[None]:
    """Let textual's driver read with `TypedBytes`; it offers no other way in."""
    before = XTermParser
    setattr(linux_driver, "XTermParser", TypedBytes)  # noqa: B010 (no type of a name can be set)
    try:
        yield
    finally:
        setattr(linux_driver, "XTermParser", before)  # noqa: B010
