"""A box whose pinyin data cannot be used starts, says so, and types what it still can."""

import shutil

import pytest

from appliance import input_method
from tests.whole.rig import Key, run_box
from ui.gutter import TextMode
from ui.input.engine import DATA, Engine
from ui.input.model import VERSION
from ui.keymap import State
from ui.screens.message import MessageView


@pytest.fixture(autouse=True)
def no_models(tmp_path, monkeypatch):
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))


def missing(path):
    path.unlink()


def truncated(path):
    path.write_bytes(path.read_bytes()[:-100_000])


def emptied(path):
    path.write_bytes(b"")


def of_another_version(path):
    data = bytearray(path.read_bytes())
    data[8] = VERSION + 1
    path.write_bytes(data)


def with_one_bit_flipped(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


@pytest.fixture(params=[missing, truncated, emptied, of_another_version, with_one_bit_flipped])
def broken_data(request, tmp_path, monkeypatch):
    path = tmp_path / "t9.bin"
    shutil.copy(DATA, path)
    request.param(path)

    def engine(user, data=path):
        return Engine(user, data)

    monkeypatch.setattr(input_method, "Engine", engine)


@pytest.mark.usefixtures("broken_data")
def test_the_glass_says_what_to_do_and_english_and_numbers_are_typed(tmp_path):
    async def script(rig):
        await rig.until(lambda: not rig.app.presenter.booting)
        view = rig.app.screen().view
        assert isinstance(view, MessageView)
        assert "t9.bin" in view.text and "重装" in view.text
        await rig.until(lambda: rig.shows(rig.app.screen()))
        await rig.hand.tap(Key.A)
        await rig.until(lambda: rig.app.state is State.HOME)
        editor = rig.app.editor
        modes = [editor.mode]
        for _ in range(2):
            await rig.hand.tap(Key.B)
            modes.append(editor.mode)
        await rig.hand.tap(*(Key(int(digit)) for digit in "43556"), Key.D, Key.B, Key.D7)
        return modes, editor.text

    modes, text = run_box(script, tmp_path / "out")
    assert modes == [TextMode.ENGLISH, TextMode.NUMBER, TextMode.ENGLISH]
    assert text == "hello7"
