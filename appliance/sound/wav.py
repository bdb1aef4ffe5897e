"""WAV files in and out: PCM as the world writes it, which is not always as it should be.

The standard library's `wave` refuses what recorders really leave: WAVE_FORMAT_EXTENSIBLE (before
Python 3.12), sizes of a stream that were never filled in, chunks without their pad byte. Sources:
Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", RIFF and WAVE;
mmreg.h, WAVEFORMATEXTENSIBLE; EBU Tech 3306 (RF64).
"""

from __future__ import annotations

import os
import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from appliance.errors import LoryError

MAX_SECONDS = 600.0

_RIFF = (b"RIFF", b"RF64", b"BW64")
_PCM, _EXTENSIBLE = 0x0001, 0xFFFE
_FORMATS = {
    0x0002: "Microsoft ADPCM",
    0x0003: "floating point",
    0x0006: "A-law",
    0x0007: "µ-law",
    0x0011: "IMA ADPCM",
    0x0031: "GSM 6.10",
    0x0055: "MP3",
    0x00FF: "AAC",
}
# KSDATAFORMAT_SUBTYPE_*: the format's number, then this.
_SUBFORMAT_TAIL = bytes.fromhex("000000001000800000aa00389b71")
_OTHERS = {
    b"ID3": "MP3",
    b"\xff\xfb": "MP3",
    b"\xff\xf3": "MP3",
    b"fLaC": "FLAC",
    b"OggS": "Ogg",
    b"RIFX": "big-endian WAV",
    b"FORM": "AIFF",
    b"caff": "CAF",
}
_UNKNOWN_SIZES = (0, 0xFFFFFFFF)  # of a stream whose header was never completed


class WavError(LoryError, ValueError):
    """The file cannot be used as speech; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class _Format:
    """`width` is that of a sample in the file, in bytes; the valid bits are its upper ones."""

    rate: int
    channels: int
    width: int


def read_wav(path: str | Path) -> tuple[NDArray[np.float32], int]:
    """Mono samples in -1..1, and the rate in Hz. Channels are averaged.

    Raises:
        WavError: missing, not PCM WAV, no samples, or longer than `MAX_SECONDS`.
    """
    try:
        with Path(path).open("rb") as file:
            form, data = _read(file)
    except FileNotFoundError as error:
        raise WavError(f"{path}: no such file") from error
    except OSError as error:
        raise WavError(f"{path}: {error.strerror}") from error
    except WavError as error:
        raise WavError(f"{path}: {error}") from error
    whole = len(data) - len(data) % (form.width * form.channels)
    samples = _to_float(data[:whole], form.width)
    if samples.size == 0:
        raise WavError(f"{path}: holds no samples")
    return samples.reshape(-1, form.channels).mean(axis=1, dtype=np.float32), form.rate


def _read(file: BinaryIO) -> tuple[_Format, bytes]:
    """The format, and the bytes of the samples."""
    end = os.fstat(file.fileno()).st_size
    head = file.read(12)
    if head[:4] not in _RIFF or head[8:] != b"WAVE":
        named = next((name for mark, name in _OTHERS.items() if head.startswith(mark)), "")
        raise WavError(f"not a PCM WAV file{f' ({named})' if named else ''}")
    form: _Format | None = None
    for name, start, size in _chunks(file, end):
        if name == b"fmt ":
            file.seek(start)
            form = _format(file.read(min(size, 40)))
        elif name == b"data" and form is not None:
            return form, _samples(file, start, size, form)
    raise WavError("not a PCM WAV file (no samples in it)" if form else "not a PCM WAV file")


def _chunks(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and size of each chunk, as far as they make sense."""
    place = 12
    while place + 8 <= end:
        file.seek(place)
        name, size = struct.unpack("<4sI", file.read(8))
        start = place + 8
        if name == b"data" and (size in _UNKNOWN_SIZES or start + size > end):
            rest = end - start
            size = 0 if size == 0 and _is_chunk(file, start, end) else rest
        yield name, start, size
        place = start + size
        # Some writers forget the pad byte after a chunk of odd size.
        if size % 2 and not _is_chunk(file, place, end):
            place += 1


def _is_chunk(file: BinaryIO, place: int, end: int) -> bool:
    """Whether a chunk that fits into the file begins there."""
    if place + 8 > end:
        return False
    file.seek(place)
    head = file.read(8)
    name, size = head[:4], int.from_bytes(head[4:], "little")
    return name.isascii() and name.strip().isalnum() and place + 8 + size <= end


def _format(data: bytes) -> _Format:
    """Of a `fmt ` chunk. Raises WavError for what is no linear PCM."""
    if len(data) < 16:
        raise WavError("not a usable WAV file (its format is cut off)")
    tag, channels, rate, _, block, bits = struct.unpack("<HHIIHH", data[:16])
    if tag == _EXTENSIBLE:
        subformat = data[24:40]
        if len(subformat) < 16 or subformat[2:] != _SUBFORMAT_TAIL:
            raise WavError("not a PCM WAV file (a format of its own)")
        tag = int.from_bytes(subformat[:2], "little")
    if tag != _PCM:
        raise WavError(f"not a PCM WAV file ({_FORMATS.get(tag, f'format 0x{tag:04X}')})")
    if not rate or not channels:
        raise WavError(f"not a usable WAV file ({rate} Hz, {channels} channels)")
    width = (bits + 7) // 8
    if block % channels == 0 and block // channels in (1, 2, 3, 4):
        width = max(width, block // channels)
    if width not in (1, 2, 3, 4):
        raise WavError(f"{bits}-bit samples")
    return _Format(rate, channels, width)


def _samples(file: BinaryIO, start: int, size: int, form: _Format) -> bytes:
    frames = size // (form.width * form.channels)
    if frames > MAX_SECONDS * form.rate:
        raise WavError(f"longer than {MAX_SECONDS / 60:.0f} minutes")
    file.seek(start)
    return file.read(size)


def _to_float(data: bytes, width: int) -> NDArray[np.float32]:
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
        case _:
            return (np.frombuffer(data, "<i4") / 2147483648).astype(np.float32)


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
