"""`lory demo`: a scripted session on virtual parts with the real engines, left to look at.

One question is typed with T9 pinyin, another is spoken from a WAV file. Both travel the whole way:
keypad chip, bus, decoder, editor or ASR, LLM, layout, display chip, TTS.
"""

from __future__ import annotations

import asyncio
import time
from importlib import resources
from pathlib import Path

from appliance.app import Appliance
from appliance.box import serve
from appliance.commands.hand import Hand, until
from appliance.commands.provisioning import provision_first
from appliance.commands.virtual_box import VirtualBox
from appliance.dialogue.answer import Answer
from appliance.dialogue.tables import Input, Turn
from appliance.errors import CommandError
from appliance.front.recorder import Recorder
from appliance.world import World
from drivers.keys import Key
from ui.input.syllables import keys_of

TYPED = "中国的首都是哪里"
TYPED_PINYIN = "zhong guo de shou du shi na li"
SPOKEN_WAV = "demo_question.wav"
READ_SECONDS = 1.5
PATIENCE = 600.0  # seconds: of a slow board that writes and speaks a long answer


def run_demo(config: Path | None, out: Path, provision: bool) -> int:
    """Play the session; everything it leaves is in `out`."""
    if provision:
        provision_first(config)
    _clear(out)
    with World.open(config) as world:
        world.offer_wav_directory(out)
        # The session is the same wherever it runs: answers go to files, speech comes from one.
        world.speak_into_files(out, fast=False)
        session = Session(out)
        try:
            asyncio.run(serve(world, session.box.make_front, session.play))
        except TimeoutError as error:
            raise CommandError(f"the demo got stuck: {error}") from error
    session.save()
    print(f"\n{out}/: {len(session.recorder.distinct)} screens, session.gif, WAVs, transcript.txt")
    return 0


class Session:
    """The script, and what it leaves behind."""

    def __init__(self, out: Path) -> None:
        self.box = VirtualBox()
        self.recorder: Recorder
        self._out = out
        self._lines: list[str] = []
        self._began = time.monotonic()

    async def play(self, app: Appliance) -> None:
        """Drive the box from power-on to off."""
        parts, front = self.box.parts, self.box.front
        assert parts is not None and front is not None
        self.recorder = Recorder(parts.glass.frame, lambda: front.oled.wanted_frame)
        film = asyncio.create_task(self.recorder.run())
        try:
            await self._script(app, Hand(parts.pad))
        finally:
            film.cancel()
            await asyncio.gather(film, return_exceptions=True)

    async def _script(self, app: Appliance, hand: Hand) -> None:
        self._say("the keypad types before any model is loaded")
        await until(lambda: not app.presenter.booting, 10, "the home screen")
        await self._type(app, hand)
        self._report(app, await self._answer(app))
        await asyncio.sleep(READ_SECONDS)
        await hand.tap(Key.STAR, Key.STAR, Key.HASH, gap=0.3)
        await until(lambda: app.team.ready("asr"), PATIENCE, "the ASR engine")
        await self._speak(app)
        self._report(app, await self._answer(app))
        await asyncio.sleep(READ_SECONDS)
        await hand.hold(Key.C)
        await hand.tap(Key.HASH, Key.HASH, gap=0.4)
        await asyncio.sleep(READ_SECONDS)

    async def _type(self, app: Appliance, hand: Hand) -> None:
        editor = app.editor
        keys = [Key(int(key)) for key in keys_of(TYPED_PINYIN.replace(" ", ""))]
        await hand.tap(*keys)
        self._say(f"typed {len(keys)} keys, the box reads: {editor.sentence()}")
        await asyncio.sleep(READ_SECONDS)
        await hand.tap(Key.D)
        await asyncio.sleep(0.5)
        self._say(f"asked: {editor.text}")
        await hand.tap(Key.D)
        await until(lambda: app.conductor.turn.state is not Turn.NONE, 10, "the question is sent")

    async def _speak(self, app: Appliance) -> None:
        with resources.as_file(resources.files("appliance.commands") / SPOKEN_WAV) as wav:
            app.conductor.talk(wav)
            self._say(f"a voice speaks ({SPOKEN_WAV})")
            await until(
                lambda: app.conductor.input.state in (Input.REVIEW, Input.IDLE),
                PATIENCE,
                "the speech is recognised",
            )
        review = app.conductor.ear.review
        if review is None:
            raise CommandError("the demo's question was not understood")
        self._say(f"heard: {review.text}")
        await until(lambda: app.conductor.input.state is Input.IDLE, 30, "the review is over")

    async def _answer(self, app: Appliance) -> Answer:
        conductor = app.conductor
        await until(lambda: conductor.turn.state in (Turn.NONE, Turn.FAULT), PATIENCE, "an answer")
        if conductor.turn.state is Turn.FAULT or conductor.answer is None:
            fault = app.team.members["llm"].fault
            raise CommandError(fault.detail if fault else "the language model failed")
        return conductor.answer

    def _report(self, app: Appliance, answer: Answer) -> None:
        self._say(f"answer: {answer.text}")
        stats, timing = answer.stats, answer.timing
        if stats is not None and stats.decode_seconds > 0:
            self._say(
                f"  {stats.tokens_in} tokens in ({stats.tokens_reused} reused), "
                f"{stats.tokens_out} out at {stats.tokens_out / stats.decode_seconds:.1f} tok/s"
            )
        for name, seconds in timing.seconds().items():
            self._say(f"  {name.replace('_', ' ')}: {seconds:.2f} s")

    def _say(self, line: str) -> None:
        stamped = f"{time.monotonic() - self._began:6.1f}  {line}"
        self._lines.append(stamped)
        print(stamped, flush=True)

    def save(self) -> None:
        """Screens, film and transcript."""
        self.recorder.save(self._out, "session.gif")
        (self._out / "transcript.txt").write_text("\n".join(self._lines) + "\n", encoding="utf-8")


def _clear(out: Path) -> None:
    """An earlier demo's files go; nothing else in the folder is touched."""
    out.mkdir(parents=True, exist_ok=True)
    for pattern in ("screen-*.png", "session.gif", "transcript.txt", "answer-*.wav"):
        for old in out.glob(pattern):
            old.unlink()
