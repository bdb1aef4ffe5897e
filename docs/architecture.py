"""Draws the floors of the house into docs/architecture.md, from the table that the tests obey.

python -m docs.architecture

A floor is a room of `appliance/` and what its docstring says it is. Which others it knows changes
too often to be written down: `python -m docs.architecture ROOM` prints it.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from tests.arrows import ROOT, arrows, modules
from tests.floors import FLOORS, STOREYS

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- floors: drawn by python -m docs.architecture -->\n", "<!-- /floors -->\n"


def drawing() -> str:
    """The house as a table of Markdown for each storey, the highest floor first."""
    lines = []
    for storey, rooms in reversed(STOREYS.items()):
        there = [room for room in reversed(rooms) if f"appliance.{room}" in modules()]
        lines += [
            f"**{storey}**",
            "",
            "| Floor | Room | What it is | Knows |",
            "|---:|---|---|---|",
        ]
        lines += [_row(room) for room in there]
        lines.append("")
    return "\n".join(lines)


def _row(room: str) -> str:
    path = modules()[f"appliance.{room}"]
    shown = path.parent if path.name == "__init__.py" else path
    place = f"[`{room}`](../{shown.relative_to(ROOT).as_posix()})"
    return f"| {FLOORS.index(room)} | {place} | {_what(path)} |"


def _what(path: Path) -> str:
    """The first sentence of the docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def known(room: str) -> list[str]:
    """The other rooms that files of this one name, the lowest first."""
    mine = f"appliance.{room}."
    targets = {it.target for it in arrows() if f"{it.source}.".startswith(mine)}
    rooms = {target.split(".")[1] for target in targets if target.startswith("appliance.")}
    return sorted(rooms - {room}, key=FLOORS.index)


def redrawn(page: str) -> str:
    """The page with today's drawing.

    Raises:
        ValueError: its marks are gone.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has no place for the drawing")
    return before + begin + "\n" + drawing() + end + after


def main() -> int:
    if rooms := sys.argv[1:]:
        for room in rooms:
            print(f"{room}: {' '.join(known(room))}")
        return 0
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
