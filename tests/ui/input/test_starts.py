"""Row starts in two levels: what is packed is what is read."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.input.starts import Starts, pack_starts


@given(st.lists(st.integers(0, 1500), max_size=300))
def test_every_start_is_read_as_it_was_packed(sizes: list[int]) -> None:
    starts = list(accumulate(sizes, initial=0))
    read = Starts(memoryview(pack_starts(starts)))
    assert len(read) == len(starts)
    assert [read[row] for row in range(len(starts))] == starts


def test_rows_too_long_for_a_block_are_refused() -> None:
    assert pack_starts([0, 65535])
    with pytest.raises(ValueError, match="too long"):
        pack_starts([0, 65536])


@pytest.mark.parametrize("size", [1, 3, 7, 69, 71])
def test_a_length_that_no_starts_have_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="broken length"):
        Starts(memoryview(bytes(size)))
