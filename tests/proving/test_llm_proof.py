"""llama.cpp proves itself on tiny models; one that is broken on purpose is found out."""

import asyncio

import numpy as np
import pytest

from appliance.engines.llm import LlmOptions
from appliance.proving import llm
from appliance.proving.llm import KINDS, TOLERANCE, ProofError, prove_llm
from appliance.proving.proof import prove
from appliance.proving.tiny_model import Shape, tiny_model
from tests.proving.breaking import CRASH, WRONG, preload
from tests.waiting import PATIENCE

FAST = LlmOptions("no such model", threads=2)
LEAN = LlmOptions("no such model", threads=2, repack=False)


def proof(options):
    return asyncio.run(prove("llm", options, PATIENCE))


@pytest.fixture
def one_kind(monkeypatch):
    monkeypatch.setattr(llm, "KINDS", {"Q4_K_M": KINDS["Q4_K_M"]})


def test_the_engine_here_is_proven_with_every_kind_of_weight():
    found = proof(FAST)
    assert found.outcome == "proven", found
    assert all(kind in found.detail for kind in KINDS)


def test_a_crash_names_the_signal_the_weights_and_the_step(tmp_path, monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", preload(tmp_path, CRASH))
    found = proof(FAST)
    assert found.outcome == "failed"
    assert found.detail == "SIGSEGV (Q4_K_M, prefill of 24 tokens)"


def test_what_crashes_with_repacked_weights_works_without(tmp_path, monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", preload(tmp_path, CRASH))
    assert proof(LEAN).outcome == "proven"


def test_wrong_products_are_found_by_the_logits(tmp_path, monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", preload(tmp_path, WRONG))
    found = proof(FAST)
    assert found.outcome == "failed"
    assert "logits are off by" in found.detail


def test_every_step_is_told_before_it_is_done(one_kind):
    steps = []
    prove_llm(LEAN, steps.append)
    assert steps[0] == "F32: plain path"
    fast = steps[steps.index("Q4_K_M: fast path") + 1 :]
    assert fast == [
        "prefill of 24 tokens",
        "prefill of 100 tokens",
        "decode",
        "roll back",
        "state out and in",
        "score",
        "~ Q4_K_M",
    ]


def test_the_weights_of_the_model_in_use_come_first(tmp_path):
    path = tmp_path / "mine.gguf"
    assert next(iter(llm._kinds(LlmOptions(str(path))))) == "Q4_K_M"
    with llm._file(tiny_model(Shape())) as exact, llm._quantized(exact, KINDS["Q8_0"]) as small:
        path.write_bytes(small.read_bytes())
    assert next(iter(llm._kinds(LlmOptions(str(path))))) == "Q8_0"


@pytest.mark.parametrize("change", [lambda x: x * 2, lambda x: x * np.nan, lambda x: -x])
def test_logits_that_differ_are_no_proof(change):
    right = np.random.default_rng(1).normal(size=50).astype(np.float32)
    llm._compare("same", [right * 1.01], [right], TOLERANCE)
    with pytest.raises(ProofError, match="fast path"):
        llm._compare("fast path", [change(right)], [right], TOLERANCE)


def test_nothing_need_be_writable(one_kind, tmp_path, monkeypatch):
    """A read-only box, a full disk, a /tmp that runs nothing."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    monkeypatch.chdir("/")
    assert "Q4_K_M" in prove_llm(LEAN, lambda step: None)
