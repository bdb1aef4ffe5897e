"""One turn spoken aloud: clauses out as they are decoded, and what of them was really played."""

from __future__ import annotations

from collections.abc import Callable

from appliance.messages import Say
from appliance.speech.clauses import Clause, ClauseSplitter, SplitWords
from appliance.speech.markdown import CodeBlocks


class Voice:
    """Cuts an answer into clauses for TTS and follows their playback.

    `say` sends a message to the TTS worker. Offsets are characters of the answer's text.
    """

    def __init__(
        self,
        turn: int,
        say: Callable[[Say], object],
        split_words: SplitWords,
        name: str,
        speed: float,
    ) -> None:
        self.turn = turn
        self._say = say
        self._name = name
        self._speed = speed
        self._splitter = ClauseSplitter(split_words)
        self._code = CodeBlocks()
        self._clauses: list[Clause] = []
        self._current = -1
        self._position = 0.0
        self._synthesised = 0
        self.done = False

    @property
    def begun(self) -> bool:
        """Whether there is a clause to say."""
        return bool(self._clauses)

    @property
    def synthesising(self) -> bool:
        """Whether a clause was sent to TTS that has not come out of it."""
        return self._synthesised < len(self._clauses)

    @property
    def pending(self) -> bool:
        """Whether something said is not played to its end."""
        return bool(self._clauses) and not self.done

    @property
    def spoken(self) -> tuple[int, int] | None:
        """The clause at the speaker now."""
        if self._current < 0 or self.done:
            return None
        clause = self._clauses[self._current]
        return clause.start, clause.end

    @property
    def spoken_until(self) -> int:
        """End of the last clause whose playback began: what the user has heard."""
        return self._clauses[self._current].end if self._current >= 0 else 0

    @property
    def fraction(self) -> float:
        """Position of the voice in the text so far, 0..1."""
        if self._current < 0 or not self._clauses:
            return 0.0
        clause = self._clauses[self._current]
        here = clause.start + (clause.end - clause.start) * self._position
        return here / max(1, self._clauses[-1].end)

    def feed(self, text: str) -> None:
        for clause in self._splitter.feed(text):
            self._send(clause)

    def finish(self) -> None:
        """The answer is whole: say the rest and tell that nothing more comes."""
        for clause in self._splitter.finish():
            self._send(clause)
        self._say(Say(self.turn, len(self._clauses), "", True, self._name, self._speed))

    def started(self, clause: int) -> None:
        """Playback of this clause began."""
        if self._current < clause < len(self._clauses):
            self._current = clause
            self._position = 0.0

    def played(self, clause: int, fraction: float) -> None:
        """Playback is at this fraction of the clause."""
        if clause == self._current:
            self._position = min(1.0, max(0.0, fraction))

    def synthesised(self, clause: int) -> None:
        """This clause has come out of TTS."""
        self._synthesised = max(self._synthesised, clause + 1)

    def _send(self, clause: Clause) -> None:
        number = len(self._clauses)
        self._clauses.append(clause)
        said = self._code.without_code(clause.text)
        self._say(Say(self.turn, number, said, False, self._name, self._speed))
