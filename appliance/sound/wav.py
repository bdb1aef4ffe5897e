"""WAV files in and out, by the standard library."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from appliance.errors import LoryError

MAX_SECONDS = 600.0


class WavError(LoryError, ValueError):
    """The file cannot be used as speech; the message says why, for people."""


def read_wav(path: str | Path) -> tuple[NDArray[np.float32], int]:
    """Mono samples in -1..1, and the rate in Hz. Channels are averaged.

    Raises:
        WavError: missing, not PCM WAV, no samples, or longer than `MAX_SECONDS`.
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.getnframes()
            if rate <= 0 or channels <= 0:
                raise WavError(f"{path}: not a usable WAV file ({rate} Hz, {channels} channels)")
            if frames > MAX_SECONDS * rate:
                raise WavError(f"{path}: longer than {MAX_SECONDS / 60:.0f} minutes")
            data = file.readframes(frames)
    except FileNotFoundError as error:
        raise WavError(f"{path}: no such file") from error
    except OSError as error:
        raise WavError(f"{path}: {error.strerror}") from error
    except (wave.Error, EOFError) as error:
        raise WavError(f"{path}: not a PCM WAV file ({error or 'too short'})") from error
    samples = _to_float(data[: len(data) // (width * channels) * width * channels], width, path)
    if samples.size == 0:
        raise WavError(f"{path}: holds no samples")
    return samples.reshape(-1, channels).mean(axis=1, dtype=np.float32), rate


def _to_float(data: bytes, width: int, path: str | Path) -> NDArray[np.float32]:
    match width:
        case 1:
            return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128)
        case 2:
            return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
        case 3:
            triples = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
            unsigned = triples[:, 0] | triples[:, 1] << 8 | triples[:, 2] << 16
            signed = (unsigned ^ 0x800000) - 0x800000
            return (signed / 8388608).astype(np.float32)
        case 4:
            return (np.frombuffer(data, "<i4") / 2147483648).astype(np.float32)
    raise WavError(f"{path}: {8 * width}-bit samples")


def write_wav(path: str | Path, samples: NDArray[np.float32], rate: int) -> None:
    """16-bit mono; `samples` in -1..1 are clipped."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(to_int16(samples))


def to_int16(samples: NDArray[np.float32]) -> bytes:
    """Little-endian 16-bit PCM; samples outside -1..1 are clipped."""
    return (np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes()
