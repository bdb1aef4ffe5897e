"""End of speech to first sound, against doing one after the other.

Pipelined: the whole box on virtual parts hears a question from a file in real time, whose end is
the end of speech (no endpoint wait), and its virtual sound card says when the first sound left.
Sequential: ASR of the whole file, the whole answer (as many tokens), TTS of the whole answer, each
with all cores to itself. Both sides in turn, question by question.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from appliance.dialogue.tables import Turn
from appliance.engines.asr import RATE, Recogniser
from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmOptions
from appliance.engines.recognisers import load_recogniser
from appliance.engines.synthesisers import load_synthesiser
from appliance.health.machine import big_cores
from appliance.messages import Ask, Message, Ping, Prefill, Sampling
from appliance.personas.persona import system_prompt
from appliance.sound.resample import resample
from appliance.sound.wav import write_wav
from bench.asr import box_config
from bench.default_llm import default_llm
from bench.resident import resident
from bench.voice.box import Box, run_box
from bench.voice.conditions import Samples, speech_bounds
from bench.voice.corpus import default_tts, speak
from bench.voice.recognition import transcribe

_SAMPLE = "长城是中国古代的伟大工程，它像一条巨龙。"
LENGTHS = (80, 40, 20)
# Those of 80 are asked for longer and cut there, so that they are of one length.
_TOKENS = {80: 56, 40: 32, 20: 32}
_QUESTIONS = {
    80: (
        "请详细介绍一下长城的历史。",
        "请详细讲一讲怎样照顾好一只鹦鹉。",
        "请详细介绍一下故宫。",
        "请详细介绍一下大熊猫的生活。",
        "请详细讲一讲怎样学好英语。",
    ),
    40: (
        "请用四十个字左右介绍一下北京。",
        "请用四十个字左右说明为什么会下雨。",
        "请用四十个字左右介绍一下月亮。",
    ),
    20: ("用二十个字说说什么是春天。", "用二十个字说说狗是什么动物。", "用二十个字说说茶是什么。"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a file whose end is the end of speech."""

    text: str
    samples: Samples
    path: Path


class Sequential:
    """The engines of one who waits, each with the number of threads at which it is fastest here."""

    def __init__(self) -> None:
        counts = sorted({1, max(1, big_cores() // 2), big_cores()})
        self._prompt = system_prompt("zh")
        self._turn = 0
        self.tts = _fastest(
            {count: load_synthesiser(default_tts(count)) for count in counts},
            lambda engine: speak(engine, _SAMPLE, "", 1.0),
        )
        said = resample(speak(self.tts, _SAMPLE, "", 1.0), self.tts.rate, RATE)
        self._asr: Recogniser = _fastest(
            {count: load_recogniser(box_config("", count)[1]) for count in counts},
            lambda engine: transcribe(engine, said),
        )
        # Decoding is bound by memory: more threads than big cores never helped, fewer never did.
        self._llm = LlamaEngine(LlmOptions(str(default_llm()), threads=big_cores()))

    def run(self, question: Question, asked: str, answer: str, tokens: int) -> dict[str, float]:
        """Seconds of each step for the same question and an answer of the same length."""
        self._llm.prefill(Prefill(self._prompt, (), ""), lambda: False)  # as warm as the box's
        began = time.perf_counter()
        transcribe(self._asr, question.samples)
        heard = time.perf_counter()
        self._turn += 1
        self._llm.begin(self._turn)
        ask = Ask(self._turn, self._prompt, (), asked, tokens, False, Sampling())
        answered = self._llm.answer(ask, _ignore)
        # It may come to its end earlier than the other did: the same number of tokens is counted.
        per_token = answered.decode_seconds / max(1, answered.tokens_out)
        llm = answered.prefill_seconds + per_token * tokens
        waited = time.perf_counter()
        speak(self.tts, answer, "", 1.0)
        return {"asr": heard - began, "llm": llm, "tts": time.perf_counter() - waited}


E = TypeVar("E")


def _fastest(engines: dict[int, E], work: Callable[[E], object]) -> E:
    """The engine that is quickest at `work`; each is warmed up before it counts."""
    times = {}
    for count, engine in engines.items():
        work(engine)
        began = time.perf_counter()
        work(engine)
        times[count] = time.perf_counter() - began
    return engines[min(times, key=lambda count: times[count])]


def _ignore(_message: Message) -> None:
    return None


def latency(rounds: int, lengths: tuple[int, ...]) -> dict[str, object]:
    """`first_audio_ratio_vs_sequential` per length of the answer, and what it is made of."""
    rows: dict[int, list[dict[str, float]]] = defaultdict(list)
    rss: dict[str, float] = {}
    with (
        resident(default_llm()) as locked,
        tempfile.TemporaryDirectory(prefix="lory-bench-") as directory,
    ):
        sequential = Sequential()
        questions = {
            length: [_spoken(sequential, text, Path(directory)) for text in _QUESTIONS[length]]
            for length in lengths
        }

        async def script(box: Box) -> None:
            await box.ready()
            for number in range(rounds):
                for length in lengths:
                    of_length = questions[length]
                    question = of_length[number % len(of_length)]
                    box.conductor.settings.change("llm.max_tokens", _TOKENS[length])
                    rows[length].append(await _both(box, sequential, question))
            rss.update(await _memory(box))

        run_box(script, {"audio.review": 0.0, "audio.chimes": False})
    return {**_summary(rows), "rss_mb": rss, "llm_locked_in_memory": locked}


def _spoken(sequential: Sequential, text: str, directory: Path) -> Question:
    samples = resample(speak(sequential.tts, text, "", 1.0), sequential.tts.rate, RATE)
    samples = samples[: int((speech_bounds(samples)[1] + 0.1) * RATE)]
    path = directory / f"{abs(hash(text))}.wav"
    write_wav(path, samples, RATE)
    return Question(text, samples, path)


async def _both(box: Box, sequential: Sequential, question: Question) -> dict[str, float]:
    conductor = box.conductor
    conductor.new_conversation()
    conductor.talk(question.path)
    await box.until(lambda: conductor.answer is not None)
    answer = conductor.answer
    assert answer is not None
    await box.until(lambda: answer.stats is not None and _is_said(box))
    ended = answer.timing.speech_ended
    assert answer.stats is not None and ended is not None
    # A clause begins with a breath of silence: the first sound comes after its start.
    await box.until(lambda: bool(box.speaker.sounding(ended)))
    sounds = box.speaker.sounding(ended)
    conductor.mouth.silence()
    await box.until(lambda: conductor.turn.state in (Turn.NONE, Turn.DRAINING))
    conductor.stop()
    first = sounds[0] - ended
    # On a thread of its own: a box whose loop stands still looks dead to itself.
    steps = await asyncio.to_thread(
        sequential.run, question, answer.question.text, answer.text, answer.stats.tokens_out
    )
    return {
        "first_audio": first,
        "sequential": sum(steps.values()),
        "ratio": first / sum(steps.values()),
        "hanzi": float(sum("一" <= c <= "鿿" for c in answer.text)),
        **{f"sequential_{name}": seconds for name, seconds in steps.items()},
        **{f"pipelined_{name}": seconds for name, seconds in answer.timing.seconds().items()},
    }


def _is_said(box: Box) -> bool:
    """Nothing of the answer is left to synthesise: the other side has the machine to itself."""
    voice = box.conductor.mouth.voice
    return voice is None or (voice.spoken is not None and not voice.synthesising) or voice.done


async def _memory(box: Box) -> dict[str, float]:
    members = box.app.team.members
    for name in members:
        box.app.team.send(name, Ping(-1))
    await box.until(lambda: all(member.rss_bytes for member in members.values()))
    return {name: round(member.rss_bytes / 1e6) for name, member in members.items()}


def _summary(rows: dict[int, list[dict[str, float]]]) -> dict[str, object]:
    medians = {
        str(length): {
            key: round(statistics.median(row[key] for row in of_length if key in row), 3)
            for key in of_length[0]
        }
        for length, of_length in rows.items()
    }
    ratios = {length: figures["ratio"] for length, figures in medians.items()}
    return {
        "first_audio_ratio_vs_sequential": ratios.get("80"),
        "first_audio_ratio_by_hanzi": ratios,
        "first_audio": medians,
        "questions": {str(length): len(of_length) for length, of_length in rows.items()},
    }
