"""WAV files of every kind people have."""

from __future__ import annotations

import struct
import tempfile
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sound.wav import WavError, read_wav, write_wav


def tone(rate: int, seconds: float = 0.25) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)).astype("f4")


def write(path: Path, data: bytes, width: int, channels: int, rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setsampwidth(width)
        file.setnchannels(channels)
        file.setframerate(rate)
        file.writeframes(data)
    return path


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000, 96000])
def test_a_file_read_back_is_what_was_written(tmp_path: Path, rate: int) -> None:
    write_wav(tmp_path / "a.wav", tone(rate), rate)
    samples, read_rate = read_wav(tmp_path / "a.wav")
    assert read_rate == rate
    np.testing.assert_allclose(samples, tone(rate), atol=1e-4)


def test_stereo_is_averaged(tmp_path: Path) -> None:
    left = (tone(48000) * 32767).astype("<i2")
    stereo = np.stack([left, np.zeros_like(left)], axis=1).tobytes()
    samples, _ = read_wav(write(tmp_path / "s.wav", stereo, 2, 2, 48000))
    np.testing.assert_allclose(samples, tone(48000) / 2, atol=1e-3)


@pytest.mark.parametrize(
    ("width", "data"),
    [
        (1, bytes([128, 255, 0, 128])),
        (3, b"\x00\x00\x00\xff\xff\x7f\x00\x00\x80\x00\x00\x00"),
        (4, np.array([0, 2**31 - 1, -(2**31), 0], "<i4").tobytes()),
    ],
)
def test_every_sample_width_is_read(tmp_path: Path, width: int, data: bytes) -> None:
    samples, _ = read_wav(write(tmp_path / "w.wav", data, width, 1, 16000))
    np.testing.assert_allclose(samples, [0, 1, -1, 0], atol=0.01)


def test_what_cannot_be_used_says_why(tmp_path: Path) -> None:
    cases = {
        "missing.wav": ("no such file", None),
        "text.wav": ("not a PCM WAV", b"this is not audio" * 10),
        "empty.wav": ("not a PCM WAV", b""),
        "header.wav": ("not a PCM WAV", b"RIFF\x24\x00\x00\x00WAVE"),
        "float.wav": (
            "not a PCM WAV",
            b"RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x03\x00\x01\x00\x80\x3e\x00\x00"
            b"\x00\xfa\x00\x00\x04\x00\x20\x00data\x08\x00\x00\x00" + bytes(8),
        ),
    }
    for name, (reason, data) in cases.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(WavError, match=reason):
            read_wav(tmp_path / name)
    with pytest.raises(WavError, match="directory"):
        read_wav(tmp_path)
    with pytest.raises(WavError, match="no samples"):
        read_wav(write(tmp_path / "zero.wav", b"", 2, 1, 16000))


def test_a_truncated_file_gives_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "t.wav"
    write_wav(path, tone(16000), 16000)
    path.write_bytes(path.read_bytes()[:1001])
    samples, _ = read_wav(path)
    assert len(samples) == (1001 - 44) // 2


def test_loud_samples_are_clipped_not_wrapped(tmp_path: Path) -> None:
    write_wav(tmp_path / "c.wav", np.array([2.0, -2.0], "f4"), 16000)
    samples, _ = read_wav(tmp_path / "c.wav")
    np.testing.assert_allclose(samples, [1, -1], atol=1e-3)


RATE = 16000
TWO_SECONDS = tone(RATE, 2.0)
PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")
FLOAT_GUID = bytes.fromhex("0300000000001000800000aa00389b71")


def chunk(name: bytes, data: bytes, size: int | None = None, pad: bool = True) -> bytes:
    length = len(data) if size is None else size
    return name + struct.pack("<I", length) + data + (b"\0" if pad and len(data) % 2 else b"")


def fmt(tag: int, channels: int, bits: int, *, guid: bytes = b"", valid: int = 0) -> bytes:
    block = channels * bits // 8
    head = struct.pack("<HHIIHH", tag, channels, RATE, RATE * block, block, bits)
    if guid:
        head += struct.pack("<HHI", 22, valid or bits, 0) + guid
    return chunk(b"fmt ", head)


def riff(*chunks: bytes, size: int | None = None, mark: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return mark + struct.pack("<I", len(body) if size is None else size) + body


def packed(samples: np.ndarray, bits: int, channels: int = 1) -> bytes:
    """Little-endian signed integers of `bits`, the same on every channel."""
    whole = np.round(samples.astype("f8") * (2 ** (bits - 1) - 1)).astype("<i8")
    each = [int(value).to_bytes(bits // 8, "little", signed=True) * channels for value in whole]
    return b"".join(each)


def read_bytes(tmp_path: Path, data: bytes) -> np.ndarray:
    (tmp_path / "x.wav").write_bytes(data)
    samples, rate = read_wav(tmp_path / "x.wav")
    assert rate == RATE
    return samples


@pytest.mark.parametrize(("bits", "channels"), [(24, 1), (24, 6), (16, 1), (16, 2), (32, 1)])
def test_the_extensible_format_is_read(tmp_path: Path, bits: int, channels: int) -> None:
    data = packed(TWO_SECONDS, bits, channels)
    file = riff(fmt(0xFFFE, channels, bits, guid=PCM_GUID), chunk(b"data", data))
    np.testing.assert_allclose(read_bytes(tmp_path, file), TWO_SECONDS, atol=1e-4)


@pytest.mark.parametrize("valid", [20, 24])
def test_valid_bits_are_the_upper_ones_of_their_container(tmp_path: Path, valid: int) -> None:
    data = packed(TWO_SECONDS, 32)
    file = riff(fmt(0xFFFE, 1, 32, guid=PCM_GUID, valid=valid), chunk(b"data", data))
    np.testing.assert_allclose(read_bytes(tmp_path, file), TWO_SECONDS, atol=1e-4)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (fmt(0xFFFE, 1, 32, guid=FLOAT_GUID), "floating point"),
        (fmt(3, 1, 32), "floating point"),
        (fmt(6, 1, 8), "A-law"),
        (fmt(7, 1, 8), "µ-law"),
        (fmt(0x55, 1, 0), "MP3"),
        (fmt(0xFFFE, 1, 16, guid=bytes(16)), "format of its own"),
        (fmt(1, 0, 16), "0 channels"),
        (fmt(1, 1, 64), "64-bit"),
    ],
)
def test_what_is_no_linear_pcm_is_named(tmp_path: Path, head: bytes, named: str) -> None:
    with pytest.raises(WavError, match=named):
        read_bytes(tmp_path, riff(head, chunk(b"data", bytes(64000))))


@pytest.mark.parametrize("mark", [b"ID3\x04", b"fLaC", b"OggS", b"FORM"])
def test_another_kind_of_sound_file_is_named(tmp_path: Path, mark: bytes) -> None:
    with pytest.raises(WavError, match="not a PCM WAV file \\("):
        read_bytes(tmp_path, mark + bytes(100))


@pytest.mark.parametrize("data_size", [None, 0, 0xFFFFFFFF, 2_000_000_000])
@pytest.mark.parametrize("riff_size", [None, 0, 0xFFFFFFFF])
@pytest.mark.parametrize("listed", [b"", chunk(b"LIST", b"INFOISFT\x04\0\0\0Lavf")])
@pytest.mark.parametrize("mark", [b"RIFF", b"RF64"])
def test_sizes_that_were_never_filled_in_cost_nothing(
    tmp_path: Path, data_size: int | None, riff_size: int | None, listed: bytes, mark: bytes
) -> None:
    data = chunk(b"data", packed(TWO_SECONDS, 16), data_size)
    samples = read_bytes(tmp_path, riff(fmt(1, 1, 16), listed, data, size=riff_size, mark=mark))
    np.testing.assert_allclose(samples, TWO_SECONDS, atol=1e-4)


def test_a_chunk_of_odd_size_without_its_pad_byte_is_skipped(tmp_path: Path) -> None:
    for pad in (False, True):
        listed = chunk(b"LIST", b"INFOabc", pad=pad)
        file = riff(fmt(1, 1, 16), listed, chunk(b"data", packed(TWO_SECONDS, 16)))
        np.testing.assert_allclose(read_bytes(tmp_path, file), TWO_SECONDS, atol=1e-4)


def test_an_empty_data_chunk_before_others_is_empty(tmp_path: Path) -> None:
    with pytest.raises(WavError, match="no samples"):
        read_bytes(tmp_path, riff(fmt(1, 1, 16), chunk(b"data", b""), chunk(b"LIST", b"INFO")))


SOUND = riff(
    fmt(0xFFFE, 2, 24, guid=PCM_GUID),
    chunk(b"LIST", b"INFOabc", pad=False),
    chunk(b"data", packed(TWO_SECONDS[:200], 24, 2)),
)


@given(st.data())
def test_no_file_does_anything_but_be_read_or_refused(data: st.DataObject) -> None:
    broken = bytearray(SOUND)
    for _ in range(data.draw(st.integers(0, 6))):
        broken[data.draw(st.integers(0, 90))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)))
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(bytes(broken[:cut]))
        file.flush()
        try:
            samples, rate = read_wav(file.name)
        except WavError:
            return
    assert samples.ndim == 1 and samples.size and rate > 0
