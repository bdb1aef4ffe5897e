"""/dev/i2c-N: the real smbus2 over a kernel that is a virtual bus behind `ioctl`."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from ctypes import c_ulong
from pathlib import Path
from typing import Any

import pytest
import smbus2.smbus2 as smbus2_module

from drivers.bus import BusError, BusPermissionError, BusTimeoutError, DeviceNotFoundError
from drivers.linux_i2c import Adapter, LinuxI2CBus, list_adapters, probe
from drivers.oled import Oled
from drivers.ssd1306 import SSD1306
from drivers.virtual.bus import VirtualBus
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.max17048 import VirtualMax17048
from drivers.virtual.ssd1306 import VirtualSsd1306

FUNC_I2C = 0x00000001
FUNC_SMBUS_BYTES = 0x001E0000
FUNC_WRITE_I2C_BLOCK = 0x08000000
I2C_SLAVE, I2C_FUNCS, I2C_RDWR, I2C_SMBUS = 0x0703, 0x0705, 0x0707, 0x0720
READ = 1


class Kernel:
    """i2c-dev's ioctls (linux/i2c-dev.h), answered by a `VirtualBus`."""

    def __init__(self) -> None:
        self.bus = VirtualBus(record=True)
        self.functions = FUNC_I2C
        self.slave = 0
        self.errors: list[int] = []  # raised before anything is on the wire
        self.calls = 0

    def ioctl(self, fd: int, request: int, argument: Any) -> None:
        if request == I2C_FUNCS:
            assert isinstance(argument, c_ulong)
            argument.value = self.functions
        elif request == I2C_SLAVE:
            self.slave = argument
        else:
            self.calls += 1
            if self.errors:
                raise OSError(self.errors.pop(0), "injected")
            if request == I2C_RDWR:
                assert self.functions & FUNC_I2C
                for number in range(argument.nmsgs):
                    self._rdwr(argument.msgs[number])
            else:
                assert request == I2C_SMBUS
                self._smbus(argument)

    def _rdwr(self, message: Any) -> None:
        if message.flags & READ:
            for index, byte in enumerate(self.bus.read(message.addr, message.len)):
                message.buf[index] = bytes((byte,))
        else:
            self.bus.write(message.addr, bytes(message))

    def _smbus(self, argument: Any) -> None:
        """BYTE, BYTE_DATA and I2C_BLOCK_DATA (SMBus protocol, kernel smbus-protocol.rst)."""
        data = argument.data.contents
        if argument.size == 1 and argument.read_write == READ:
            data.byte = self.bus.read(self.slave, 1)[0]
        elif argument.size == 1:
            self.bus.write(self.slave, bytes((argument.command,)))
        elif argument.size == 2:
            self.bus.write(self.slave, bytes((argument.command, data.byte)))
        elif argument.size == 3 and argument.read_write == READ:
            word = self.bus.exchange(self.slave, bytes((argument.command,)), 2)
            data.word = int.from_bytes(word, "little")
        else:
            assert argument.size == 8 and self.functions & FUNC_WRITE_I2C_BLOCK
            length = data.block[0]
            self.bus.write(self.slave, bytes((argument.command, *data.block[1 : length + 1])))


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel()
    monkeypatch.setattr(smbus2_module, "ioctl", kernel.ioctl)
    return kernel


@pytest.fixture
def node(tmp_path: Path) -> str:
    path = tmp_path / "i2c-1"
    path.touch()
    return str(path)


@pytest.fixture
def bus(kernel: Kernel, node: str) -> Iterator[LinuxI2CBus]:
    opened = LinuxI2CBus(node)
    yield opened
    opened.close()


@pytest.mark.parametrize("functions", [FUNC_I2C, FUNC_SMBUS_BYTES])
def test_a_register_is_read_in_one_exchange_on_either_kind_of_adapter(
    kernel: Kernel, node: str, functions: int
) -> None:
    kernel.functions = functions
    kernel.bus.attach(0x36, VirtualMax17048(percent=73.5))
    bus = LinuxI2CBus(node)
    calls = kernel.calls
    assert bus.exchange(0x36, b"\x04", 2) == bytes((73, 128))
    assert kernel.calls == calls + 1
    bus.close()


def test_writes_and_reads_are_single_messages(kernel: Kernel, bus: LinuxI2CBus) -> None:
    kernel.bus.attach(0x27, VirtualKeypad(clock=None))
    bus.write(0x27, b"\x03")
    assert bus.read(0x27, 2) == b"\x10\x10"
    assert [(t.is_read, t.data) for t in kernel.bus.trace] == [
        (False, b"\x03"),
        (True, b"\x10\x10"),
    ]
    assert bus.max_transfer == 8192 and not bus.is_smbus_only


@pytest.mark.parametrize(
    "number, kind",
    [
        (errno.ENXIO, DeviceNotFoundError),
        (errno.EREMOTEIO, DeviceNotFoundError),
        (errno.ETIMEDOUT, BusTimeoutError),
        (errno.EIO, BusTimeoutError),
        (errno.EACCES, BusPermissionError),
        (errno.EPERM, BusPermissionError),
        (errno.EBUSY, BusError),
        (errno.EOPNOTSUPP, BusError),
    ],
)
def test_errno_is_mapped_and_kept(
    kernel: Kernel, bus: LinuxI2CBus, number: int, kind: type[BusError]
) -> None:
    kernel.errors = [number]
    with pytest.raises(BusError, match="at 0x3C") as caught:
        bus.write(0x3C, b"x")
    assert type(caught.value) is kind
    assert caught.value.errno == number
    assert kernel.calls == 1, "only lost arbitration is tried again"


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EINTR])
def test_lost_arbitration_is_tried_again_a_few_times(
    kernel: Kernel, bus: LinuxI2CBus, number: int
) -> None:
    kernel.bus.attach(0x27, VirtualKeypad(clock=None))
    kernel.errors = [number] * 3
    bus.write(0x27, b"\x03")
    assert kernel.calls == 4
    kernel.errors = [number] * 100
    with pytest.raises(BusError):
        bus.write(0x27, b"\x03")
    assert kernel.calls == 8


def test_an_adapter_that_went_away_is_opened_again_when_it_is_back(
    kernel: Kernel, bus: LinuxI2CBus, node: str
) -> None:
    kernel.bus.attach(0x27, VirtualKeypad(clock=None))
    kernel.errors = [errno.ENODEV]
    Path(node).unlink()
    with pytest.raises(BusError):
        bus.write(0x27, b"\x03")
    with pytest.raises(DeviceNotFoundError, match="cannot open"):
        bus.write(0x27, b"\x03")
    Path(node).touch()
    bus.write(0x27, b"\x03")


def test_smbus_only_adapters_put_the_same_bytes_on_the_wire(kernel: Kernel, node: str) -> None:
    kernel.functions = FUNC_SMBUS_BYTES | FUNC_WRITE_I2C_BLOCK
    kernel.bus.attach(0x3C, VirtualSsd1306())
    bus = LinuxI2CBus(node)
    assert bus.is_smbus_only and bus.max_transfer == 32
    sent = [b"\x00", b"\x00\xaf", b"\x00\x81\x10", b"\x40" + bytes(range(31))]
    for data in sent:
        bus.write(0x3C, data)
    assert [t.data for t in kernel.bus.trace] == sent
    assert bus.read(0x3C, 1) == b"\x03"
    with pytest.raises(BusError, match="single bytes"):
        bus.read(0x3C, 2)
    with pytest.raises(ValueError, match="1 to 32"):
        bus.write(0x3C, bytes(33))
    bus.close()


def test_without_block_writes_two_bytes_are_the_limit(kernel: Kernel, node: str) -> None:
    kernel.functions = FUNC_SMBUS_BYTES
    bus = LinuxI2CBus(node)
    assert bus.max_transfer == 2
    bus.close()


@pytest.mark.parametrize("functions", [FUNC_I2C, FUNC_SMBUS_BYTES | FUNC_WRITE_I2C_BLOCK])
def test_an_oled_is_driven_through_either_kind_of_adapter(
    kernel: Kernel, node: str, functions: int
) -> None:
    kernel.functions = functions
    chip = VirtualSsd1306(strict=True)
    kernel.bus.attach(0x3C, chip)
    bus = LinuxI2CBus(node)
    panel = Oled(bus, SSD1306)
    panel.show(bytes(range(256)) * 4)
    for _ in range(400):
        if not panel.present:
            panel.run(0.0)
    assert chip.frame() == bytes(range(256)) * 4
    bus.close()


def test_probing_reads_one_byte_and_writes_nothing(kernel: Kernel, bus: LinuxI2CBus) -> None:
    kernel.bus.attach(0x3C, VirtualSsd1306())
    assert probe(bus, 0x3C)
    assert not probe(bus, 0x3D)
    assert [(t.is_read, len(t.data)) for t in kernel.bus.trace if t.acknowledged] == [(True, 1)]
    kernel.bus.stuck = True
    with pytest.raises(BusTimeoutError):
        probe(bus, 0x3C)


def test_an_adapter_that_does_not_exist(kernel: Kernel, tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFoundError, match="No such file"):
        LinuxI2CBus(str(tmp_path / "i2c-9"))


def test_an_adapter_this_user_may_not_open(
    kernel: Kernel, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    # For no longer than that: temporary folders are cleared through the same function.
    with monkeypatch.context() as patched, pytest.raises(BusPermissionError, match="cannot open"):
        patched.setattr(os, "open", refuse)
        LinuxI2CBus(node)


def test_a_file_that_is_no_adapter(node: str) -> None:
    with pytest.raises(BusError, match="cannot open"):
        LinuxI2CBus(node)


def test_closing_twice_is_harmless(kernel: Kernel, node: str) -> None:
    bus = LinuxI2CBus(node)
    bus.close()
    bus.close()


def test_adapters_are_listed_by_number_with_the_kernels_name(tmp_path: Path) -> None:
    dev, sys = tmp_path / "dev", tmp_path / "sys"
    dev.mkdir()
    for name in ("i2c-10", "i2c-2", "i2c-x", "tty0"):
        (dev / name).touch()
    (sys / "class/i2c-dev/i2c-2").mkdir(parents=True)
    (sys / "class/i2c-dev/i2c-2/name").write_text("rk3x-i2c\n")
    assert list_adapters(dev, sys) == [
        Adapter(str(dev / "i2c-2"), "rk3x-i2c"),
        Adapter(str(dev / "i2c-10"), ""),
    ]
