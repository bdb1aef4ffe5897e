"""WAV files of every kind people have."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

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
