"""A pad pressed by a program: however late the driver looks, it is told every stroke."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.key_events import KeyDecoder
from drivers.keypad_i2c import I2CKeypad
from drivers.keypad_poller import KeypadPoller
from drivers.keys import Edge, Key, KeyEvent
from drivers.virtual.bus import VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.keypad import PatientKeypad


class Bench:
    """The pad, and a driver that is scheduled as late as a busy machine likes."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.pad = PatientKeypad(self.clock)
        self.events: list[KeyEvent] = []
        bus = VirtualBus()
        bus.attach(0x27, self.pad)
        keypad = I2CKeypad(bus, sleep=self.clock.sleep)
        self._poller = KeypadPoller(keypad, self.events.append, decoder=KeyDecoder())

    def poll(self, late: float) -> None:
        due = self._poller.run(self.clock()) or 0.0
        self.clock.sleep(max(0.0, due - self.clock()) + late)

    @property
    def edges(self) -> list[tuple[Key, Edge]]:
        return [(event.key, event.edge) for event in self.events]


def tap_of(key: Key) -> list[tuple[Key, Edge]]:
    return [(key, Edge.PRESS), (key, Edge.RELEASE)]


@given(
    keys=st.lists(st.sampled_from(Key), max_size=12),
    delays=st.lists(st.floats(0.0, 2.0), min_size=1, max_size=20),
)
def test_taps_faster_than_the_driver_are_all_told_and_never_long(
    keys: list[Key], delays: list[float]
) -> None:
    bench = Bench()
    for key in keys:
        bench.pad.press(key)
        bench.pad.release()
    polls = 0
    while not bench.pad.caught_up:
        bench.poll(delays[polls % len(delays)])
        polls += 1
    assert bench.edges == [edge for key in keys for edge in tap_of(key)]
    assert polls <= 4 * len(keys) + 4


@given(delays=st.lists(st.floats(0.0, 0.2), min_size=60, max_size=60))
def test_a_key_that_stays_down_is_told_as_long(delays: list[float]) -> None:
    bench = Bench()
    bench.pad.press(Key.D)
    for delay in delays:
        bench.poll(delay)
    bench.pad.release()
    while not bench.pad.caught_up:
        bench.poll(0.0)
    first, second, *_, last = bench.edges
    assert (first, second, last) == ((Key.D, Edge.PRESS), (Key.D, Edge.LONG), (Key.D, Edge.RELEASE))
