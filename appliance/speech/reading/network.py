"""The bi-LSTM of g2pM: how likely each reading of a character is in its sentence.

Park and Lee, "g2pM: A Neural Grapheme-to-Phoneme Conversion Package for Mandarin Chinese Based on
a New Open Benchmark Dataset", Interspeech 2020. Embedding of 64, 32 hidden units each way, one
hidden layer of 32, 876 readings. Our own run of it: both directions in one step, and only the
readings that a character can have, so that a clause takes a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from appliance.speech.reading.data import Readings

_Array = npt.NDArray[np.float32]
_BEGIN, _END, _UNKNOWN = 0, 1, 2  # rows of the embedding; the symbols follow


class Network:
    """Scores of readings, in nats; only their differences mean anything."""

    def __init__(self, readings: Readings) -> None:
        weights = {name: array.astype(np.float32) for name, array in readings.weights.items()}
        self._rows = {symbol: row for row, symbol in enumerate(readings.symbols, _UNKNOWN + 1)}
        self._class = {name: number for number, name in enumerate(readings.classes)}
        # What each symbol brings to the gates never changes: one row of a table.
        table = np.einsum("se,deg->sdg", weights["embedding"], weights["input"], optimize=True)
        self._gates: _Array = table + weights["bias"]
        self._recurrent: _Array = weights["recurrent"]
        self._hidden, self._hidden_bias = weights["hidden"], weights["hidden_bias"]
        self._output, self._output_bias = weights["output"], weights["output_bias"]
        self._states = lru_cache(1)(self._run)  # each run of hanzi asks for its sentence again

    def scores(
        self, sentence: str, wanted: Sequence[tuple[int, Sequence[str]]]
    ) -> list[dict[str, float]]:
        """For each (place, readings): what speaks for each of those readings that it knows."""
        if not wanted:
            return []
        states = self._states(sentence)
        result = []
        for place, readings in wanted:
            hidden = np.maximum(states[place] @ self._hidden + self._hidden_bias, 0)
            known = [reading for reading in readings if reading in self._class]
            rows = [self._class[reading] for reading in known]
            values = self._output[rows] @ hidden + self._output_bias[rows]
            result.append(dict(zip(known, map(float, values), strict=True)))
        return result

    def _run(self, sentence: str) -> _Array:
        """The hidden state of both directions at each character."""
        symbols = [_BEGIN, *(self._rows.get(c, _UNKNOWN) for c in sentence), _END]
        gates = self._gates[symbols]
        gates[:, 1] = gates[::-1, 1]  # the second direction reads from the end
        units = self._recurrent.shape[1]
        hidden = np.zeros((2, 1, units), np.float32)
        cell = np.zeros((2, units), np.float32)
        states = np.empty((len(symbols), 2, units), np.float32)
        for step in range(len(symbols)):
            gate = gates[step] + np.matmul(hidden, self._recurrent)[:, 0]
            switch = 1 / (1 + np.exp(-gate))
            new = np.tanh(gate[:, 2 * units : 3 * units])
            cell = switch[:, units : 2 * units] * cell + switch[:, :units] * new
            states[step] = switch[:, 3 * units :] * np.tanh(cell)
            hidden = states[step][:, None]
        return np.concatenate([states[1:-1, 0], states[::-1, 1][1:-1]], axis=1)
