"""Streaming sample-rate conversion: polyphase windowed-sinc FIR on numpy.

Crochiere & Rabiner, Multirate Digital Signal Processing (1983), ch. 4: with L/M the reduced ratio
of the rates, output n is the inner product of the input around n·M/L with phase n·M mod L of the
prototype low-pass filter.

Why not soxr: it computes ten times less (1.4 ms for a second of 48 kHz sound to 16 kHz, this 15),
but holds back up to 38 ms of it (this 1): every end of a word and every answer would be that late.
"""

from __future__ import annotations

from functools import cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

_LOBES = 16  # zero crossings on each side: 80 dB with this Kaiser window
_BETA = 8.0


@cache
def _filters(up: int, down: int) -> NDArray[np.float32]:
    """Phases × taps, for the newest input sample last."""
    cutoff = min(1.0, up / down) * 0.95
    half = int(np.ceil(_LOBES / cutoff))
    taps = 2 * half
    phases = np.arange(up)[:, None] / up
    # Distance of tap k from the output instant, in input samples.
    distance = np.arange(taps)[None, :] - half + 1 - phases
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (distance / half) ** 2, 0, 1))) / np.i0(_BETA)
    kernel = cutoff * np.sinc(cutoff * distance) * window
    kernel /= kernel.sum(axis=1, keepdims=True)
    return kernel.astype(np.float32)


class Resampler:
    """Mono float32 from `source` Hz to `target` Hz, block by block.

    The output is aligned with the input: its filter delay is taken out, so `flush` must be called
    at the end to get the last samples.
    """

    def __init__(self, source: int, target: int) -> None:
        if source <= 0 or target <= 0:
            raise ValueError(f"cannot resample {source} Hz to {target} Hz")
        divisor = gcd(source, target)
        self._up, self._down = target // divisor, source // divisor
        self._copy = source == target
        if not self._copy:
            self._kernel = _filters(self._up, self._down)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._taken = 0  # input samples seen
        self._made = 0  # output samples made
        if not self._copy:
            taps = self._kernel.shape[1]
            self._history = np.zeros(taps // 2 - 1, np.float32)
            self._first = -(taps // 2 - 1)  # input index of _history[0]

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """As many output samples as the input so far allows."""
        self._taken += len(block)
        if self._copy:
            return block
        return self._run(block, None)

    def flush(self) -> NDArray[np.float32]:
        """The rest. In all, ceil(input · target / source) samples were made."""
        if self._copy:
            return np.zeros(0, np.float32)
        total = -(-self._taken * self._up // self._down)
        return self._run(np.zeros(self._kernel.shape[1], np.float32), total)

    def _run(self, block: NDArray[np.float32], total: int | None) -> NDArray[np.float32]:
        data = np.concatenate([self._history, block])
        taps = self._kernel.shape[1]
        # Output n needs inputs (n·M)//L - taps/2 + 1 … (n·M)//L + taps/2.
        last = self._first + len(data) - 1 - taps // 2
        end = max(self._made, (last * self._up + self._up - 1) // self._down + 1)
        if total is not None:
            end = min(end, total)
        positions = np.arange(self._made, end) * self._down
        centres, phases = positions // self._up, positions % self._up
        starts = centres - taps // 2 + 1 - self._first
        result = np.zeros(0, np.float32)
        if len(starts):
            windows = np.lib.stride_tricks.sliding_window_view(data, taps)[starts]
            result = np.einsum("nt,nt->n", windows, self._kernel[phases]).astype(np.float32)
        self._made = end
        keep = (end * self._down) // self._up - taps // 2 + 1 - self._first
        keep = max(0, min(keep, len(data)))
        self._history = data[keep:]
        self._first += keep
        return result


def resample(samples: NDArray[np.float32], source: int, target: int) -> NDArray[np.float32]:
    """A whole signal at once; ceil(len · target / source) samples."""
    resampler = Resampler(source, target)
    return np.concatenate([resampler.process(samples), resampler.flush()])
