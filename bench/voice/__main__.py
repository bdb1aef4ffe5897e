"""The voice on real speech: what it hears, when it answers, how fast it is silent.

    python -m bench.voice [--quick] [--only PART]... [--json] [--cache DIR] [--rounds N]

Speech is made by the default TTS: several voices and speeds, noise at 20/10/5 dB, reverberation,
silence around it. `python -m bench.asr DIR` takes recordings of people. Parts: recognition,
synthesis, endpoints, talk-key, wake, silence, latency, policy. Wall-clock figures are of this
machine, medians of rounds in which everything that is compared takes turns.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from appliance.engines.errors import EngineError
from appliance.engines.synthesisers import load_synthesiser
from appliance.models.errors import ModelError
from bench.voice.compute_doc import write_table
from bench.voice.corpus import SENTENCES, Utterance, corpus, default_tts, speak
from bench.voice.endpoints import endpoints
from bench.voice.latency import LENGTHS, latency
from bench.voice.policy import policy
from bench.voice.recognition import recognition
from bench.voice.silence import silence
from bench.voice.talk_key import talk_key
from bench.voice.wake import wake

Figures = dict[str, object]


def synthesis(rounds: int) -> Figures:
    """`rtf_tts` per number of threads."""
    found: dict[str, float] = {}
    for threads in (1, 2):
        engine = load_synthesiser(default_tts(threads))
        factors = []
        for text in SENTENCES[: 2 + rounds]:
            began = time.perf_counter()
            audio = len(speak(engine, text, "", 1.0)) / engine.rate
            factors.append((time.perf_counter() - began) / audio)
        found[str(threads)] = round(statistics.median(factors), 3)
    return {"rtf_tts": found}


def run(parts: list[str], cache: Path, quick: bool, rounds: int) -> Figures:
    """The figures of the parts that are wanted."""
    utterances: list[Utterance] = []
    if {"recognition", "endpoints", "talk-key", "wake"} & set(parts):
        utterances = corpus(cache, 6 if quick else 28)
    measures: dict[str, Callable[[], Figures]] = {
        "recognition": lambda: recognition(utterances, threads=1),
        "synthesis": lambda: synthesis(rounds),
        "endpoints": lambda: endpoints(utterances, 1.0 if quick else 10.0),
        "talk-key": lambda: talk_key(utterances),
        "wake": lambda: wake(utterances, cache, 2 if quick else 5),
        "silence": lambda: silence(rounds),
        "latency": lambda: latency(rounds, (80,) if quick else LENGTHS),
        "policy": lambda: policy(rounds),
    }
    figures: Figures = {}
    for part in parts:
        print(f"measuring {part}", file=sys.stderr)
        figures |= measures[part]()
    rtf = {"asr": figures.pop("rtf_asr", None), "tts": figures.pop("rtf_tts", None)}
    return {**figures, "rtf": rtf}


PARTS = (
    "recognition",
    "synthesis",
    "endpoints",
    "talk-key",
    "wake",
    "silence",
    "latency",
    "policy",
)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.voice",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="fewer utterances and rounds")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may repeat")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--cache", type=Path, help="keep the utterances here")
    parser.add_argument("--rounds", type=int, default=0, help="default: 5, quick 2")
    parser.add_argument("--write-table", type=Path, help="the compute policy as Markdown, here")
    arguments = parser.parse_args(argv)
    rounds = arguments.rounds or (2 if arguments.quick else 5)
    with tempfile.TemporaryDirectory(prefix="lory-voice-") as directory:
        cache = arguments.cache or Path(directory)
        try:
            figures = run(arguments.only or list(PARTS), cache, arguments.quick, rounds)
        except (EngineError, ModelError, TimeoutError) as error:
            print(f"bench.voice: {error}", file=sys.stderr)
            return 1
    if arguments.write_table is not None:
        write_table(arguments.write_table, figures)
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False))
        return 0
    for name, value in figures.items():
        print(f"{name:34}{json.dumps(value, ensure_ascii=False)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
