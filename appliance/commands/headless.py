"""`lory ask`, `hear` and `say`: one job with the box's own engines, no screen and no keys."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from appliance import messages as m
from appliance.clock import local_time
from appliance.commands.crew import Crew
from appliance.errors import CommandError
from appliance.skills.registry import Skills
from appliance.skills.skill import Said
from appliance.sound.wav import WavError, read_wav
from appliance.speech.clauses import ClauseSplitter
from appliance.world import World
from ui.strings import Language, Text

TURN = 1
_ON_THE_BOX = Text("{said} 这要在盒子上说或打字。", "{said} That is to be asked on the box itself.")


def ask(config: Path | None, text: str) -> int:
    """Answer on stdout as it is decoded; speed on stderr."""
    if not text.strip():
        raise CommandError("the question is empty")
    with World.open(config) as world:
        language = Language(world.settings.text("ui.language"))
        claim = Skills().claim(Said(text, language, local_time()))
        if claim is not None and claim.certain:
            print(claim.reply or _ON_THE_BOX.of(language).format(said=claim.said_back).strip())
            return 0
        return _run(_ask(world, text))


async def _ask(world: World, text: str) -> int:
    settings = world.settings
    async with Crew(world, "llm") as crew:
        began = time.monotonic()
        first: float | None = None
        said = False
        prompt = world.cast.prompt()
        limit = settings.integer("llm.max_tokens")
        crew.send("llm", m.Ask(TURN, prompt, (), text, limit, sampling=world.cast.sampling()))
        while True:
            match await crew.next():
                case m.Token(_, piece, _, thought) if not thought:
                    first = first or time.monotonic() - began
                    said = True
                    print(piece, end="", flush=True)
                case m.Retract():
                    said = False
                    print("\n(a thought, up to here)", file=sys.stderr)
                case m.Answered() as answered:
                    print()
                    if not said:
                        print(f"no answer came: {answered.reason}", file=sys.stderr)
                    print(_speeds(answered, first or 0.0), file=sys.stderr)
                    if 0 <= (used := answered.question_used) < len(text):
                        print(f"only {used} of {len(text)} characters fitted", file=sys.stderr)
                    return 0


def _speeds(answered: m.Answered, first: float) -> str:
    fed = answered.tokens_in - answered.tokens_reused
    prefill = fed / answered.prefill_seconds if answered.prefill_seconds else 0.0
    decode = answered.tokens_out / answered.decode_seconds if answered.decode_seconds else 0.0
    return (
        f"{answered.tokens_in} tokens in ({prefill:.0f} tok/s), "
        f"{answered.tokens_out} out ({decode:.1f} tok/s), first token {first:.2f} s"
    )


def hear(config: Path | None, file: Path) -> int:
    """The text of a WAV file on stdout."""
    try:
        read_wav(file)
    except (WavError, OSError) as error:
        raise CommandError(str(error)) from error
    with World.open(config) as world:
        return _run(_hear(world, file))


async def _hear(world: World, file: Path) -> int:
    async with Crew(world, "audio", "asr") as crew:
        crew.send("asr", m.Recognise(TURN))
        crew.send("audio", m.Listen(TURN, endpoint=False, wav=str(file.resolve()), fast=True))
        while True:
            match await crew.next():
                case m.SpeechEnded(_, _, heard) if not heard:
                    raise CommandError(f"{file}: no speech in it")
                case m.Transcript(_, text, audio, compute):
                    if not text:
                        raise CommandError(f"{file}: nothing could be recognised")
                    print(text)
                    print(f"{audio:.1f} s in {compute:.2f} s", file=sys.stderr)
                    return 0


def say(config: Path | None, text: str, output: Path | None, voice: str) -> int:
    """Speak through the speaker, or into a file."""
    if not text.strip():
        raise CommandError("there is nothing to say")
    with World.open(config) as world:
        if output is not None:
            world.speak_into_files(world.runtime / "said", fast=True)
        return _run(_say(world, text, output, voice))


async def _say(world: World, text: str, output: Path | None, voice: str) -> int:
    from appliance.speech.reading.words import split_words  # a map of 20 MB, for this command alone

    splitter = ClauseSplitter(split_words)
    clauses = [*splitter.feed(text), *splitter.finish()]
    speed = world.settings.number("voice.speed")
    async with Crew(world, "audio", "tts") as crew:
        for number, clause in enumerate(clauses):
            crew.send("tts", m.Say(TURN, number, clause.text, False, voice, speed))
        crew.send("tts", m.Say(TURN, len(clauses), "", True, voice, speed))
        done = await crew.wait(m.PlaybackDone)
    if output is None:
        if done.wav:
            print(f"no speaker; written to {done.wav}", file=sys.stderr)
        return 0
    if not done.wav:
        raise CommandError("nothing in the text can be spoken")
    try:
        shutil.move(done.wav, output)
    except OSError as error:
        raise CommandError(f"{output}: {error.strerror}") from error
    return 0


def _run(job: Coroutine[Any, Any, int]) -> int:
    return asyncio.run(job)
