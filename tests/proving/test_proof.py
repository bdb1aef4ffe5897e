"""How the end of a proof's child is understood."""

import asyncio
import os

import pytest

from appliance.audio.options import AudioOptions
from appliance.engines.asr import AsrConfig
from appliance.engines.tts import TtsConfig
from appliance.proving.proof import SECONDS, Proof, _judge, _so_far, prove
from appliance.workers.options import AsrOptions, TtsOptions
from tests.waiting import PATIENCE


def test_all_proofs_together_take_ten_seconds_at_most():
    assert sum(SECONDS.values()) <= 10


@pytest.mark.parametrize(
    "lines, status, expected",
    [
        (["load", "= PortAudio"], 0, Proof("proven", "PortAudio")),
        (["Q8_0: fast path", "decode"], -11, Proof("failed", "SIGSEGV (Q8_0, decode)")),
        (["load the library"], -4, Proof("failed", "SIGILL (load the library)")),
        (["load", "! no such file"], 1, Proof("failed", "no such file (load)")),
        (["load", "! a: b"], 1, Proof("failed", "a: b (load)")),
        (["Q8_0: fast path", "score", "! off"], 1, Proof("failed", "off (Q8_0, score)")),
        (["load"], 3, Proof("failed", "exit status 3 (load)")),
        ([], -6, Proof("failed", "SIGABRT (start)")),
        (["load"], 0, Proof("failed", "exit status 0 (load)")),
        (["load"], -9, Proof("unfinished", "SIGKILL (load)")),
    ],
)
def test_the_end_of_the_child_tells_what_was_found(lines, status, expected):
    assert _judge(lines, status) == expected


def test_a_proof_that_ran_out_of_time_is_worth_what_was_done():
    assert _so_far(["Q4_K_M: plain path", "score"]) == Proof("unfinished", "score")
    done = _so_far(["~ Q4_K_M", "~ Q8_0", "Q4_0: plain path"])
    assert done.outcome == "proven"
    assert done.detail.startswith("Q4_K_M, Q8_0")


def test_no_child_outlives_its_time():
    found = asyncio.run(prove("llm", AudioOptions("pcm.sock"), 0.0))
    assert found.outcome == "unfinished"


@pytest.mark.parametrize(
    "name, options",
    [
        ("asr", AsrOptions(AsrConfig("whisper", "/nowhere", {"encoder": "e.onnx"}), "")),
        ("tts", TtsOptions(TtsConfig("kokoro", "/nowhere", {"model": "m.onnx"}), "")),
        ("audio", AudioOptions("", vad_model="/nowhere/vad.onnx")),
    ],
)
def test_a_model_that_is_not_there_fails_in_words(name, options):
    found = asyncio.run(prove(name, options, PATIENCE))
    assert found.outcome == "failed"
    assert "/nowhere" in found.detail


@pytest.mark.models
def test_the_default_voice_hearing_and_detector_are_proven(default_models):
    from appliance.world import World

    async def all_of(world):
        return [
            await prove(name, world.options(name), PATIENCE) for name in ("audio", "asr", "tts")
        ]

    with World.open(None) as world:
        found = asyncio.run(all_of(world))
    assert [one.outcome for one in found] == ["proven"] * 3, found


def test_a_machine_that_cannot_start_one_more_process_proves_nothing(monkeypatch):
    async def no_memory(*_args, **_kwargs):
        raise OSError(12, os.strerror(12))

    monkeypatch.setattr(asyncio, "create_subprocess_exec", no_memory)
    assert asyncio.run(prove("llm", AudioOptions("pcm.sock"))).outcome == "unfinished"
