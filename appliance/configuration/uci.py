"""UCI to TOML: on OpenWrt the settings live in /etc/config/lory, and the schema stays the same.

A UCI section is named after a settings section, an option after a setting. The section `service`
belongs to the init script. Source: OpenWrt's "The UCI system", file syntax: `config TYPE NAME`,
`option NAME VALUE`; values are text, and a quoted one may span lines.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator

from appliance.configuration.config import Written, format_config
from appliance.configuration.settings import SCHEMA, Value
from appliance.errors import LoryError
from appliance.text_file import TextFileError, decode

SERVICE_SECTION = "service"
_UNREAD = "etc-config-lory"
_WORDS = frozenset({"asr.hot_words"})

_TRUE = frozenset({"1", "on", "true", "yes", "enabled"})
_FALSE = frozenset({"0", "off", "false", "no", "disabled"})


class UciError(LoryError, ValueError):
    """Not what `uci export` prints; says which line."""


def read_uci(text: str, complain: Callable[[str], None] | None = None) -> dict[str, Written]:
    """The settings that the output of `uci export lory` makes, wrong ones among them: the box
    itself says what is wrong, on its glass. A list is one text of words for a setting that takes
    several, and a list for any other. Where `complain` is given it is told what cannot be read,
    which is then left out.

    Raises:
        UciError: broken syntax, and nobody is to be told.
    """
    values: dict[str, Written] = {}
    section = ""
    for words in _statements(text.removeprefix("\ufeff")):
        match words:
            case ["package", _]:
                pass
            case ["config", kind]:
                section = kind
            case ["config", _, name]:
                section = name
            case ["option", name, value] if section:
                if section != SERVICE_SECTION:
                    values[f"{section}.{name}"] = _typed(f"{section}.{name}", value)
            case ["list", name, value] if section and _takes(f"{section}.{name}", complain):
                _append(values, f"{section}.{name}", value)
            case _:
                _refuse(f"cannot read: {' '.join(words)}", complain)
    return values


def _refuse(why: str, complain: Callable[[str], None] | None) -> None:
    if complain is None:
        raise UciError(why)
    complain(why)


def _takes(key: str, complain: Callable[[str], None] | None) -> bool:
    """Whether a list is taken: as words, or for the box to complain of."""
    return key in _WORDS or complain is not None


def _append(values: dict[str, Written], key: str, value: str) -> None:
    before = values.get(key, [])
    if key in _WORDS:
        values[key] = f"{before} {value}" if before else value
    elif not key.startswith(f"{SERVICE_SECTION}."):
        values[key] = [*(before if isinstance(before, list) else [str(before)]), value]


def to_toml(data: bytes) -> tuple[str, list[str]]:
    """`lory.toml` from what `uci export lory` wrote, and what could not be read of it. The box is
    told of that too, by settings that no schema knows.
    """
    complaints: list[str] = []
    try:
        text = decode(data, "/etc/config/lory", chinese=True)
    except TextFileError as error:
        complaints.append(str(error))
        text = data.decode("utf-8", "replace")
    values = read_uci(text, complaints.append)
    told: dict[str, Written] = {
        f"{_UNREAD}.line-{number}": why for number, why in enumerate(complaints, 1)
    }
    return format_config({**values, **told}), complaints


def main() -> int:
    """`uci export lory` on standard input, `lory.toml` on standard output. Whatever is wrong costs
    itself, never the start of the box.
    """
    toml, complaints = to_toml(sys.stdin.buffer.read())
    for why in complaints:
        print(f"lory: /etc/config/lory: {why}", file=sys.stderr)
    sys.stdout.buffer.write(toml.encode("utf-8", "replace"))
    return 0


def _statements(text: str) -> Iterator[list[str]]:
    """Lines as words. A statement goes on over line ends as long as a quote is open; one that is
    never closed is one word, which nothing takes.
    """
    pending: list[str] = []
    for line in text.split("\n"):
        pending.append(line)
        words = _words("\n".join(pending))
        if words is None:
            continue
        pending = []
        if words:
            yield words
    while pending:
        yield [f"a quote is not closed: {pending.pop(0).strip()}"]
        # What stood behind it is read by itself: it may be sound.
        for number, line in enumerate(pending):
            words = _words(line)
            if words is None:
                pending = pending[number:]
                break
            if words:
                yield words
        else:
            pending = []


def _words(text: str) -> list[str] | None:
    """None: a quote is open."""
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return None


def _typed(key: str, text: str) -> Value:
    """`text` as the setting's type; what does not fit stays text, for the schema to refuse."""
    default = SCHEMA[key].default if key in SCHEMA else ""
    if isinstance(default, bool):
        word = text.strip().lower()
        return word in _TRUE if word in _TRUE | _FALSE else text
    try:
        if isinstance(default, int):
            # Base 0 reads 0x3c, the usual spelling of an I2C address.
            return int(text, 0)
        return float(text) if isinstance(default, float) else text
    except ValueError:
        return text


if __name__ == "__main__":
    sys.exit(main())
