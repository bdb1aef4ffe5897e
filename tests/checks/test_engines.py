"""What `lory doctor` says of the engines."""

import pytest

from appliance.checks import engines
from appliance.checks.engines import Engine, check_engines
from appliance.checks.finding import Level
from appliance.proving.proof import Proof
from appliance.supervision.narrowing import Kept
from appliance.supervision.ways import WAYS


def found(name="llm", outcome="proven", detail="all", kept=None, works=""):
    return list(check_engines({name: Engine(Proof(outcome, detail), kept, works)}))


def test_an_engine_that_works_is_said_to():
    (finding,) = found()
    assert finding.level is Level.OK
    assert "proven" in finding.en and "通过" in finding.zh


@pytest.mark.parametrize("name", WAYS)
def test_one_that_fails_says_where_and_what_to_do(name):
    (finding,) = found(name, "failed", "SIGSEGV (Q4_K_M, decode)")
    assert finding.level is Level.FAIL
    assert "SIGSEGV (Q4_K_M, decode)" in finding.zh and "pip" in finding.todo_zh


def test_one_that_runs_in_a_leaner_way_says_why_and_what_it_costs():
    (finding,) = found(kept=Kept("key", "no-repack", "SIGSEGV at work"))
    assert finding.level is Level.WARN
    assert "SIGSEGV at work" in finding.en and "not repacked" in finding.en


def test_every_leaner_way_has_words():
    assert engines._WAYS.keys() == {way.name for ways in WAYS.values() for way in ways}


def test_no_time_is_no_failure():
    (finding,) = found(outcome="unfinished", detail="decode")
    assert finding.level is Level.WARN


def test_one_that_fails_in_its_fastest_way_only_works_in_another():
    (finding,) = found(outcome="failed", detail="SIGSEGV (decode)", works="no-repack")
    assert finding.level is Level.WARN
    assert "SIGSEGV" in finding.en and "it works with weights not repacked" in finding.en


def test_a_build_for_another_cpu_is_told_once_and_not_tried(monkeypatch):
    monkeypatch.setattr(engines, "lacking_here", lambda: ("amx_tile", "avx512f"))
    (finding,) = found(outcome="failed", detail="SIGILL")
    assert finding.level is Level.FAIL
    assert "amx_tile, avx512f" in finding.en and "make run" in finding.todo_en
