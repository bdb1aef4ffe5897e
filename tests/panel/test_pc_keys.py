"""The PC keys of INTERACTION.md."""

from __future__ import annotations

import pytest

from appliance.panel.pc_keys import stroke_of
from drivers.keys import Key


@pytest.mark.parametrize(
    ("name", "character", "key"),
    [
        ("escape", "\x1b", Key.A),
        ("tab", "\t", Key.B),
        ("c", "c", Key.C),
        ("enter", "\r", Key.D),
        ("ctrl+j", "\n", Key.D),
        ("left", None, Key.STAR),
        ("right", None, Key.HASH),
        ("comma", ",", Key.STAR),
        ("full_stop", ".", Key.HASH),
        ("a", "a", Key.A),
        ("b", "b", Key.B),
        ("d", "d", Key.D),
        *[(str(n), str(n), Key(n)) for n in range(10)],
    ],
)
def test_a_key_is_a_short_press(name: str, character: str | None, key: Key) -> None:
    assert stroke_of(name, character) == (key, False)


@pytest.mark.parametrize(
    ("name", "character", "key"),
    [
        ("shift+tab", None, Key.B),
        ("shift+left", None, Key.STAR),
        ("shift+right", None, Key.HASH),
        ("shift+enter", None, Key.D),
        ("shift+escape", None, Key.A),
        *[("sign", sign, Key(n)) for n, sign in enumerate(")!@#$%^&*(")],
        ("less_than_sign", "<", Key.STAR),
        ("greater_than_sign", ">", Key.HASH),
        *[(letter, letter, Key[letter]) for letter in "ABCD"],
    ],
)
def test_with_shift_it_is_a_long_press(name: str, character: str | None, key: Key) -> None:
    assert stroke_of(name, character) == (key, True)


@pytest.mark.parametrize(
    ("name", "character"), [("x", "x"), ("f1", None), ("up", None), ("é", "é")]
)
def test_other_keys_are_not_of_the_pad(name: str, character: str | None) -> None:
    assert stroke_of(name, character) is None


def test_every_key_of_the_pad_can_be_pressed_short_and_long() -> None:
    characters = "0123456789abcd,.)!@#$%^&*(ABCD<>"
    reached = {stroke_of(character, character) for character in characters}
    assert reached == {(key, is_long) for key in Key for is_long in (False, True)}
