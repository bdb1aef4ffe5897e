"""Strokes are played one after the other, with time for the keypad's driver to see each edge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from appliance.panel.strokes import GAP, LONG, TAP, StrokePlayer
from drivers.keys import Key


class Bench:
    """A player on a clock that only its own sleeps move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.edges: list[tuple[str, Key, float]] = []
        self.player = StrokePlayer(
            lambda key: self.edges.append(("down", key, round(self.now, 3))),
            lambda key: self.edges.append(("up", key, round(self.now, 3))),
            clock=lambda: self.now,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def play(self, script: Callable[[], None], then: Callable[[], None] | None = None) -> None:
        async def main() -> None:
            task = asyncio.create_task(self.player.run())
            script()
            await settle()
            if then is not None:
                then()
                await settle()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        asyncio.run(main())

    @property
    def keys(self) -> list[tuple[str, Key]]:
        return [(edge, key) for edge, key, _ in self.edges]


async def settle() -> None:
    for _ in range(500):
        await asyncio.sleep(0)


def test_a_tap_is_60_ms_and_a_long_press_550_ms() -> None:
    bench = Bench()
    bench.play(lambda: (bench.player.tap(Key.D2), bench.player.long(Key.D))[0])
    second = TAP + GAP
    assert bench.edges == [
        ("down", Key.D2, 0.0),
        ("up", Key.D2, TAP),
        ("down", Key.D, round(second, 3)),
        ("up", Key.D, round(second + LONG, 3)),
    ]


def test_a_burst_is_played_in_order_and_none_is_lost() -> None:
    bench = Bench()
    burst = [Key.D6, Key.D6, Key.D6, Key.D4, Key.D6, Key.A, Key.A] * 6

    def script() -> None:
        for key in burst:
            bench.player.tap(key)

    bench.play(script)
    assert [key for edge, key in bench.keys if edge == "down"] == burst
    assert [edge for edge, _ in bench.keys] == ["down", "up"] * len(burst)


def test_a_held_pc_key_does_not_go_on_after_it_was_let_go() -> None:
    bench = Bench()

    def script() -> None:
        for _ in range(30):  # a second of auto-repeat, while nothing is played yet
            bench.player.tap(Key.A)
            bench.now += 0.033

    bench.play(script)
    assert bench.keys == [("down", Key.A), ("up", Key.A)]


def test_fast_fingers_are_no_auto_repeat() -> None:
    bench = Bench()

    def script() -> None:
        for _ in range(8):
            bench.player.tap(Key.D2)
            bench.now += 0.080

    bench.play(script)
    assert bench.keys == [("down", Key.D2), ("up", Key.D2)] * 8


def test_a_hold_lasts_until_it_is_let_go() -> None:
    bench = Bench()
    held = []
    bench.play(lambda: held.append(bench.player.hold(Key.D)))
    assert bench.keys[0] == ("down", Key.D)

    bench = Bench()
    held.clear()
    seen_before: list[int] = []

    def let_go() -> None:
        seen_before.append(len(bench.edges))
        held[0].let_go()

    bench.play(lambda: held.append(bench.player.hold(Key.D)), let_go)
    assert seen_before == [1]
    assert bench.keys == [("down", Key.D), ("up", Key.D)]


def test_a_click_shorter_than_a_tap_is_still_a_tap() -> None:
    bench = Bench()
    bench.play(lambda: bench.player.hold(Key.D5).let_go())
    assert bench.edges == [("down", Key.D5, 0.0), ("up", Key.D5, TAP)]


def test_toggling_holds_until_toggled_again() -> None:
    bench = Bench()
    bench.play(lambda: bench.player.toggle(Key.D), lambda: bench.player.toggle(Key.D))
    assert bench.keys == [("down", Key.D), ("up", Key.D)]
    assert bench.player.latched is None


def test_another_key_ends_a_toggled_one_first() -> None:
    bench = Bench()
    bench.play(lambda: bench.player.toggle(Key.D), lambda: bench.player.tap(Key.A))
    assert bench.keys == [("down", Key.D), ("up", Key.D), ("down", Key.A), ("up", Key.A)]


def test_no_key_stays_down_when_the_panel_ends() -> None:
    bench = Bench()
    bench.play(lambda: bench.player.toggle(Key.D))
    assert bench.keys == [("down", Key.D), ("up", Key.D)]
