"""Looking at the glass of a running box from another process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import stat
from pathlib import Path

import pytest
from PIL import Image

from appliance import paths
from appliance.cli import main
from appliance.commands.shots import timed
from appliance.front.glass_socket import NoBoxError, connect, open_to_viewers, pictures
from appliance.front.watched_glass import WatchedGlass

BLANK = bytes(1024)
PICTURE = bytes(range(256)) * 4


class Panel:
    """A glass that takes everything."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    def show(self, frame: bytes, *, urgent: bool) -> None:
        self.calls.append((frame, urgent))

    def light(self, contrast: int | None) -> None:
        self.calls.append(contrast)

    def turn(self, *, invert: bool, rotate: bool) -> None:
        self.calls.append((invert, rotate))


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime directory whose sockets have far longer names than an address can hold."""
    place = tmp_path / ("long" * 30)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    monkeypatch.setattr("appliance.front.glass_socket.SERVICE_RUNTIME", tmp_path / "service")
    return place / "lory"


def test_a_watched_glass_passes_everything_on_and_knows_what_a_person_sees() -> None:
    panel = Panel()
    glass = WatchedGlass(panel)
    seen: list[bytes] = []
    unwatch = glass.watch(lambda: seen.append(glass.picture))
    glass.show(PICTURE, urgent=True)
    glass.turn(invert=True, rotate=True)
    glass.light(None)
    glass.light(9)
    unwatch()
    glass.show(BLANK, urgent=False)
    inverted = bytes(255 - byte for byte in PICTURE)
    assert seen == [PICTURE, inverted, BLANK, inverted]
    assert panel.calls == [(PICTURE, True), (True, True), None, 9, (BLANK, False)]


async def received(viewer: socket.socket, count: int) -> list[bytes]:
    shown = pictures(viewer)
    return await asyncio.to_thread(lambda: [next(shown) for _ in range(count)])


def test_a_viewer_is_sent_the_present_picture_and_every_other_one(runtime: Path) -> None:
    async def scenario() -> None:
        glass = WatchedGlass(Panel())
        glass.show(PICTURE, urgent=False)
        async with open_to_viewers(glass):
            with await asyncio.to_thread(connect) as viewer:
                assert await received(viewer, 1) == [PICTURE]
                glass.show(PICTURE, urgent=False)
                glass.light(None)
                assert await received(viewer, 1) == [BLANK], "an equal picture is not sent again"

    asyncio.run(scenario())


def test_a_viewer_that_does_not_read_costs_the_box_little_and_sees_the_newest_last(
    runtime: Path,
) -> None:
    async def scenario() -> None:
        glass = WatchedGlass(Panel())
        async with open_to_viewers(glass):
            with await asyncio.to_thread(connect) as viewer:
                await received(viewer, 1)
                for number in range(5000):
                    glass.show(number.to_bytes(2, "big") * 512, urgent=False)
                    await asyncio.sleep(0)
                last = b""
                count = 0
                while last != (4999).to_bytes(2, "big") * 512:
                    (last,) = await received(viewer, 1)
                    count += 1
                assert count < 50

    asyncio.run(scenario())


def test_the_socket_is_its_owners_and_goes_with_the_box(runtime: Path) -> None:
    async def scenario() -> None:
        async with open_to_viewers(WatchedGlass(Panel())):
            (path,) = runtime.iterdir()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
            viewer = await asyncio.to_thread(connect)
            await received(viewer, 1)
        assert not list(runtime.iterdir())
        with viewer:
            assert await asyncio.to_thread(lambda: list(pictures(viewer))) == []

    asyncio.run(scenario())


def test_a_box_whose_socket_cannot_be_made_runs_all_the_same(
    runtime: Path, caplog: pytest.LogCaptureFixture
) -> None:
    runtime.parent.mkdir()
    runtime.write_text("a file where the directory should be")

    async def scenario() -> bool:
        async with open_to_viewers(WatchedGlass(Panel())):
            return True

    assert asyncio.run(scenario())
    assert "nobody can look at the glass" in caplog.text


def test_what_a_killed_box_left_behind_is_no_box(runtime: Path) -> None:
    runtime.mkdir(parents=True)
    with contextlib.chdir(runtime), socket.socket(socket.AF_UNIX) as left:
        left.bind("glass-1.sock")
    with pytest.raises(NoBoxError, match="no box is running"):
        connect()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_a_box_of_another_user_is_told_from_no_box(runtime: Path) -> None:
    runtime.mkdir(parents=True)
    runtime.chmod(0)
    with pytest.raises(NoBoxError, match="sudo"):
        connect()


def test_a_forbidden_socket_is_told_from_no_box(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(self: socket.socket, address: str) -> None:
        raise PermissionError(13, "Permission denied")

    runtime.mkdir(parents=True)
    (runtime / "glass-1.sock").touch()
    monkeypatch.setattr(socket.socket, "connect", forbid)
    with pytest.raises(NoBoxError, match="sudo"):
        connect()


# ---------------------------------------------------------------- the commands


def run(*words: str, glass: WatchedGlass | None = None) -> int:
    """`lory WORDS`, beside a box that shows `glass` if there is one."""

    async def scenario() -> int:
        if glass is None:
            return await asyncio.to_thread(main, words)
        async with open_to_viewers(glass):
            return await asyncio.to_thread(main, words)

    return asyncio.run(scenario())


def test_a_shot_is_a_png_four_times_as_large(
    runtime: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    glass = WatchedGlass(Panel())
    glass.show(PICTURE, urgent=False)
    path = tmp_path / "shot.png"
    assert run("shot", "-o", str(path), glass=glass) == 0
    assert capsys.readouterr().out.strip() == str(path)
    with Image.open(path) as image:
        assert image.size == (4 * 136, 4 * 72)


def test_a_shot_can_be_text(runtime: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shot", "--text", glass=WatchedGlass(Panel())) == 0
    assert capsys.readouterr().out.splitlines() == ["\u2800" * 64] * 16


def test_a_recording_is_a_gif_of_what_was_shown(runtime: Path, tmp_path: Path) -> None:
    glass = WatchedGlass(Panel())
    glass.show(PICTURE, urgent=False)
    path = tmp_path / "film.gif"
    assert run("record", "--seconds", "0.05", "-o", str(path), glass=glass) == 0
    with Image.open(path) as image:
        assert image.format == "GIF"


def test_a_film_holds_each_picture_as_long_as_it_was_shown() -> None:
    clock = iter([0.0, 0.5, 0.75, 3.0]).__next__
    assert timed([PICTURE, BLANK], clock) == [(PICTURE, 0.25), (BLANK, 2.25)]
    assert timed([], lambda: 0.0) == []


@pytest.mark.parametrize("command", ["shot", "record"])
def test_without_a_box_there_is_one_clear_line(
    runtime: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert run(command) == 1
    assert "lory: no box is running" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_one_clear_line(
    runtime: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nowhere" / "shot.png"
    assert run("shot", "-o", str(path), glass=WatchedGlass(Panel())) == 1
    assert f"lory: cannot write {path}: No such file" in capsys.readouterr().err


def test_a_user_and_the_service_look_for_the_box_where_it_is() -> None:
    assert paths.runtime_dir({"XDG_RUNTIME_DIR": "/run/user/7"}) == Path("/run/user/7/lory")
    assert paths.runtime_dir({"LORY_SERVICE": "1"}) == Path("/run/lory")
