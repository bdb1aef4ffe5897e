"""Rules that come again, in wall-clock time."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.understanding.recurrence import Recurrence
from appliance.understanding.tokens import Every

NOON = datetime(2026, 11, 24, 12)

NEXT = [
    (Recurrence(Every.DAY, time(7)), "2026-11-25 07:00"),
    (Recurrence(Every.DAY, time(13)), "2026-11-24 13:00"),
    (Recurrence(Every.DAY, time(7), interval=2, start=date(2026, 11, 24)), "2026-11-26 07:00"),
    (Recurrence(Every.WEEK, time(7), frozenset((0, 2))), "2026-11-25 07:00"),
    (Recurrence(Every.WEEK, time(7), frozenset((5, 6))), "2026-11-28 07:00"),
    (Recurrence(Every.MONTH, time(9), day=31), "2026-12-31 09:00"),
    (Recurrence(Every.MONTH, time(9), day=-1), "2026-11-30 09:00"),
    (Recurrence(Every.YEAR, time(9), day=29, month=2), "2028-02-29 09:00"),
    (Recurrence(Every.SPAN, interval=5400), "2026-11-24 13:30"),
]


@pytest.mark.parametrize(("rule", "due"), NEXT, ids=[rule.rrule for rule, _ in NEXT])
def test_the_next_time_comes_after_now(rule: Recurrence, due: str) -> None:
    assert rule.after(NOON) == datetime.fromisoformat(due)


RULES = st.one_of(
    st.builds(Recurrence, st.just(Every.DAY), st.just(time(7)), interval=st.integers(1, 30)),
    st.builds(
        Recurrence,
        st.just(Every.WEEK),
        st.just(time(7)),
        st.frozensets(st.integers(0, 6), min_size=1),
    ),
    st.builds(
        Recurrence, st.just(Every.MONTH), st.just(time(7)), day=st.sampled_from([-1, *range(1, 32)])
    ),
    st.builds(Recurrence, st.just(Every.SPAN), interval=st.integers(60, 10**6)),
)


@given(RULES)
def test_a_rule_is_written_and_read_again(rule: Recurrence) -> None:
    assert Recurrence.parse(rule.rrule, rule.at, rule.start) == rule


@pytest.mark.parametrize("text", ["", "FREQ=DAILY;INTERVAL=0", "FREQ=NEVER", "BYDAY=MO", "x"])
def test_what_is_no_rule_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rule of ours"):
        Recurrence.parse(text)


@given(RULES, st.datetimes(datetime(2024, 1, 1), datetime(2090, 1, 1)))
def test_it_never_comes_at_once_and_never_goes_back(rule: Recurrence, moment: datetime) -> None:
    due = rule.after(moment)
    assert due is not None
    assert due > moment
