"""What is answered without the model: the skills of the box, asked in the name of the dialogue."""

from __future__ import annotations

from appliance.dialogue.ground import Ground, Knowledge
from appliance.dialogue.question import Question
from appliance.skills.box import Box
from appliance.skills.registry import Skills
from appliance.skills.skill import Said, Then

PATIENCE = 10.0
"""Seconds for a skill that looks something up; then the model answers."""


class Reflexes:
    """Asks the skills, and does without them until `start` gave them a box."""

    def __init__(self, ground: Ground, knowledge: Knowledge) -> None:
        self._teller = teller = ground.teller
        self._timers = ground.timers
        self._knows = knowledge
        self._skills = Skills(lambda name: teller.tell("toast.skill-failed", name=name))
        self._box: Box | None = None

    def start(self, box: Box) -> None:
        """From here on skills may do something."""
        self._box = box
        self._skills.start(box)

    def claims(self, question: Question) -> bool:
        """Whether it is certain that no model is needed to answer."""
        claim = self._skills.claim(self._said(question))
        return claim is not None and claim.certain

    def answer(self, question: Question, then: Then) -> None:
        """`then` gets the answer, at once or from the loop; None: ask the model."""
        claim = self._skills.claim(self._said(question))
        if claim is None or self._box is None:
            then(None)
        else:
            pending = self._skills.answer(claim, self._box, then)
            if pending.open:
                self._timers.after(PATIENCE, lambda: self._skills.give_up(claim, pending))

    def _said(self, question: Question) -> Said:
        return Said(
            question.text,
            self._teller.language,
            self._knows.wall(),
            self._knows.memory.history,
            literal=self._knows.cast.persona.literal,
            heard=question.heard,
        )
