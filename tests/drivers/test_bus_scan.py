"""Looking at a bus that is in use: one address at a time, last of all tasks."""

from drivers.arbiter import BusThread
from drivers.bus_scan import BusScan
from drivers.detect import ALL_ADDRESSES, OUR_ADDRESSES
from drivers.virtual.bus import VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.ssd1306 import VirtualSsd1309


class Poller:
    """A task that is always due first."""

    def __init__(self):
        self.polls = 0

    def bind(self, wake):
        """Needs no waking."""

    def run(self, now):
        self.polls += 1
        return now + 0.01

    def finish(self, now):
        return False


def scan_all(bus, scan, clock, *before):
    found = []
    thread = BusThread(bus, [*before, scan], clock=clock)
    scan.request(found.append)
    for _ in range(10_000):
        wait = thread.step()
        if found:
            break
        clock.now += wait or 0.0
    return found


def test_it_finds_what_answers_and_writes_nothing():
    clock = VirtualClock()
    bus = VirtualBus()
    bus.attach(0x3C, VirtualSsd1309())
    bus.attach(0x27, VirtualKeypad(None))
    assert scan_all(bus, BusScan(bus), clock) == [[0x27, 0x3C]]


def test_the_keypad_is_polled_all_the_while():
    clock, poller = VirtualClock(), Poller()
    bus = VirtualBus()
    assert scan_all(bus, BusScan(bus), clock, poller) == [[]]
    assert poller.polls >= len(ALL_ADDRESSES) * 0.002 / 0.01


def test_on_an_smbus_only_adapter_only_our_addresses_are_asked():
    bus = VirtualBus(max_transfer=32)
    bus.attach(0x50, VirtualKeypad(None))  # a memory module's EEPROM on a PC
    bus.attach(0x3C, VirtualSsd1309())
    assert 0x50 not in OUR_ADDRESSES
    assert scan_all(bus, BusScan(bus), VirtualClock()) == [[0x3C]]


def test_without_a_request_it_never_touches_the_bus():
    bus = VirtualBus()
    assert BusScan(bus).run(0.0) is None
    assert bus.bytes_on_wire == 0
