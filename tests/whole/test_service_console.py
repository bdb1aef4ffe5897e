"""A box without network, screen or keys, asked over its serial line; and looked at from outside."""

import asyncio
import logging
import os
import tty

import pytest

from appliance.errors import CommandError
from appliance.front import glass_socket
from appliance.panel.pixels import braille_rows
from tests.waiting import PATIENCE
from tests.whole.rig import run_box
from ui.keymap import State


@pytest.fixture(autouse=True)
def no_models(tmp_path, monkeypatch):
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))


class Cable:
    """The maker's end of the serial line."""

    def __init__(self):
        self.fd, self.slave = os.openpty()
        tty.setraw(self.fd)
        os.set_blocking(self.fd, False)
        self.device = os.ttyname(self.slave)

    async def until(self, wanted):
        seen = b""
        async with asyncio.timeout(PATIENCE):
            while not seen.endswith(wanted):
                await asyncio.sleep(0.001)
                try:
                    seen += os.read(self.fd, 4096)
                except BlockingIOError:
                    continue
        return seen.decode()

    async def ask(self, line):
        """What a command prints."""
        os.write(self.fd, line.encode() + b"\r")
        answer = await self.until(b"lory> ")
        return answer.partition("\r\n")[2].removesuffix("lory> ").replace("\r\n", "\n")


def converse(tmp_path, script):
    """Run a box whose console is on a cable while `script(rig, cable)` runs; its result."""
    cable = Cable()

    async def with_cable(rig):
        await cable.until(b"lory> ")
        await rig.until(lambda: not rig.app.presenter.booting)
        return await script(rig, cable)

    try:
        return run_box(with_cable, tmp_path / "out", {"console.device": cable.device})
    finally:
        os.close(cable.fd)
        os.close(cable.slave)


def test_it_says_how_the_box_is(tmp_path):
    async def script(rig, cable):
        await rig.until(lambda: rig.app.team.members["llm"].fault is not None)
        return await cable.ask("status")

    text = converse(tmp_path, script)
    assert text.startswith("lory ")
    assert "display: present\nkeypad: present\n" in text
    assert "llm: refused, 0 MB, model-missing: " in text


def test_it_presses_keys_and_shows_the_glass(tmp_path):
    async def script(rig, cable):
        await cable.ask("key 6 4 4 2 6 D")
        assert rig.app.editor.text == "你好"
        await cable.ask("key C+")
        assert rig.app.state is State.MENU
        await rig.until(lambda: rig.shows(rig.app.screen()))
        glass = await cable.ask("glass")
        assert glass.splitlines() == braille_rows(rig.glass)
        return await cable.ask("key X")

    assert converse(tmp_path, script).startswith("error: no key 'X'")


def test_it_shows_the_last_lines_of_the_log(tmp_path, caplog):
    caplog.set_level("CRITICAL")  # else what the box logs meanwhile comes in between
    caplog.set_level("WARNING", "lory.test")

    async def script(rig, cable):
        logging.getLogger("lory.test").warning("one\ntwo")
        return await cable.ask("log 2"), await cable.ask("log x")

    lines, refused = converse(tmp_path, script)
    assert [line.rpartition(" ")[2] for line in lines.splitlines()] == ["one", "two"]
    assert refused == "error: not a number of lines: x\n"


def test_a_port_that_is_not_there_is_told_once_and_harms_nothing(tmp_path, caplog):
    async def script(rig):
        await rig.until(lambda: "no service console" in caplog.text)
        await rig.until(lambda: not rig.app.presenter.booting)

    run_box(script, tmp_path / "out", {"console.device": str(tmp_path / "ttyNONE")})
    assert caplog.text.count("no service console") == 1


def test_without_a_device_there_is_no_console(tmp_path):
    async def script(rig):
        return [task.get_name() for task in asyncio.all_tasks()]

    assert "service console" not in run_box(script, tmp_path / "out")


def test_the_glass_of_a_running_box_can_be_looked_at(tmp_path):
    async def script(rig):
        await rig.until(lambda: not rig.app.presenter.booting)
        await rig.until(lambda: rig.shows(rig.app.screen()))

        def look():
            with glass_socket.connect() as viewer:
                return next(glass_socket.pictures(viewer))

        return await asyncio.to_thread(look) == rig.glass

    assert run_box(script, tmp_path / "out")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_driver_that_fails_ends_the_box_for_its_supervisor_to_start_it_again(tmp_path):
    async def script(rig):
        def fail(now):
            raise ZeroDivisionError("a mistake of ours")

        rig.box.front.poller.run = fail
        await rig.app.finished.wait()

    with pytest.raises(CommandError, match="a mistake of ours"):
        run_box(script, tmp_path / "out")
