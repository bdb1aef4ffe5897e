"""Which set runs, and the sentence that says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.models.catalogue import Catalogue, Part
from appliance.models.catalogue_file import read_catalogue
from appliance.models.choose import (
    Machine,
    choose_set,
    lacking,
    reachable_sources,
    this_machine,
)
from appliance.models.store import Store

PC = Machine(ram_mb=16000, cores=8, arch="x86_64")
BOARD = Machine(ram_mb=8000, cores=8, arch="aarch64", board="radxa,rock-5b rockchip,rk3588")
ROUTER = Machine(ram_mb=1000, cores=4, arch="aarch64")
ALL = frozenset({"pypi", "https"})
INDEX = frozenset({"pypi"})


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


@pytest.mark.parametrize(
    ("reachable", "machine", "name"),
    [
        (ALL, PC, "default"),
        (INDEX, PC, "default"),
        (ALL, BOARD, "rk3588"),
        (INDEX, BOARD, "default"),
        (ALL, ROUTER, "router"),
        (INDEX, ROUTER, "router"),
    ],
)
def test_the_set_follows_reach_and_machine(
    catalogue: Catalogue, reachable: frozenset[str], machine: Machine, name: str
) -> None:
    choice = choose_set(reachable, machine, catalogue)
    assert choice.name == name
    assert "\n" not in " ".join(choice.why.split())


def test_the_default_set_admits_its_error_rate_and_speed(catalogue: Catalogue) -> None:
    why = choose_set(INDEX, PC, catalogue).why
    assert "CER" in why and "tok/s" in why


def test_a_better_set_out_of_reach_is_named_with_the_way_to_carry_it(
    catalogue: Catalogue,
) -> None:
    why = choose_set(INDEX, BOARD, catalogue).why
    assert "rk3588" in why and "lory models import" in why


def test_a_machine_too_small_for_the_default_is_told_so(catalogue: Catalogue) -> None:
    assert "too little" in choose_set(INDEX, ROUTER, catalogue).why


def test_the_machine_is_read_from_the_kernel(tmp_path: Path) -> None:
    (tmp_path / "proc/device-tree").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text("MemTotal:        7906250 kB\nMemFree: 1 kB\n")
    (tmp_path / "proc/device-tree/compatible").write_bytes(b"friendlyelec,r6\0rockchip,rk3588s\0")
    machine = this_machine(tmp_path)
    assert machine.ram_mb == 8096
    assert machine.is_rk3588


def test_reach_is_asked_of_the_index_and_of_the_places_of_one_file(catalogue: Catalogue) -> None:
    asked: list[Part] = []

    def pages(part: Part) -> list[str]:
        asked.append(part)
        return []

    assert reachable_sources(catalogue, lambda: True, pages) == {"pypi"}
    assert len(asked[0].sources) > 2
    assert reachable_sources(catalogue, lambda: False, lambda part: [part.source]) == {"https"}


def test_a_set_lacks_nothing_where_what_is_better_is_there(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    there = {"sense-voice-int8", "silero-vad"}
    monkeypatch.setattr(store, "state", lambda m: "installed" if m.name in there else "absent")
    assert [model.role for model in lacking("default", catalogue, store)] == ["llm", "tts"]
