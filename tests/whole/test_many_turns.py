"""Turn after turn, ended in every way there is: nothing drifts, leaks or stays stuck."""

import os
from importlib import resources
from pathlib import Path

import pytest

from appliance.dialogue.tables import Input, Turn
from tests.whole.rig import run_box

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("default_models")]

QUESTIONS = ("天空为什么是蓝色的？", "长城有多长？", "一斤是多少克？", "水为什么会结冰？")
LEAK_MB = 48
"""What a process may grow by once it is warm; a leak of a clause's PCM a turn is far more."""


def resident_mb(team):
    """Of every process, by name."""
    pids = {name: member.pid for name, member in team.members.items()} | {"main": os.getpid()}
    page = os.sysconf("SC_PAGE_SIZE")
    return {
        name: int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page / 1e6
        for name, pid in pids.items()
    }


class Talker:
    """Has a turn of each kind, and waits until the box is at rest again."""

    def __init__(self, rig, wav):
        self.rig = rig
        self.conductor = rig.conductor
        self.wav = wav
        self.kinds = (
            self.to_the_end,
            self.stopped_while_thinking,
            self.stopped_while_answering,
            self.spoken,
            self.barged_in,
            self.asked_over,
        )

    async def turn(self, number):
        if number % 12 == 0:
            self.conductor.new_conversation()
        self.conductor.submit(QUESTIONS[number % len(QUESTIONS)])
        await self.kinds[number % len(self.kinds)]()
        await self.rig.until(self.at_rest)

    def at_rest(self):
        conductor = self.conductor
        idle = conductor.turn.state is Turn.NONE and conductor.input.state is Input.IDLE
        return idle and not conductor.mouth.speaking

    async def to_the_end(self):
        await self.rig.until(self.at_rest)
        assert self.conductor.answer.text

    async def stopped_while_thinking(self):
        self.conductor.stop()

    async def stopped_while_answering(self):
        await self.under_way()
        self.conductor.stop()

    async def spoken(self):
        await self.rig.until(self.at_rest)
        await self.talk()

    async def barged_in(self):
        await self.under_way()
        await self.talk()

    async def asked_over(self):
        await self.rig.until(lambda: self.conductor.turn.state in (Turn.DRAINING, Turn.NONE))
        self.conductor.submit("那是为什么？")

    async def under_way(self):
        answer = self.conductor.answer
        await self.rig.until(lambda: answer.text or self.conductor.turn.state is Turn.NONE)

    async def talk(self):
        before = self.conductor.answer
        self.conductor.talk(self.wav)
        await self.rig.until(lambda: self.conductor.answer is not before)


@pytest.mark.parametrize(("turns", "warm"), [(6, 6), pytest.param(200, 40, marks=pytest.mark.long)])
def test_turns_leave_nothing_behind(tmp_path, turns, warm):
    async def script(rig):
        team, compute = rig.app.team, rig.app.team.compute
        # Nor does it count here what other programs do on this machine.
        team.leave_to_others = lambda free: None
        alone = compute.llm_threads
        await rig.until(lambda: all(team.ready(name) for name in team.members))
        pids = {name: member.pid for name, member in team.members.items()}
        before = {}
        with resources.as_file(resources.files("appliance.commands") / "demo_question.wav") as wav:
            talker = Talker(rig, wav)
            for number in range(turns):
                await talker.turn(number)
                if number + 1 == warm:
                    before = resident_mb(team)
            await rig.until(lambda: compute.llm_threads == alone)
            rig.conductor.submit("你好。")
            await talker.to_the_end()
        after = resident_mb(team)
        print("MB before and after:", {name: (before[name], after[name]) for name in after})
        assert {name: member.pid for name, member in team.members.items()} == pids
        assert rig.conductor.answer.timing.first_audio is not None
        return {name: after[name] - before[name] for name in after}

    settings = {"audio.review": 0.0, "llm.max_tokens": 32}
    growth = run_box(script, tmp_path / "out", settings)
    if turns > warm:
        assert max(growth.values()) < LEAK_MB, growth
