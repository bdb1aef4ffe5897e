"""The compute policy never oversubscribes and always leaves the LLM a thread."""

from hypothesis import given
from hypothesis import strategies as st

from appliance.supervision.compute import Compute


def test_the_llm_has_all_cores_while_nothing_else_computes():
    assert Compute(4).llm_threads == 4


def test_the_llm_gives_up_a_share_while_tts_runs_and_takes_it_back():
    compute = Compute(2)
    assert compute.occupy("tts")
    assert compute.llm_threads == 1
    assert not compute.occupy("tts")
    assert compute.release("tts")
    assert compute.llm_threads == 2


@given(st.integers(0, 64), st.sets(st.sampled_from(["asr", "tts", "vad"])))
def test_threads_add_up_to_no_more_than_the_cores(cores, busy):
    compute = Compute(cores)
    for engine in busy:
        compute.occupy(engine)
    assert compute.llm_threads >= 1
    spare = max(1, cores - compute.share * len(busy))
    assert compute.llm_threads == spare


def test_a_core_that_others_use_is_theirs():
    compute = Compute(4)
    assert compute.leave_to_others(2.0)
    assert compute.llm_threads == 2
    assert compute.leave_to_others(4.0)
    assert compute.llm_threads == 4


def test_a_little_work_of_others_costs_no_thread():
    compute = Compute(2)
    assert not compute.leave_to_others(1.7)
    assert compute.llm_threads == 2


def test_one_who_competes_for_a_core_with_us_has_it_counted_as_theirs():
    compute = Compute(2)
    compute.leave_to_others(1.4)
    assert compute.llm_threads == 1


@given(st.integers(1, 64), st.floats(0, 64), st.sets(st.sampled_from(["asr", "tts"])))
def test_others_never_take_the_last_thread_nor_give_one_that_is_not_there(cores, free, busy):
    compute = Compute(cores)
    for engine in busy:
        compute.occupy(engine)
    before = compute.llm_threads
    compute.leave_to_others(free)
    assert 1 <= compute.llm_threads <= before
