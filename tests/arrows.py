"""Who knows whom: every import of every file of ours, read from the source.

Imports for types only count, and so do imports inside functions: an arrow is what a reader has to
follow, not what runs. A module named in a string, as the tables of engines do, counts as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("appliance", "bench", "drivers", "fonts", "tests", "ui")


@dataclass(frozen=True, slots=True)
class Arrow:
    """`source` names `target` in this line."""

    source: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line} knows {self.target}"


@cache
def modules() -> Mapping[str, Path]:
    """Every file of ours by its dotted name; a package's is that of its `__init__`."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def arrows() -> tuple[Arrow, ...]:
    """All of them, file by file."""
    return tuple(
        Arrow(name, target, line)
        for name, path in modules().items()
        for target, line in known(ast.parse(path.read_text(encoding="utf-8")), modules())
        if target != name
    )


def known(tree: ast.AST, there_are: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """The modules of `there_are` that a file names, and in which line."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                found = [_imported(module, alias.name, there_are) for alias in names]
            case ast.Constant(value=str(text)) if "." in text:
                found = [text]
            case _:
                continue
        yield from ((name, node.lineno) for name in dict.fromkeys(found) if name in there_are)


def _imported(module: str, name: str, there_are: Mapping[str, object]) -> str:
    """`from a import b` names the module a.b where there is one, else a."""
    return f"{module}.{name}" if f"{module}.{name}" in there_are else module


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """A shortest way from some node back to itself; nothing where there is none."""
    shortest: list[str] = []
    for start in sorted(_knotted(edges)):
        way = _way_back(start, edges)
        if way and (not shortest or len(way) < len(shortest)):
            shortest = way
    return shortest


def _knotted(edges: Mapping[str, set[str]]) -> set[str]:
    """The nodes that are left when all that know nobody else are taken away, again and again."""
    left = {node: set(targets) & edges.keys() for node, targets in edges.items()}
    while free := [node for node, targets in left.items() if not targets]:
        for node in free:
            del left[node]
        for targets in left.values():
            targets.difference_update(free)
    return set(left)


def _way_back(start: str, edges: Mapping[str, set[str]]) -> list[str]:
    """Breadth first."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for target in sorted(edges.get(way[-1], ())):
            if target == start:
                return [*way, start]
            if target not in seen:
                seen.add(target)
                ways.append([*way, target])
    return []
