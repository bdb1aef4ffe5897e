"""Every keypad behind one interface: which single key is down."""

from __future__ import annotations

import errno
import os
import struct
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bus import BusError, DeviceNotFoundError
from drivers.keypad_evdev import KEYS, EvdevKeypad
from drivers.keypad_i2c import I2CKeypad, KeypadGuess, identify
from drivers.keypad_pcf8574 import LAYOUT, Pcf8574Keypad
from drivers.keypad_serial import SerialKeypad
from drivers.keypads import KINDS, Place
from drivers.keys import Key
from drivers.rollover import Rollover
from drivers.virtual.bus import VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.pcf8574 import VirtualPcf8574


class ReferenceBench:
    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.bus = VirtualBus(record=True)
        self.pad = VirtualKeypad(self.clock)
        self.bus.attach(0x27, self.pad)
        self.keypad = I2CKeypad(self.bus, sleep=self.clock.sleep)


class Answering:
    """A part that answers the same byte always."""

    def __init__(self, answer: int) -> None:
        self.answer = answer

    def write(self, data: bytes) -> None:
        pass

    def read(self, length: int) -> bytes:
        return bytes((self.answer,)) * length


# The reference pad


def test_a_poll_writes_03_waits_1_ms_and_reads_one_byte() -> None:
    bench = ReferenceBench()
    bench.pad.press(Key.STAR)
    assert bench.keypad.read() is Key.STAR
    wire = [(t.address, t.is_read, t.data) for t in bench.bus.trace]
    assert wire == [(0x27, False, b"\x03"), (0x27, True, b"\x0e")]
    assert bench.clock() == pytest.approx(0.001)
    assert bench.pad.too_soon == 0


@pytest.mark.parametrize("key", Key)
def test_every_code_is_its_key(key: Key) -> None:
    bench = ReferenceBench()
    bench.pad.press(key)
    assert bench.keypad.read() is key
    bench.pad.release()
    assert bench.keypad.read() is None


@pytest.mark.parametrize("code", [17, 0x7F, 0x80, 0xFF])
def test_any_other_byte_is_a_bus_error(code: int) -> None:
    bus = VirtualBus()
    bus.attach(0x27, Answering(code))
    with pytest.raises(BusError, match=f"0x{code:02X}"):
        I2CKeypad(bus, sleep=lambda seconds: None).read()


def test_a_pad_that_is_not_given_its_time_answers_nonsense() -> None:
    bench = ReferenceBench()
    with pytest.raises(BusError):
        I2CKeypad(bench.bus, sleep=lambda seconds: None).read()


def test_an_absent_pad_is_not_found() -> None:
    with pytest.raises(DeviceNotFoundError):
        I2CKeypad(VirtualBus()).read()


def test_the_reference_pad_is_told_from_a_pcf8574() -> None:
    bench = ReferenceBench()
    assert identify(bench.bus, sleep=bench.clock.sleep) is KeypadGuess.REFERENCE
    bench.bus.attach(0x27, VirtualPcf8574())
    bench.bus.trace.clear()
    assert identify(bench.bus, sleep=bench.clock.sleep) is KeypadGuess.PCF8574
    assert {t.data for t in bench.bus.trace if not t.is_read} == {b"\x03"}, "nothing else written"
    bench.bus.attach(0x27, Answering(0xFF))
    assert identify(bench.bus, sleep=bench.clock.sleep) is KeypadGuess.UNKNOWN


# The PCF8574


class MatrixBench:
    def __init__(self) -> None:
        self.bus = VirtualBus(record=True)
        self.matrix = VirtualPcf8574()
        self.bus.attach(0x27, self.matrix)
        self.keypad = Pcf8574Keypad(self.bus)


@pytest.mark.parametrize("key", Key)
def test_every_place_of_the_matrix_is_its_key(key: Key) -> None:
    bench = MatrixBench()
    assert bench.keypad.read() is None
    bench.matrix.press(key)
    assert bench.keypad.read() is key
    bench.matrix.release()
    assert bench.keypad.read() is None


def test_an_idle_matrix_costs_two_bytes_and_no_row_scan() -> None:
    bench = MatrixBench()
    bench.keypad.read()
    assert [(t.is_read, t.data) for t in bench.bus.trace] == [(False, b"\xf0"), (True, b"\xf0")]


def test_rows_are_scanned_one_at_a_time_when_a_key_is_down() -> None:
    bench = MatrixBench()
    bench.matrix.press(Key.D5)
    bench.keypad.read()
    written = [t.data for t in bench.bus.trace if not t.is_read]
    assert written == [b"\xf0", b"\xfe", b"\xfd", b"\xfb", b"\xf7"]


@given(st.sampled_from(list(Key)), st.sampled_from(list(Key)))
def test_rolling_from_one_key_to_another_reports_each_once(first: Key, second: Key) -> None:
    bench = MatrixBench()
    matrix, seen = bench.matrix, []
    acts: list[Callable[[], None]] = [
        lambda: matrix.press(first),
        lambda: matrix.press(second),
        lambda: matrix.release(first),
        matrix.release,
    ]
    for act in acts:
        act()
        seen.append(bench.keypad.read())
    if first == second:
        assert seen == [first, first, None, None]
    else:
        assert seen == [first, second, second, None]


def test_a_ghost_of_three_keys_does_not_change_the_answer() -> None:
    bench = MatrixBench()
    bench.matrix.press(Key.D1)
    assert bench.keypad.read() is Key.D1
    bench.matrix.press(Key.D2)
    bench.matrix.press(Key.D4)  # D5 now reads as pressed too
    assert bench.keypad.read() is Key.D1


def test_the_layout_has_every_key_once() -> None:
    assert sorted(key for row in LAYOUT for key in row) == list(Key)


def test_an_absent_expander_is_not_found() -> None:
    with pytest.raises(DeviceNotFoundError):
        Pcf8574Keypad(VirtualBus()).read()


# Several keys, one reported


@given(st.lists(st.frozensets(st.sampled_from(list(Key)), max_size=4)))
def test_rollover_reports_only_keys_that_are_down_and_new_ones_at_once(
    sets: list[frozenset[Key]],
) -> None:
    rollover, before = Rollover(), frozenset[Key]()
    for down in sets:
        reported = rollover.update(down)
        assert reported is None or reported in down
        if down - before:
            assert reported in down - before
        before = down


# The USB number pad


def event(code: int, value: int, kind: int = 1) -> bytes:
    return struct.pack("@llHHi", 0, 0, kind, code, value)


class EvdevBench:
    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self.writer = os.open(path, os.O_RDWR)
        self.keypad = EvdevKeypad(path, grab=False)

    def send(self, *events: bytes) -> None:
        os.write(self.writer, b"".join(events))

    def close(self) -> None:
        self.keypad.close()
        os.close(self.writer)


@pytest.fixture
def evdev(tmp_path: Path) -> Iterator[EvdevBench]:
    bench = EvdevBench(tmp_path / "event0")
    yield bench
    bench.close()


@pytest.mark.parametrize("code, key", KEYS.items())
def test_number_pad_keys_by_their_label(evdev: EvdevBench, code: int, key: Key) -> None:
    assert evdev.keypad.read() is None
    evdev.send(event(code, 1), event(0, 0, kind=0))
    assert evdev.keypad.read() is key
    evdev.send(event(code, 2))  # the kernel's own repeat
    assert evdev.keypad.read() is key
    evdev.send(event(code, 0))
    assert evdev.keypad.read() is None


def test_every_key_is_on_the_number_pad() -> None:
    assert set(KEYS.values()) == set(Key)


def test_a_tap_between_two_polls_is_told_change_by_change(evdev: EvdevBench) -> None:
    evdev.send(event(79, 1), event(79, 0), event(80, 1), event(80, 0))
    assert [evdev.keypad.read() for _ in range(5)] == [Key.D1, None, Key.D2, None, None]


def test_num_lock_and_other_events_are_ignored(evdev: EvdevBench) -> None:
    evdev.send(event(69, 1), event(69, 0), event(4, 458_836, kind=4))
    assert evdev.keypad.read() is None


def test_events_lost_by_the_kernel_release_what_was_held(evdev: EvdevBench) -> None:
    evdev.send(event(79, 1))
    assert evdev.keypad.read() is Key.D1
    evdev.send(event(3, 0, kind=0))
    assert evdev.keypad.read() is None


def test_an_unplugged_number_pad_is_not_found_until_it_is_back(tmp_path: Path) -> None:
    path = tmp_path / "event0"
    os.mkfifo(path)
    keypad = EvdevKeypad(path, grab=False)
    writer = os.open(path, os.O_RDWR)
    os.write(writer, event(79, 1))
    assert keypad.read() is Key.D1
    os.close(writer)
    with pytest.raises(DeviceNotFoundError):
        keypad.read()
    path.unlink()
    with pytest.raises(DeviceNotFoundError):
        keypad.read()
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    os.write(writer, event(80, 1))
    assert keypad.read() is Key.D2
    keypad.close()
    os.close(writer)


def test_a_file_that_is_no_input_device_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "event0"
    path.touch()
    with pytest.raises(BusError, match="no input device"):
        EvdevKeypad(path).read()


# The serial pad


def test_serial_pad_sends_one_byte_per_change_over_a_pty(tmp_path: Path) -> None:
    host, pad = os.openpty()
    name = tmp_path / "ttyUSB0"  # not the pty's own: another program's next one is called so
    name.symlink_to(os.ttyname(pad))
    keypad = SerialKeypad(str(name))
    assert keypad.read() is None
    os.write(host, bytes((7, 16, 15, 16)))
    assert [keypad.read() for _ in range(5)] == [Key.D7, None, Key.HASH, None, None]
    os.write(host, bytes((3, 0xA5)))
    with pytest.raises(BusError, match="03 a5"):
        keypad.read()
    assert keypad.read() is Key.D3, "what was good is not lost"
    os.close(host)
    os.close(pad)
    name.unlink()
    with pytest.raises(DeviceNotFoundError):
        keypad.read()
    with pytest.raises(DeviceNotFoundError):
        keypad.read()
    keypad.close()


def test_a_serial_port_unplugged_while_it_is_opened_is_not_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hang_up(fd: int, queue: int) -> None:
        raise termios.error(errno.EIO, "Input/output error")

    host, pad = os.openpty()
    monkeypatch.setattr(termios, "tcflush", hang_up)
    with pytest.raises(DeviceNotFoundError):
        SerialKeypad(os.ttyname(pad)).read()
    os.close(host)
    os.close(pad)


def test_an_absent_serial_port_is_not_found() -> None:
    with pytest.raises(DeviceNotFoundError, match="ttyNONE"):
        SerialKeypad("/dev/ttyNONE").read()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_the_table_can_be_made_before_its_part_is_there(kind: str) -> None:
    pad = KINDS[kind](Place(VirtualBus(), 0x27, "/dev/no-such-pad"))
    with pytest.raises(BusError):
        pad.read()
    pad.close()
