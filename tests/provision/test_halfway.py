"""A pip that was killed at any point of installing a wheel: the next run makes it whole."""

import shutil
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from appliance.provision import halfway
from appliance.provision.halfway import clear_halves, is_half
from appliance.provision.requirements import missing


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An environment's own folder with one whole distribution, on the path of this process."""
    info = tmp_path / "parrot-1.0.dist-info"
    info.mkdir()
    (tmp_path / "parrot.py").write_text("")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot\nVersion: 1.0\n")
    (info / "INSTALLER").write_text("pip\n")
    (info / "RECORD").write_text("parrot.py,,\nparrot-1.0.dist-info/INSTALLER,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(halfway, "own_folders", lambda: [tmp_path])
    return tmp_path


def cut_before_the_record(info: Path) -> None:
    (info / "RECORD").unlink()
    (info / "INSTALLER").unlink()


def cut_with_the_wheel_s_own_record(info: Path) -> None:
    (info / "RECORD").write_text("parrot.py,,\n")


def cut_in_the_record(info: Path) -> None:
    (info / "RECORD").write_text("")


def cut_before_the_metadata(info: Path) -> None:
    for file in info.iterdir():
        file.unlink()


CUTS = [
    cut_before_the_record,
    cut_with_the_wheel_s_own_record,
    cut_in_the_record,
    cut_before_the_metadata,
]


def test_what_is_whole_is_there_and_stays(folder):
    assert missing(["parrot>=1"]) == []
    assert clear_halves() == []
    assert not is_half(PathDistribution(folder / "parrot-1.0.dist-info"))


@pytest.mark.parametrize("cut", CUTS)
def test_what_is_half_is_missing_and_cleared_for_pip(folder, cut):
    cut(folder / "parrot-1.0.dist-info")
    assert missing(["parrot>=1"]) == ["parrot>=1"]
    assert clear_halves() == ["parrot-1.0.dist-info"]
    assert not (folder / "parrot-1.0.dist-info").exists()


def test_what_pip_had_moved_aside_is_cleared(folder):
    shutil.copytree(folder / "parrot-1.0.dist-info", folder / "~arrot-1.0.dist-info")
    (folder / "~arrot").mkdir()
    assert sorted(clear_halves()) == ["~arrot", "~arrot-1.0.dist-info"]
    assert missing(["parrot>=1"]) == []


def test_nothing_is_cleared_where_distributions_are_not_ours(monkeypatch):
    """The system's own Python: Debian's packages have no RECORD."""
    monkeypatch.setattr(halfway.sys, "prefix", halfway.sys.base_prefix)
    assert halfway.own_folders() == []
