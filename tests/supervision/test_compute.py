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
