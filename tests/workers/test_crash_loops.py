"""A worker that dies the same way again and again: leaner ways are tried, then it is given up."""

import asyncio
from itertools import count

import msgspec
import pytest

from appliance.messages import Ask, Fault, Ready, Warn
from appliance.workers.channel import encode
from appliance.workers.deaths import LOOP, SOON_SECONDS, Death, Deaths, how_it_ended
from appliance.workers.supervisor import Status, Supervisor
from tests.waiting import PATIENCE

NAMES = ("audio", "asr", "tts", "llm")
HOW = {"signal": "SIGSEGV", "exit": "exit status 3", "memory": "SIGKILL"}
SEGV = Death("work", "SIGSEGV")


class Stub(msgspec.Struct, frozen=True):
    when: str
    how: str
    ready: str = encode(Ready("stub", "none", 0.0, {})).hex()
    done: str = encode(Warn("done")).hex()


class Boss:
    """A supervisor over the stub, which it gives work whenever it is ready."""

    def __init__(self, name, options, leaner=lambda death: False, backoff=(0.01,)):
        self.statuses = []
        self.faults = []
        self.done = asyncio.Event()
        self.refused = asyncio.Event()
        self.supervisor = Supervisor(
            name, "tests.workers.dying_worker", options, self.hear, self.follow, backoff, leaner
        )

    def hear(self, message):
        if isinstance(message, Fault):
            self.faults.append(message)
        if isinstance(message, Warn):
            self.done.set()

    def follow(self, status):
        self.statuses.append(status)
        if status is Status.READY:
            for turn in range(3):
                self.supervisor.send(Ask(turn, "", (), "?", 1))
        elif status is Status.REFUSED:
            self.refused.set()

    @property
    def starts(self):
        return self.statuses.count(Status.STARTING)


def drive(scenario, *bosses):
    async def main():
        made = [boss() for boss in bosses]
        for boss in made:
            boss.supervisor.start()
        try:
            await asyncio.wait_for(asyncio.gather(*map(scenario, made)), PATIENCE)
        finally:
            await asyncio.gather(*(boss.supervisor.stop() for boss in made))

    asyncio.run(main())


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("when", ["load", "first", "third"])
def test_every_worker_is_given_up_after_the_third_death_alike(when, how):
    async def scenario(boss):
        await boss.refused.wait()
        assert boss.starts == LOOP
        assert boss.supervisor.crashed
        assert boss.statuses.count(Status.WAITING) == LOOP - 1
        (fault,) = boss.faults
        name = boss.supervisor.name
        assert fault.code == ("out-of-memory" if how == "memory" else f"{name}-crashes")
        assert HOW[how] in fault.detail
        assert ("while it loads" in fault.detail) == (when == "load")
        assert "\n" not in fault.detail

    drive(scenario, *(lambda name=name: Boss(name, lambda: Stub(when, how)) for name in NAMES))


@pytest.mark.parametrize("when", ["load", "first", "third"])
def test_a_leaner_way_is_tried_without_anybody_s_help_and_kept(when):
    ways = iter([Stub(when, "signal"), Stub("never", "")])
    deaths = []

    def boss():
        now = [next(ways)]

        def leaner(death):
            deaths.append(death)
            now[0] = next(ways)
            return True

        return Boss("llm", lambda: now[0], leaner)

    async def scenario(boss):
        await boss.done.wait()
        while boss.supervisor.status is not Status.READY or boss.starts <= LOOP:
            boss.done.clear()
            await boss.done.wait()
        assert boss.starts == LOOP + 1
        assert boss.faults == []

    drive(scenario, boss)
    assert deaths == [Death("load" if when == "load" else "work", "SIGSEGV")]


def test_each_leaner_way_has_one_try_before_the_next(caplog):
    ways = count()

    async def scenario(boss):
        await boss.refused.wait()
        assert boss.starts == LOOP + 2

    drive(
        scenario,
        lambda: Boss("llm", lambda: Stub("load", "signal"), lambda death: next(ways) < 2),
    )
    assert "died 3 times the same way: SIGSEGV while it loads" in caplog.text


def test_what_was_given_up_has_one_more_try_when_somebody_asks():
    async def scenario(boss):
        await boss.refused.wait()
        boss.refused.clear()
        boss.supervisor.retry()
        await boss.refused.wait()
        assert boss.starts == LOOP + 1

    drive(scenario, lambda: Boss("tts", lambda: Stub("load", "exit")))


def test_another_model_begins_anew():
    async def scenario(boss):
        await boss.refused.wait()
        boss.refused.clear()
        boss.supervisor.restart()
        await boss.refused.wait()
        assert boss.starts == 2 * LOOP

    drive(scenario, lambda: Boss("asr", lambda: Stub("load", "exit")))


def test_one_that_is_killed_to_change_its_model_did_not_crash():
    async def scenario(boss):
        for _ in range(LOOP + 1):
            await boss.done.wait()
            boss.done.clear()
            boss.supervisor.restart()
        await boss.done.wait()
        assert not boss.refused.is_set()

    drive(scenario, lambda: Boss("llm", lambda: Stub("never", "")))


def test_deaths_count_when_they_are_alike_and_soon():
    deaths = Deaths()
    assert [deaths.add(SEGV, 1.0) for _ in range(4)] == [False, False, True, True]
    assert not deaths.add(Death("load", "SIGSEGV"), 0.0)
    assert not deaths.add(SEGV, 1.0)
    assert not deaths.add(SEGV, SOON_SECONDS + 1)
    assert deaths.row == 1
    deaths.add(SEGV, 1.0)
    deaths.forget()
    assert not deaths.add(SEGV, 1.0)


def test_an_end_is_named_as_people_know_it():
    assert how_it_ended(-11) == "SIGSEGV"
    assert how_it_ended(-4) == "SIGILL"
    assert how_it_ended(3) == "exit status 3"
    assert how_it_ended(-99) == "signal 99"
