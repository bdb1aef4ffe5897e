"""Proofs behind a running box: once for each key, in leaner ways where one fails."""

import asyncio

import pytest

from appliance.engines.llm import LlmOptions
from appliance.messages import Fault
from appliance.proving import prover
from appliance.proving.proof import Proof
from appliance.proving.prover import Proven, Prover

PROVEN, FAILED = Proof("proven", "all"), Proof("failed", "SIGSEGV (decode)")
LATE = Proof("unfinished", "decode")


class Box:
    """Engines whose proofs come out as foretold."""

    def __init__(self, monkeypatch, place, *outcomes):
        self.key = "this"
        self.tried, self.restarted, self.reasons = [], [], []
        self.ways = 2
        self.fits = True
        self.fault = None
        self.before_end = lambda: None
        self._outcomes = iter(outcomes)
        monkeypatch.setattr(prover, "prove", self._prove)
        self.prover = Prover(
            lambda name: self.fault or LlmOptions("m"),
            lambda name: self.key,
            Proven(place),
            self._leaner,
            self.restarted.append,
            lambda name: self.fits,
            quiet=0.0,
        )

    async def _prove(self, name, options):
        self.tried.append(name)
        self.before_end()
        return next(self._outcomes)

    def _leaner(self, name, why):
        self.reasons.append(why)
        self.ways -= 1
        return self.ways >= 0

    def come_up(self, *names):
        async def run():
            for name in names:
                self.prover.came_up(name)
            if self.prover._task is not None:
                await self.prover._task

        asyncio.run(run())


@pytest.fixture
def place(tmp_path):
    return tmp_path / "state" / "proofs.json"


def test_what_is_proven_is_not_tried_again(monkeypatch, place):
    Box(monkeypatch, place, PROVEN).come_up("llm")
    again = Box(monkeypatch, place)
    again.come_up("llm")
    assert again.tried == []


def test_another_processor_package_or_model_is_proven_anew(monkeypatch, place):
    Box(monkeypatch, place, PROVEN).come_up("llm")
    other = Box(monkeypatch, place, PROVEN)
    other.key = "that"
    other.come_up("llm")
    assert other.tried == ["llm"]


def test_what_fails_is_proven_in_the_next_way_and_its_worker_started_in_it(monkeypatch, place):
    box = Box(monkeypatch, place, FAILED, PROVEN)
    box.come_up("llm")
    assert box.tried == ["llm", "llm"]
    assert box.restarted == ["llm"]
    assert box.reasons == ["SIGSEGV (decode)"]


def test_where_no_way_is_left_nothing_is_restarted_for_it(monkeypatch, place):
    box = Box(monkeypatch, place, FAILED, FAILED, FAILED)
    box.come_up("llm")
    assert box.restarted == ["llm", "llm"]
    assert not Proven(place).holds("llm", "this")


def test_a_proof_without_time_to_end_changes_nothing_and_is_tried_at_the_next_start(
    monkeypatch, place
):
    box = Box(monkeypatch, place, LATE)
    box.come_up("llm")
    assert box.restarted == box.reasons == []
    assert not Proven(place).holds("llm", "this")


def test_a_model_that_is_replaced_meanwhile_is_not_taken_for_proven(monkeypatch, place):
    box = Box(monkeypatch, place, PROVEN)
    box.before_end = lambda: setattr(box, "key", "another")
    box.come_up("llm")
    proven = Proven(place)
    assert not proven.holds("llm", "this") and not proven.holds("llm", "another")


def test_one_after_the_other(monkeypatch, place):
    box = Box(monkeypatch, place, PROVEN, PROVEN)
    box.come_up("llm", "tts", "llm")
    assert box.tried == ["llm", "tts"]


def test_a_box_with_little_memory_loads_no_model_twice(monkeypatch, place):
    box = Box(monkeypatch, place)
    box.fits = False
    box.come_up("asr")
    assert box.tried == []


def test_an_engine_without_a_model_has_nothing_to_prove(monkeypatch, place):
    box = Box(monkeypatch, place)
    box.fault = Fault("model-missing", "")
    box.come_up("asr")
    assert box.tried == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"llm": 1}', b"\xff"])
def test_a_damaged_file_is_none(monkeypatch, place, content):
    place.parent.mkdir()
    place.write_bytes(content)
    box = Box(monkeypatch, place, PROVEN)
    box.come_up("llm")
    assert Proven(place).holds("llm", "this")
