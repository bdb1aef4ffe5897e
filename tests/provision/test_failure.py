"""What went wrong is said in one line, with what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.provision.failure import explain

LOG = Path("/somewhere/llm.log")


@pytest.mark.parametrize(
    ("line", "said", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full", "make room"),
        ("fatal error: error writing to /tmp/x.s: No space left on device", "disk is full", ""),
        ("NewConnectionError: Network is unreachable", "cannot be reached", "pip config list"),
        ("Temporary failure in name resolution", "cannot be reached", "check the network"),
        ("g++: fatal error: Killed signal terminated program cc1plus", "out of memory", "LEVEL=1"),
        ("CMake Error: CMAKE_CXX_COMPILER not set", "no C++ compiler", "apt install g++"),
        ("fatal error: Python.h: No such file or directory", "headers", "python3-dev"),
        ("ERROR: No matching distribution found for sherpa-onnx", "lacks a package", "index"),
    ],
)
def test_known_causes(line: str, said: str, advice: str) -> None:
    failure = explain(f"Collecting x\n{line}\nERROR: Failed building wheel", LOG)
    assert said in failure.what.en
    assert advice in failure.remedy.en
    assert failure.what.zh and failure.remedy.zh
    assert "\n" not in failure.what.en


def test_a_full_disk_outranks_what_it_causes() -> None:
    text = "No space left on device\nConnection reset by peer\nERROR: Failed building wheel"
    assert "disk" in explain(text, LOG).what.en


def test_an_unknown_cause_shows_the_last_error_and_the_log() -> None:
    failure = explain("Collecting x\nERROR: something new\nnote: not our fault\n", LOG)
    assert failure.what.en == "ERROR: something new"
    assert str(LOG) in failure.remedy.en


def test_an_empty_log_is_still_a_failure_in_words() -> None:
    assert explain("", LOG).what.en == "failed"
