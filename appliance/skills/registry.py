"""The skills that stand, found by listing this package, and the order in which they claim."""

from __future__ import annotations

import contextlib
import importlib
import logging
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from appliance import skills
from appliance.skills.box import Box
from appliance.skills.skill import Claim, Said, Skill, Then

log = logging.getLogger("lory.skills")

AnySkill = Skill[Any]

# Who is asked first, by name. Whoever is not in the table comes after all of it.
ORDER: tuple[str, ...] = (
    "alarms",
    "clock",
    "calculator",
    "controls",
    "status",
    "chance",
    "lists",
    "unable",
    "remember",
    "private",
)


@cache
def kinds() -> tuple[type[AnySkill], ...]:
    """Every `SKILL` of the modules of this package, in the order of claims."""
    names = [module.name for module in pkgutil.iter_modules(skills.__path__)]
    modules = [importlib.import_module(f"{skills.__name__}.{name}") for name in names]
    found = [module.SKILL for module in modules if hasattr(module, "SKILL")]
    return tuple(sorted(found, key=lambda kind: _place(kind.name)))


def _place(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def load() -> None:
    """Import the skills and compile their rules, on any thread: half a second on a small board."""
    all_of_them = Skills()
    for said in (Said("一"), Said("a", heard=True)):
        all_of_them.claims(said)


class Skills:
    """Asks one skill after the other. One that fails is logged, and costs nobody an answer.

    `on_failure` is told its name.
    """

    def __init__(
        self,
        on_failure: Callable[[str], None] = lambda _name: None,
        stand: Iterable[type[AnySkill]] | None = None,
    ) -> None:
        made_of = kinds() if stand is None else tuple(stand)
        able = frozenset(request for kind in made_of for request in kind.does)
        self._skills = {kind.name: kind(able) for kind in made_of}
        self._on_failure = on_failure

    def start(self, box: Box) -> None:
        """The box runs. Call it once, before anything is answered."""
        for skill in self._skills.values():
            with self._watching(skill):
                skill.start(box)

    def claims(self, said: Said) -> list[Claim]:
        """What each skill makes of it, in the order of claims; nothing of a literal text."""
        every = (list(self._each(one)) for one in _readings(said))
        return next((claims for claims in every if claims), [])

    def claim(self, said: Said) -> Claim | None:
        """The first claim there is; None: the model is to answer."""
        return next((claim for one in _readings(said) for claim in self._each(one)), None)

    def _each(self, said: Said) -> Iterator[Claim]:
        for skill in self._skills.values():
            claim: Claim | None = None
            with self._watching(skill):
                claim = skill.claim(said)
            if claim is not None:
                yield claim

    def answer(self, claim: Claim, box: Box, then: Then) -> Pending:
        """Let the skill answer that made the claim; `then` is called at most once."""
        skill = self._skills[claim.skill]
        pending = Pending(then)
        with self._watching(skill, lambda: pending(None)):
            skill.answer(claim, box, pending)
        return pending

    def give_up(self, claim: Claim, pending: Pending) -> None:
        """It has been waited for long enough; where it is still open the model is to answer."""
        if pending.open:
            log.error("skill %s did not answer %r", claim.skill, claim.said.text)
            self._on_failure(claim.skill)
            pending(None)

    @contextlib.contextmanager
    def _watching(
        self, skill: AnySkill, otherwise: Callable[[], None] = lambda: None
    ) -> Iterator[None]:
        try:
            yield
        except Exception:
            log.exception("skill %s failed", skill.name)
            self._on_failure(skill.name)
            otherwise()


def _readings(said: Said) -> Iterator[Said]:
    """What was said: as it is written, or, where it was heard, as it may have sounded."""
    if said.literal:
        return
    if not said.heard:
        yield said
        return
    from appliance.understanding.heard import restored  # loaded with the skills, and not before

    yield from (replace(said, text=text) for text in restored(said.text))


class Pending:
    """Hands on the first answer, whoever gives it; what comes later is too late."""

    def __init__(self, then: Then) -> None:
        self._then: Then | None = then

    @property
    def open(self) -> bool:
        """Whether nobody has answered yet."""
        return self._then is not None

    def __call__(self, text: str | None) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(text)
