"""Who claims what, over the committed set of sentences; and what becomes of a skill that fails."""

import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from appliance.skills.registry import ORDER, Skills, kinds
from appliance.skills.skill import Claim, Said, Skill
from ui.strings import Language

NOON = datetime(2026, 11, 23, 12, 5)
GROUPS = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))[
    "group"
]
SENTENCES = [
    (text, group["skill"], group.get("intent", "")) for group in GROUPS for text in group["said"]
]


class Parrot(Skill):
    """Claims everything."""

    name = "parrot"
    does = frozenset({"music"})

    def claim(self, said):
        return Claim(skill=self.name, intent="say", said=said, reply=said.text)


class Broken(Skill):
    name = "broken"

    def claim(self, said):
        raise ValueError("a mistake")


class Clumsy(Parrot):
    """Answers, and then fails."""

    def answer(self, claim, box, then):
        if claim.said.text != "at once":
            then("an answer")
        raise ValueError("a mistake")


@pytest.mark.parametrize(("text", "skill", "intent"), SENTENCES)
def test_a_sentence_is_claimed_by_the_skill_it_is_meant_for_and_by_no_other(text, skill, intent):
    for now in (NOON, None):
        claims = [(claim.skill, claim.intent) for claim in Skills().claims(Said(text, now=now))]
        assert claims == ([(skill, intent)] if skill else [])


def test_no_sentence_of_the_set_stands_there_twice():
    texts = [text for text, _, _ in SENTENCES]
    assert len(set(texts)) == len(texts)


def test_every_skill_that_stands_has_its_place_in_the_order_and_is_tried_by_a_sentence():
    names = [kind.name for kind in kinds()]
    assert names == list(ORDER)
    assert set(names) <= {skill for _, skill, _ in SENTENCES}


def test_nothing_of_a_text_to_be_taken_literally_is_claimed():
    assert Skills().claim(Said("现在几点了？", literal=True)) is None
    assert Skills().claims(Said("现在几点了？", literal=True)) == []


def test_a_skill_that_stands_takes_its_row_out_of_what_the_box_cannot_do():
    def claimed(*stand):
        return [claim.skill for claim in Skills(stand=stand).claims(Said("放一首歌"))]

    without = [kind for kind in kinds() if kind.name == "unable"]
    assert claimed(*without) == ["unable"]
    assert claimed(*without, Parrot) == ["parrot"]


def test_a_skill_that_fails_to_claim_is_told_and_those_after_it_are_asked(caplog):
    failed = []
    skills = Skills(failed.append, stand=(Broken, Parrot))
    assert skills.claim(Said("你好")).skill == "parrot"
    assert failed == ["broken"]
    assert "skill broken failed" in caplog.text


@pytest.mark.parametrize(("text", "answers"), [("at once", [None]), ("later", ["an answer"])])
def test_for_a_skill_that_fails_to_answer_the_model_does_unless_it_has_answered(text, answers):
    failed, given = [], []
    skills = Skills(failed.append, stand=(Clumsy,))
    skills.answer(skills.claim(Said(text)), None, given.append)
    assert (given, failed) == (answers, ["parrot"])


def test_what_a_skill_says_too_late_is_let_go_and_it_is_told_that_it_was_slow():
    class Slow(Parrot):
        def answer(self, claim, box, then):
            waiting.append(then)

    failed, given, waiting = [], [], []
    skills = Skills(failed.append, stand=(Slow,))
    claim = skills.claim(Said("你好"))
    pending = skills.answer(claim, None, given.append)
    assert pending.open
    skills.give_up(claim, pending)
    waiting[0]("at last")
    skills.give_up(claim, pending)
    assert (given, failed) == ([None], ["parrot"])


def test_a_skill_that_fails_to_start_is_told_and_the_others_start():
    class Lame(Parrot):
        def start(self, box):
            raise OSError("no such thing")

    class Fit(Parrot):
        name = "fit"

        def start(self, box):
            started.append(box)

    failed, started = [], []
    Skills(failed.append, stand=(Lame, Fit)).start("box")
    assert (failed, started) == (["parrot"], ["box"])


def test_a_newcomer_that_is_in_no_table_claims_after_all_that_are():
    claims = Skills(stand=(*kinds(), Parrot)).claims(Said("几点了", Language.EN, NOON))
    assert [claim.skill for claim in claims] == ["clock", "parrot"]
