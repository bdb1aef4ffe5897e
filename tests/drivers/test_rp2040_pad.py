"""The MicroPython sketch against the same matrix and the same protocol as the drivers."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers import rp2040_pad
from drivers.keypad_i2c import ADDRESS, NONE_DOWN, I2CKeypad
from drivers.keys import Key
from drivers.rp2040_pad import SHOW_MS, Pad
from drivers.virtual.bus import VirtualBus
from drivers.virtual.pcf8574 import VirtualPcf8574


class Board:
    """The sketch's pins on a matrix, and its memory as `machine.I2CTarget` serves it: the first
    byte written is an address, reads come from there."""

    def __init__(self) -> None:
        self.matrix = VirtualPcf8574()  # the same contacts; here its pins stand for the board's
        self.pad = Pad(self._drive, self._read)
        self.memory = bytearray([NONE_DOWN] * rp2040_pad.MEMORY)
        self._pointer = 0

    def tick(self, now_ms: int) -> None:
        code = self.pad.poll(now_ms)
        self.memory[:] = bytes([code]) * len(self.memory)

    def write(self, data: bytes) -> None:
        self._pointer = data[0] % len(self.memory)

    def read(self, length: int) -> bytes:
        return bytes(self.memory[(self._pointer + i) % len(self.memory)] for i in range(length))

    def _drive(self, row: int) -> None:
        self.matrix.write(bytes((0xFF & ~(1 << row),)))

    def _read(self) -> int:
        return ~self.matrix.read(1)[0] >> 4 & 0x0F


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.mark.parametrize("key", Key)
def test_the_board_speaks_the_reference_protocol(board: Board, key: Key) -> None:
    bus = VirtualBus()
    bus.attach(rp2040_pad.ADDRESS, board)
    keypad = I2CKeypad(bus, sleep=lambda seconds: None)
    assert keypad.read() is None
    board.matrix.press(key)
    board.tick(0)
    assert keypad.read() is key
    board.matrix.release()
    board.tick(SHOW_MS)
    assert keypad.read() is None


def test_its_constants_are_those_of_the_host() -> None:
    assert (rp2040_pad.ADDRESS, rp2040_pad.NONE) == (ADDRESS, NONE_DOWN)
    assert sorted(code for row in rp2040_pad.LAYOUT for code in row) == list(range(16))


def test_a_tap_is_shown_long_enough_for_the_slowest_poll(board: Board) -> None:
    board.matrix.press(Key.D5)
    board.tick(100)
    board.matrix.release()
    codes = []
    for now in range(102, 100 + 2 * SHOW_MS, 2):
        board.tick(now)
        codes.append(board.memory[3])
    shown = codes.index(16) * 2
    assert SHOW_MS - 4 <= shown <= SHOW_MS
    assert set(codes) == {5, 16}


def test_rolling_over_shows_the_newest_key(board: Board) -> None:
    matrix, seen = board.matrix, []
    acts: list[Callable[[], None]] = [
        lambda: matrix.press(Key.D1),
        lambda: matrix.press(Key.D2),
        lambda: matrix.release(Key.D1),
        matrix.release,
    ]
    for now, act in enumerate(acts):
        act()
        board.tick(now * 100)
        seen.append(board.memory[3])
    assert seen == [1, 2, 2, 16]


def test_three_keys_and_their_ghost_change_nothing(board: Board) -> None:
    board.matrix.press(Key.D1)
    board.tick(0)
    board.matrix.press(Key.D2)
    board.matrix.press(Key.D4)
    board.tick(100)
    assert board.memory[3] == 1


def test_the_sketch_imports_nothing_that_micropython_lacks() -> None:
    tree = ast.parse(Path(rp2040_pad.__file__).read_text())
    guarded = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in guarded
        for alias in node.names
    }
    assert imported == {"time", "machine"}
