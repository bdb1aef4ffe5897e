"""Heat: threads go before the SoC throttles, and come back when it has cooled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.health.governor import COOL_READINGS, HYSTERESIS, MARGIN, Governor
from appliance.health.machine import Temperature

TRIP = 80.0


def zone(celsius, trip=TRIP):
    return Temperature("soc", celsius, trip)


def test_a_cool_soc_computes_with_all_threads_and_shows_nothing():
    governor = Governor(4)
    governor.feel([zone(60.0)])
    assert (governor.limit, governor.acting) == (4, False)


def test_threads_go_one_by_one_before_the_trip_point_is_reached():
    governor = Governor(4)
    limits = []
    for _ in range(5):
        governor.feel([zone(TRIP - MARGIN)])
        limits.append(governor.limit)
    assert limits == [3, 2, 1, 1, 1]
    assert governor.acting and governor.celsius == TRIP - MARGIN


def test_between_hot_and_cool_nothing_moves():
    governor = Governor(4)
    governor.feel([zone(TRIP)])
    for _ in range(20):
        governor.feel([zone(TRIP - MARGIN - HYSTERESIS / 2)])
    assert governor.limit == 3


def test_threads_come_back_one_by_one_after_it_was_cool_for_a_while():
    governor = Governor(3)
    governor.feel([zone(TRIP)])
    governor.feel([zone(TRIP)])
    limits = []
    for _ in range(2 * COOL_READINGS):
        governor.feel([zone(50.0)])
        limits.append(governor.limit)
    assert limits == [1] * (COOL_READINGS - 1) + [2] * COOL_READINGS + [3]
    assert not governor.acting


def test_the_zone_closest_to_its_own_trip_point_counts():
    governor = Governor(4)
    governor.feel([zone(84.0, 110.0), zone(74.0, 75.0)])
    assert (governor.limit, governor.celsius) == (3, 74.0)


def test_a_zone_without_a_trip_point_is_taken_for_an_rk3588():
    governor = Governor(4)
    governor.feel([zone(79.0, None)])
    assert governor.limit == 4
    governor.feel([zone(81.0, None)])
    assert governor.limit == 3


def test_a_machine_without_zones_is_never_held_back():
    governor = Governor(4)
    governor.feel([])
    assert (governor.limit, governor.acting) == (4, False)


@given(st.integers(1, 8), st.lists(st.floats(-40, 150), max_size=60))
def test_there_is_always_a_thread_and_never_more_than_there_are(threads, course):
    governor = Governor(threads)
    for celsius in course:
        before = governor.limit
        governor.feel([zone(celsius)])
        assert 1 <= governor.limit <= threads
        assert abs(governor.limit - before) <= 1


@pytest.mark.parametrize("ambient", [25.0, 45.0])
def test_a_soc_that_heats_with_its_threads_is_held_below_its_trip_point(ambient):
    """A lumped model: 13 °C a thread above ambient in the end, a time constant of ten readings."""
    governor, celsius, course = Governor(4), ambient, []
    for _ in range(400):
        celsius += (ambient + 13.0 * governor.limit - celsius) / 10
        governor.feel([zone(celsius)])
        course.append(celsius)
    assert max(course) < TRIP
