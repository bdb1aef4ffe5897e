"""What the user asked the box to remember: kept, told, forgotten, and put behind a question.

It stands behind the question because what stands before it is a prefix that is never evaluated
twice. Nothing waits for the disk: what a question recalls is looked up while it is still typed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from appliance.dialogue.archive import Archive
from appliance.memory import facts
from appliance.memory.fact_requests import Forget, ForgetAll, Recite, Remember, Request
from appliance.memory.facts import Fact
from appliance.memory.storage import Job

T = TypeVar("T")

RECITED = 12
"""Facts told at once; the page shows all."""

_TEXTS = {
    "kept": ("记住了：{text}。", "I will remember: {text}."),
    "not-kept": ("这件事我已经记着了，或者记满了。", "I know that already, or my memory is full."),
    "nothing": (
        "你还没有让我记住什么。说“记住”，再说要记的事，我就记下来。",
        "You have not asked me to remember anything. Say: remember, and what.",
    ),
    "all": ("我记得这些：{text}。", "This is what I remember: {text}."),
    "more": (
        "{text}；还有{more}件，在菜单的“记忆”里",
        "{text}; and {more} more, see Memory in the menu",
    ),
    "forgotten": (
        "忘了：{text}。要是不该忘，再让我记住就行。",
        "Forgotten: {text}. Ask me to remember it again if that was wrong.",
    ),
    "unknown": ("我没有记过这件事。", "I have not been asked to remember that."),
    "lost": (
        "我的存储出错了，记不了也查不了。",
        "My storage failed: I cannot keep or look up anything.",
    ),
    "confirm": (
        "要全部忘掉，请到菜单的“记忆”里，长按D确定。",
        "To forget everything, open Memory in the menu and hold D.",
    ),
    "recalled": ("\n（我告诉过你：{text}。）", "\n(I told you: {text}.)"),
}
_BETWEEN = "；"


def reminder(texts: Iterable[str], language: str) -> str:
    """What stands behind a question of which the user once told `texts`; "" without any."""
    text = _BETWEEN.join(texts)
    return _say("recalled", language, text=text) if text else ""


def _say(key: str, language: str, **fields: object) -> str:
    zh, en = _TEXTS[key]
    return (en if language == "en" else zh).format(**fields)


class Recollection:
    """Facts through the archive. Callbacks run on the loop, at once where nothing is to be read."""

    def __init__(self, archive: Archive, language: Callable[[], str]) -> None:
        self._archive = archive
        self._language = language
        self._count = 0
        self._recalled = ("", "")  # the last question, and what it recalls
        archive.fetch(facts.facts, self._counted)

    def answer(self, request: Request, then: Callable[[str | None], None]) -> None:
        """Do what was asked; `then` gets the answer, None when it was not meant for the box."""
        match request:
            case Remember(text):
                self._remember(text, then)
            case Forget():
                self._forget(request, then)
            case Recite():
                self._fetch(facts.facts, lambda known: then(self._recite(known)), then)
            case ForgetAll():
                then(self._say("confirm" if self._count else "nothing"))

    def recall(self, question: str, then: Callable[[str], None]) -> None:
        """What to put behind a question for the model; "" when nothing is known of it."""
        if not self._count:
            then("")
        elif self._recalled[0] == question:
            then(self._recalled[1])
        else:
            self._archive.fetch(
                lambda connection: facts.relevant(connection, question),
                lambda found: then(self._found(question, found)),
                lambda: then(""),
            )

    def read(self, then: Callable[[list[Fact]], None]) -> None:
        """All facts, the latest first."""
        self._archive.fetch(facts.facts, then)

    def forget(self, fact: Fact) -> None:
        self._change(lambda connection: facts.forget(connection, fact))

    def forget_all(self) -> None:
        self._change(facts.forget_all)

    def _change(self, job: Job[None]) -> None:
        self._recalled = ("", "")
        self._archive.submit(job)
        self._archive.fetch(facts.facts, self._counted)

    def _counted(self, known: list[Fact]) -> None:
        self._count = len(known)

    def _found(self, question: str, found: list[Fact]) -> str:
        recalled = reminder((fact.text for fact in found), self._language())
        self._recalled = (question, recalled)
        return recalled

    def _remember(self, text: str, then: Callable[[str | None], None]) -> None:
        def kept(fact: Fact | None) -> None:
            then(self._say("kept", text=fact.text) if fact else self._say("not-kept"))

        self._recalled = ("", "")
        self._count += 1
        self._fetch(lambda connection: facts.remember(connection, text, time.time()), kept, then)
        self._archive.fetch(facts.facts, self._counted)

    def _forget(self, request: Forget, then: Callable[[str | None], None]) -> None:
        def found(facts_found: list[Fact]) -> None:
            if facts_found:
                self.forget(facts_found[0])
                then(self._say("forgotten", text=facts_found[0].text))
            else:
                then(self._say("unknown") if request.surely else None)

        self._fetch(
            lambda connection: facts.relevant(connection, request.text, limit=1), found, then
        )

    def _fetch(
        self, job: Job[T], found: Callable[[T], None], then: Callable[[str | None], None]
    ) -> None:
        """As the archive does; a disk that refuses is the answer."""
        self._archive.fetch(job, found, lambda: then(self._say("lost")))

    def _recite(self, known: list[Fact]) -> str:
        if not known:
            return self._say("nothing")
        text = _BETWEEN.join(fact.text for fact in known[:RECITED])
        if len(known) > RECITED:
            text = self._say("more", text=text, more=len(known) - RECITED)
        return self._say("all", text=text)

    def _say(self, key: str, **fields: object) -> str:
        return _say(key, self._language(), **fields)
