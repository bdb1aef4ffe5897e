"""The ring is the newest samples, whatever the blocks were."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.audio.ring import Ring


@given(st.integers(1, 50), st.lists(st.integers(0, 120), max_size=12), st.integers(-3, 200))
def test_last_is_the_end_of_all_that_was_written(
    capacity: int, sizes: list[int], count: int
) -> None:
    ring, written, number = Ring(capacity), np.zeros(0, np.float32), 0
    for size in sizes:
        block = np.arange(number, number + size, dtype=np.float32)
        number += size
        ring.write(block)
        written = np.concatenate([written, block])
    wanted = max(0, min(count, capacity, len(written)))
    np.testing.assert_array_equal(ring.last(count), written[len(written) - wanted :])


def test_nothing_can_be_read_after_clear() -> None:
    ring = Ring(10)
    ring.write(np.ones(10, np.float32))
    ring.clear()
    assert len(ring.last(10)) == 0
    ring.write(np.full(1, 2, np.float32))
    np.testing.assert_array_equal(ring.last(10), [2])
