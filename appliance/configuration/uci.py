"""UCI to TOML: on OpenWrt the settings live in /etc/config/lory, and the schema stays the same.

A UCI section is named after a settings section, an option after a setting. The section `service`
belongs to the init script. Source: OpenWrt's "The UCI system", file syntax: `config TYPE NAME`,
`option NAME VALUE`; values are text, and a quoted one may span lines.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator

from appliance.configuration.config import format_config
from appliance.configuration.settings import SCHEMA, Value
from appliance.errors import LoryError

SERVICE_SECTION = "service"

_TRUE = frozenset({"1", "on", "true", "yes", "enabled"})
_FALSE = frozenset({"0", "off", "false", "no", "disabled"})


class UciError(LoryError, ValueError):
    """Not what `uci export` prints; says which line."""


def read_uci(text: str) -> dict[str, Value]:
    """The settings that the output of `uci export lory` makes, wrong ones among them: the box
    itself says what is wrong, on its glass.

    Raises:
        UciError: broken syntax.
    """
    values: dict[str, Value] = {}
    section = ""
    for words in _statements(text):
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
            case _:
                raise UciError(f"cannot read: {' '.join(words)}")
    return values


def main() -> int:
    """`uci export lory` on standard input, `lory.toml` on standard output."""
    try:
        text = sys.stdin.read()
        sys.stdout.write(format_config(read_uci(text)))
    except (UciError, UnicodeDecodeError) as error:
        print(f"lory: /etc/config/lory: {error}", file=sys.stderr)
        return 1
    return 0


def _statements(text: str) -> Iterator[list[str]]:
    """Lines as words. A statement goes on over line ends as long as a quote is open."""
    pending = ""
    for line in text.split("\n"):
        pending = f"{pending}\n{line}" if pending else line
        try:
            words = shlex.split(pending, comments=True)
        except ValueError:
            continue
        pending = ""
        if words:
            yield words
    if pending:
        opened = pending.strip().partition("\n")[0]
        raise UciError(f"a quote is not closed: {opened}")


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
