"""What is asked of alarms in a sentence is done, written first, and said back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from appliance.alarms.keeper import Keeper
from appliance.skills.alarms import Alarms
from appliance.skills.skill import Said
from tests.alarms.world import START, World
from ui.strings import Language


class Hands:
    """As much of a box as the skill needs; `picks` is the digit that somebody presses."""

    has_speaker = True

    def __init__(self, world: World) -> None:
        self.world = world
        self.picks: int | None = 1
        self.asked: list[tuple[str, list[str]]] = []
        self.undo: Callable[[], object] | None = None
        self.told: list[str] = []
        self.alerts = self

    @property
    def alarms(self) -> Keeper:
        return self.world.keeper

    def choose(
        self, title: str, options: Sequence[str], then: Callable[[int | None], object]
    ) -> None:
        self.asked.append((title, list(options)))
        then(None if self.picks is None else self.picks - 1)

    def offer_undo(self, undo: Callable[[], object]) -> None:
        self.undo = undo

    def tell(self, text: str) -> None:
        self.told.append(text)

    def snooze(self, minutes: int) -> None:
        self.world.keeper.snoozed(self.world.rung[-1], 60 * minutes)


class Talk:
    """Sentences in, answers out."""

    def __init__(self) -> None:
        self.world = World()
        self.world.run(3.0)
        self.world.wall = START
        self.hands = Hands(self.world)
        self.skill = Alarms()

    def __call__(self, text: str, language: Language = Language.ZH) -> str:
        said = Said(text, language, self.world.wall)
        claim = self.skill.claim(said)
        assert claim is not None, f"nobody claims {text}"
        answers: list[Any] = []
        self.skill.answer(claim, self.hands, answers.append)  # type: ignore[arg-type]
        (answer,) = answers
        assert isinstance(answer, str) and answer
        return answer

    def names(self) -> list[str]:
        return [alarm.text for alarm in self.world.kept()]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_what_was_understood_is_said_back(talk: Talk) -> None:
    assert talk("明早七点半叫我起床") == "明天（周三）7:30叫你：起床。"
    assert talk("remind me in 20 minutes to call mom", Language.EN).startswith("In 20 minutes")
    assert talk.names() == ["call mom", "起床"]


def test_it_can_be_taken_back(talk: Talk) -> None:
    talk("明早七点半叫我起床")
    assert talk.hands.undo is not None
    talk.hands.undo()
    assert talk.names() == [] and talk.hands.told == ["闹钟已取消。"]


def test_nothing_is_promised_that_was_not_written(talk: Talk) -> None:
    talk.world.refuses = True
    assert talk("明早七点半叫我起床").startswith("没有设")
    assert talk.hands.undo is None


def test_a_sentence_that_could_mean_two_times_is_asked_about(talk: Talk) -> None:
    talk.hands.picks = 2
    answer = talk("八点叫我")
    assert talk.hands.asked[0][1] == ["今天20:00叫你", "明天（周三）8:00叫你"]
    assert "明天" in answer
    (alarm,) = talk.world.kept()
    assert alarm.due is not None and alarm.due.day == 25


def test_whoever_leaves_the_question_sets_nothing(talk: Talk) -> None:
    talk.hands.picks = None
    talk("八点叫我")
    assert talk.names() == []


def test_where_no_time_was_said_it_asks_when(talk: Talk) -> None:
    assert "几点" in talk("叫我明天早点起")
    assert talk.names() == []


def test_without_the_time_nothing_that_needs_it_is_set(talk: Talk) -> None:
    said = Said("明早七点叫我起床", Language.ZH, None)
    claim = talk.skill.claim(said)
    assert claim is not None
    answers: list[str | None] = []
    talk.skill.answer(claim, talk.hands, answers.append)  # type: ignore[arg-type]
    assert answers == ["闹钟没有设：我还不知道现在几点。"]


def test_by_a_time_that_nobody_vouches_for_it_is_kept_and_that_is_said(talk: Talk) -> None:
    talk.world.trusted = False
    assert "校准" in talk("明早七点叫我起床")
    assert talk.names() == ["起床"]


def test_without_a_speaker_it_says_that_it_will_only_flash(talk: Talk) -> None:
    talk.hands.has_speaker = False
    assert "闪屏" in talk("十分钟后叫我")


def test_all_are_listed(talk: Talk) -> None:
    assert "没有" in talk("我有哪些闹钟")
    talk("每个工作日七点叫我起床")
    talk("计时十分钟")
    answer = talk("我有哪些闹钟")
    assert "每个工作日7:00" in answer


def test_the_time_that_is_left_is_told(talk: Talk) -> None:
    talk("计时十分钟")
    talk.world.run(120)
    assert "8分钟" in talk("还剩多少时间")


def test_one_of_several_is_found_by_how_long_it_was_set_for(talk: Talk) -> None:
    talk("计时五分钟")
    talk("计时十分钟")
    assert talk("取消五分钟那个计时").startswith("取消了")
    assert [alarm.seconds for alarm in talk.world.kept()] == [600]


def test_where_several_fit_it_asks_which(talk: Talk) -> None:
    talk("计时五分钟")
    talk("计时十分钟")
    talk.hands.picks = 2
    talk("取消计时")
    assert len(talk.hands.asked[0][1]) == 2
    assert [alarm.seconds for alarm in talk.world.kept()] == [300]


def test_all_reminders_are_cancelled_and_nothing_else(talk: Talk) -> None:
    talk("明早七点叫我起床")
    talk("明早八点提醒我开会")
    talk("删掉所有提醒")
    assert talk.names() == ["起床"]


def test_a_countdown_is_listed_by_what_is_left(talk: Talk) -> None:
    talk("计时五分钟")
    assert "还剩5分钟" in talk("我有哪些闹钟")


def test_a_choice_that_stood_open_until_its_time_was_over_sets_nothing(talk: Talk) -> None:
    choose = talk.hands.choose

    def slowly(title: str, options: Sequence[str], then: Callable[[int | None], object]) -> None:
        talk.world.wall += timedelta(days=1)
        choose(title, options, then)

    talk.hands.choose = slowly  # type: ignore[method-assign]
    assert "已经过去" in talk("八点叫我")
    assert talk.names() == []


def test_all_are_cancelled_at_once(talk: Talk) -> None:
    talk("明早七点叫我起床")
    talk("明早八点提醒我开会")
    talk("取消所有闹钟和提醒")
    assert talk.names() == []


def test_more_time_and_less(talk: Talk) -> None:
    talk("计时十分钟")
    talk("计时器加五分钟")
    (alarm,) = talk.world.kept()
    left = alarm.remaining(talk.world.now())
    assert left == pytest.approx(900, abs=1)


def test_paused_and_resumed(talk: Talk) -> None:
    talk("计时十分钟")
    assert "停" in talk("暂停计时")
    assert "继续" in talk("继续计时")


def test_another_time_for_it(talk: Talk) -> None:
    talk("明早七点叫我起床")
    talk("把明早七点的闹钟改到八点")
    (alarm,) = talk.world.kept()
    assert alarm.due == datetime(2026, 11, 25, 8) and alarm.text == "起床"


def test_a_repeated_one_stays_repeated_at_its_new_time(talk: Talk) -> None:
    talk("每个工作日七点叫我起床")
    talk("把七点的闹钟改到七点半")
    (alarm,) = talk.world.kept()
    assert alarm.rule is not None and alarm.rule.at == time(7, 30)
    assert alarm.due == datetime(2026, 11, 25, 7, 30)


def test_snoozed_by_a_sentence(talk: Talk) -> None:
    talk("十分钟后叫我")
    talk.world.run(601)
    assert "5分钟" in talk("再睡五分钟")
    talk.world.run(301)
    assert len(talk.world.rung) == 2


def test_nothing_rings_and_nothing_is_snoozed(talk: Talk) -> None:
    assert "没有" in talk("再睡五分钟")
