"""Decode and TTS speed, alone and together, at every split of the cores.

TTS runs in a process of its own, as on the box. Splits that oversubscribe the cores are measured
too: they are the reason for the policy.
"""

from __future__ import annotations

import itertools
import multiprocessing
import statistics
import time
from concurrent.futures import Future, ProcessPoolExecutor

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmOptions
from appliance.engines.synthesisers import load_synthesiser
from appliance.engines.tts import Synthesiser
from appliance.health.machine import big_cores
from appliance.messages import Ask, Message, Prefill, Sampling, Token
from appliance.personas.persona import system_prompt
from bench.default_llm import default_llm
from bench.voice.corpus import default_tts, speak

_TEXT = "长城是中国古代的伟大工程，它像一条巨龙，在群山之间蜿蜒了几千公里。"
_STORY = "写一篇很长的文章介绍长城。"
_TOKENS = 48
_ENGINES: dict[int, Synthesiser] = {}


def policy(rounds: int) -> dict[str, object]:
    """Rows of threads, tok/s, RTF; medians over rounds that take every row in turn."""
    cores = big_cores()
    counts = sorted({1, cores // 2 or 1, cores})
    splits = [(llm, 0) for llm in counts] + [(0, tts) for tts in counts]
    splits += list(itertools.product(counts, counts))
    decode: dict[tuple[int, int], list[float]] = {split: [] for split in splits}
    speech: dict[tuple[int, int], list[float]] = {split: [] for split in splits}
    engine = LlamaEngine(LlmOptions(str(default_llm()), threads=cores))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        for turn, (llm, tts) in enumerate(splits * rounds):
            tokens, factor = _measure(engine, pool, llm, tts, turn)
            decode[llm, tts] += tokens
            speech[llm, tts] += factor
    engine.close()
    rows = [
        {
            "llm_threads": llm,
            "tts_threads": tts,
            "decode_tok_s": _median(decode[llm, tts]),
            "tts_rtf": _median(speech[llm, tts]),
        }
        for llm, tts in splits
    ]
    return {"compute_policy": rows, "cores": cores}


def _median(values: list[float]) -> float | None:
    return round(statistics.median(values), 3) if values else None


def _measure(
    engine: LlamaEngine, pool: ProcessPoolExecutor, llm: int, tts: int, turn: int
) -> tuple[list[float], list[float]]:
    if not llm:
        return [], [pool.submit(_speak_for, tts, 1.0).result()]
    engine.set_threads(llm)
    engine.prefill(Prefill(system_prompt("zh"), (), _STORY), lambda: False)
    speaking: Future[float] | None = None
    if tts:
        pool.submit(_speak_for, tts, 0.0).result()  # loaded
        speaking = pool.submit(_speak_for, tts, 6.0)
        time.sleep(0.3)
    speed = _decode(engine, turn)
    return [speed], [speaking.result()] if speaking is not None else []


def _decode(engine: LlamaEngine, turn: int) -> float:
    """Tokens a second between the first and the last."""
    times: list[float] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            times.append(time.perf_counter())

    engine.begin(turn)
    ask = Ask(turn, system_prompt("zh"), (), _STORY, _TOKENS, False, Sampling(seed=1))
    answered = engine.answer(ask, take)
    return (answered.tokens_out - 1) / (times[-1] - times[0])


def _speak_for(threads: int, seconds: float) -> float:
    """RTF over at least so many seconds of computing; in the other process."""
    if threads not in _ENGINES:
        _ENGINES[threads] = load_synthesiser(default_tts(threads))
    engine = _ENGINES[threads]
    began = time.perf_counter()
    audio = 0.0
    while True:
        audio += len(speak(engine, _TEXT, "", 1.0)) / engine.rate
        spent = time.perf_counter() - began
        if spent >= seconds:
            return spent / audio
