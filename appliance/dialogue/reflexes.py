"""What is answered without the model: the skills of the box, asked in the name of the dialogue."""

from __future__ import annotations

import asyncio

from appliance.dialogue.ground import Ground, Knowledge
from appliance.dialogue.question import Question
from appliance.skills.box import Box
from appliance.skills.registry import Skills, load
from appliance.skills.skill import Said, Then

PATIENCE = 10.0
"""Seconds for a skill that looks something up; then the model answers."""
FIRST_SCREEN = 0.2
"""Seconds at the start that belong to the glass alone."""


class Reflexes:
    """Asks the skills, and does without them until `start` gave them a box."""

    def __init__(self, ground: Ground, knowledge: Knowledge) -> None:
        self._teller = ground.teller
        self._timers = ground.timers
        self._knows = knowledge
        self._standing: Skills | None = None
        self._box: Box | None = None

    def start(self, box: Box) -> None:
        """From here on skills may do something."""
        self._box = box

    async def load(self) -> None:
        """Load the skills beside the loop and start them. A question that comes before does it."""
        await asyncio.sleep(FIRST_SCREEN)
        await asyncio.to_thread(load)
        if self._box is not None:
            self._skills(self._box)

    def _skills(self, box: Box) -> Skills:
        if self._standing is None:
            self._standing = Skills(lambda name: self._teller.tell("toast.skill-failed", name=name))
            self._standing.start(box)
        return self._standing

    def claims(self, question: Question) -> bool:
        """Whether it is certain that no model is needed to answer."""
        if self._box is None:
            return False
        claim = self._skills(self._box).claim(self._said(question))
        return claim is not None and claim.certain

    def answer(self, question: Question, then: Then) -> None:
        """`then` gets the answer, at once or from the loop; None: ask the model."""
        if self._box is None:
            then(None)
            return
        skills = self._skills(self._box)
        claim = skills.claim(self._said(question))
        if claim is None:
            then(None)
            return
        pending = skills.answer(claim, self._box, then)
        if pending.open:
            self._timers.after(PATIENCE, lambda: skills.give_up(claim, pending))

    def _said(self, question: Question) -> Said:
        return Said(
            question.text,
            self._teller.language,
            self._knows.wall(),
            self._knows.memory.history,
            literal=self._knows.cast.persona.literal,
            heard=question.heard,
        )
