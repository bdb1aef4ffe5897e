"""On a small box one engine is in memory at a time: who comes in, when, and what waits."""

import asyncio
from functools import partial

import pytest

from appliance import messages as m
from appliance.models.catalogue import AsrModel, LlmModel, TtsModel
from appliance.models.catalogue_file import read_catalogue
from appliance.supervision import budget
from appliance.supervision.budget import Fit
from appliance.supervision.compute import Compute
from appliance.supervision.residency import Residency
from appliance.supervision.team import Listener
from appliance.workers.supervisor import Status

GIGA = 1_000_000_000


class FakeMember:
    """A worker process that comes and goes at once; ready when it is told to be."""

    pid = None

    def __init__(self, name, log):
        self.name, self.log = name, log
        self.pid = None
        self.status = Status.STOPPED
        self.told = []
        self.on_status = lambda status: None

    def set(self, status):
        self.status = status
        self.on_status(status)

    def start(self):
        self.log.append(f"{self.name} in")
        self.set(Status.STARTING)

    def kill(self):
        self.log.append(f"{self.name} killed")

    async def stop(self):
        if self.status is not Status.STOPPED:
            self.log.append(f"{self.name} out")
        self.set(Status.STOPPED)

    def send(self, message):
        if self.status is Status.STOPPED:
            return False
        self.told.append(message)
        return True


class Box(Listener):
    """A turn-taking team over fake members."""

    def __init__(self, short=True):
        self.short = short
        self.log, self.heard, self.statuses, self.swaps = [], [], [], []
        self.team = Residency(
            lambda name: m.Fault("model-missing", ""),
            Compute(2),
            lambda processes: self.short,
        )
        self.team.listener = self
        for name in self.team.members:
            member = FakeMember(name, self.log)
            member.on_status = partial(self.team._follow, name)
            self.team.members[name] = member

    def on_message(self, name, message):
        """As the dialogue does: it says when a turn's work is done."""
        self.heard.append((name, message))
        match message:
            case m.Answered(turn) | m.Transcript(turn) | m.PlaybackDone(turn):
                self.team.done(turn)
            case m.SpeechEnded(turn, heard=False) | m.Fault(turn=turn):
                self.team.done(turn)

    def on_status(self, name, status):
        self.statuses.append((name, status))

    def on_swap(self, name):
        self.swaps.append(name)

    async def settle(self):
        for _ in range(10):
            await asyncio.sleep(0)

    async def ready(self, name):
        self.team.members[name].set(Status.READY)
        await self.settle()

    async def says(self, name, message):
        self.team._hear(name, message)
        await self.settle()

    def told(self, name, kind):
        return [one for one in self.team.members[name].told if isinstance(one, kind)]

    def inside(self):
        return [
            name
            for name in ("llm", "asr", "tts")
            if self.team.members[name].status is not Status.STOPPED
        ]


def in_a_box(play):
    """Run a coroutine over a box whose language model is loaded."""

    async def run():
        box = Box()
        box.team.start()
        await box.ready("audio")
        await box.ready("llm")
        await play(box)
        assert len(box.inside()) <= 1

    asyncio.run(run())


def answered(turn):
    return m.Answered(turn, "stop", b"", 1, 0, 1, 0.1, 0.1)


def test_only_the_language_model_is_loaded_at_the_start():
    async def play(box):
        assert box.log == ["audio in", "llm in"]

    in_a_box(play)


def test_a_spoken_question_brings_in_each_engine_in_its_turn_and_the_model_back_home():
    async def play(box):
        assert box.team.ready("asr")
        box.team.send("asr", m.Recognise(1))
        await box.settle()
        assert box.inside() == ["asr"] and not box.told("asr", m.Recognise)
        assert not box.team.ready("llm") and box.team.coming("llm")
        await box.ready("asr")
        assert box.told("asr", m.Recognise) == [m.Recognise(1)]
        await box.says("asr", m.Transcript(1, "hi", 1.0, 0.1))
        assert box.inside() == ["llm"]
        await box.ready("llm")
        box.team.send("llm", m.Ask(2, "", (), "hi"))
        assert box.team.coming("tts")
        say = m.Say(2, 0, "好。", True)
        assert box.team.send("tts", say)
        await box.settle()
        assert box.inside() == ["llm"]  # the answer is not finished
        await box.says("llm", answered(2))
        await box.ready("tts")
        assert box.told("tts", m.Say) == [say]
        await box.says("audio", m.PlaybackDone(2, False))
        assert box.inside() == ["llm"]
        assert box.swaps == ["asr", "llm", "tts", "llm"]

    in_a_box(play)


def test_with_memory_enough_all_are_loaded_and_work_goes_straight_to_them():
    async def run():
        box = Box(short=False)
        box.team.start()
        await box.settle()
        assert box.inside() == ["llm", "asr", "tts"]
        assert not box.team.ready("asr")
        await box.ready("asr")
        box.team.send("asr", m.Recognise(1))
        box.team.send("tts", m.Say(1, 0, "好。", True))
        assert box.told("asr", m.Recognise) and box.told("tts", m.Say)
        assert box.swaps == []

    asyncio.run(run())


def test_a_larger_model_sends_the_others_out_and_a_smaller_one_brings_them_back():
    async def run():
        box = Box(short=False)
        box.team.start()
        for name in ("llm", "asr", "tts"):
            await box.ready(name)
        box.short = True
        box.team.replan()
        await box.settle()
        assert box.inside() == ["llm"]
        box.team.send("asr", m.Recognise(1))
        await box.ready("asr")
        assert box.inside() == ["asr"] and box.told("asr", m.Recognise)
        box.short = False
        box.team.replan()
        await box.settle()
        assert box.inside() == ["llm", "asr", "tts"]

    asyncio.run(run())


def test_what_is_work_ahead_swaps_nobody():
    async def play(box):
        box.team.send("asr", m.Recognise(1))
        await box.ready("asr")
        assert not box.team.send("llm", m.Prefill("", (), "certain"))
        assert not box.team.send("llm", m.SetThreads(1))
        await box.settle()
        assert box.inside() == ["asr"]

    in_a_box(play)


def test_a_stop_frees_the_one_inside_and_drops_what_waits_for_its_turn():
    async def play(box):
        box.team.send("llm", m.Ask(1, "", (), "q"))
        box.team.send("tts", m.Say(1, 0, "好。", False))
        box.team.stop_turn(1)
        await box.settle()
        assert box.inside() == ["llm"] and box.swaps == []
        assert box.told("llm", m.Stop) == [m.Stop(1)]

    in_a_box(play)


def test_talking_during_an_answer_brings_the_recogniser_in_after_the_stop():
    async def play(box):
        box.team.send("llm", m.Ask(1, "", (), "q"))
        box.team.stop_turn(1)
        box.team.send("asr", m.Recognise(2))
        await box.ready("asr")
        assert box.told("asr", m.Recognise) == [m.Recognise(2)]

    in_a_box(play)


def test_nothing_heard_and_a_fault_send_the_model_home_as_well():
    async def play(box):
        box.team.send("asr", m.Recognise(1))
        await box.ready("asr")
        await box.says("audio", m.SpeechEnded(1, 2.0, False, "key"))
        assert box.inside() == ["llm"]
        await box.ready("llm")
        box.team.send("tts", m.Say(2, 0, "好。", True))
        await box.ready("tts")
        await box.says("tts", m.Fault("no-speaker", "", 2))
        assert box.inside() == ["llm"]

    in_a_box(play)


def test_one_that_died_is_not_waited_for():
    async def play(box):
        box.team.send("llm", m.Ask(1, "", (), "q"))
        box.team.members["llm"].set(Status.WAITING)
        box.team.send("asr", m.Recognise(2))
        await box.settle()
        assert box.inside() == ["asr"]
        assert ("llm", Status.WAITING) in box.statuses
        assert ("llm", Status.STOPPED) not in box.statuses  # swapped out is not lost

    in_a_box(play)


def test_one_that_cannot_be_loaded_keeps_nobody_out():
    async def play(box):
        box.team.send("asr", m.Recognise(1))
        await box.settle()
        box.team.members["asr"].set(Status.REFUSED)
        await box.settle()
        assert box.inside() == ["llm"]
        assert ("asr", Status.REFUSED) in box.statuses

    in_a_box(play)


def test_a_swap_that_was_begun_is_finished_and_then_the_next_one_follows():
    async def play(box):
        box.team.send("asr", m.Recognise(1))
        box.team.send("tts", m.Say(2, 0, "好。", True))
        await box.ready("asr")
        assert box.inside() == ["asr"]
        await box.says("asr", m.Transcript(1, "", 1.0, 0.1))
        assert box.inside() == ["tts"]

    in_a_box(play)


# ---------------------------------------------------------------- what decides


@pytest.mark.parametrize(
    ("room", "fit"),
    [(8 * GIGA, Fit.TOGETHER), (2 * GIGA, Fit.ALONE), (1 * GIGA, Fit.NOT)],
)
def test_the_default_models_fit_together_alone_or_not_at_all(room, fit):
    catalogue = read_catalogue()
    llm, asr, tts = (catalogue.of_set("default", kind) for kind in (LlmModel, AsrModel, TtsModel))
    assert budget.fit(llm, [asr, tts], room) is fit
    assert budget.one_at_a_time(llm, [asr, tts], room) == (fit is not Fit.TOGETHER)


def test_the_router_s_models_take_turns_in_one_gigabyte_and_stay_in_two():
    catalogue = read_catalogue()
    llm, asr, tts = (catalogue.of_set("router", kind) for kind in (LlmModel, AsrModel, TtsModel))
    assert budget.fit(llm, [asr, tts], int(0.75 * GIGA)) is not Fit.NOT
    assert budget.fit(llm, [asr, tts], 2 * GIGA) is Fit.TOGETHER
