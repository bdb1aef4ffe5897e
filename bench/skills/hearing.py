"""Every sentence said by two voices of the default TTS and heard by the default recogniser.

Clean speech at the voice's own speed: what is measured is what the rules make of a recogniser's
spelling, not the recogniser. Takes an hour on two slow cores; goes on where it was interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from appliance.engines.asr import RATE
from appliance.engines.recognisers import load_recogniser
from appliance.engines.synthesisers import load_synthesiser
from appliance.sound.resample import resample
from bench.asr import box_config
from bench.skills.sentences import HERE, Sentence, sentences, transcripts
from bench.voice.corpus import default_tts, speak
from bench.voice.recognition import transcribe

VOICES = ("zf_xiaoxiao", "zm_yunxi")
_HEAD = "# What was said, the voice, what the default recogniser heard.\n"


def wanted() -> Iterator[tuple[Sentence, str]]:
    """Each sentence by one voice, then each by the other: half the work is half of each voice.

    English is only typed: the default voices speak Chinese, and nobody would know what they said.
    """
    chinese = [one for one in sentences() if not one.text.isascii()]
    for turn in range(len(VOICES)):
        for number, sentence in enumerate(chinese):
            yield sentence, VOICES[(number + turn) % len(VOICES)]


def listen(fresh: bool, out: Path = HERE / "heard.tsv", threads: int = 1) -> None:
    """Make what is missing of the transcripts; `fresh`: all of them anew.

    Raises:
        EngineError, ModelError: the default voice or recogniser is not there.
    """
    if fresh or not out.exists():
        out.write_text(_HEAD, encoding="utf-8")
    done = {(row.text, row.voice) for row in transcripts(out)}
    todo = [(one, voice) for one, voice in wanted() if (one.text, voice) not in done]
    if not todo:
        return
    voice_engine = load_synthesiser(default_tts(threads))
    recogniser = load_recogniser(box_config("", threads)[1])
    for number, (sentence, voice) in enumerate(todo, 1):
        said = speak(voice_engine, sentence.text, voice, 1.0)
        heard = transcribe(recogniser, resample(said, voice_engine.rate, RATE))
        with out.open("a", encoding="utf-8") as file:
            file.write(f"{sentence.text}\t{voice}\t{' '.join(heard.split())}\n")
        print(f"{number}/{len(todo)} {sentence.text}: {heard}", file=sys.stderr)
