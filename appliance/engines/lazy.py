"""Names to classes, imported only when asked for: an absent package is one clear error."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from appliance.engines.errors import EngineMissingError


def load_class(table: Mapping[str, tuple[str, str]], name: str) -> Any:
    """The class that `table` names for `name` as (module, class).

    Raises:
        EngineMissingError: not in the table, or a package it needs is not installed.
    """
    if name not in table:
        raise EngineMissingError(f"no engine {name!r}; there are {', '.join(sorted(table))}")
    module, attribute = table[name]
    try:
        return getattr(import_module(module), attribute)
    except ImportError as error:
        raise EngineMissingError(f"engine {name!r} is not installed: {error}") from error
