"""From edges of keys to actions: long presses, the sticky C, and keys that are briefly deaf.

The pad reports one code at a time, so there are no chords. Four rules keep bursts harmless:

- A hold never crosses a level: when a key's press changed the state, its hold is dead. Only what
  a digit typed may still be rewritten as the digit itself, a word that it picked forgotten, and
  the A that left a page lead all the way home.
- After A changed the state, A is deaf for 400 ms.
- After a commit, D is deaf for 300 ms.
- The key that woke the screen does nothing else, except that a long D talks at once.

An alert comes over all of it: a key that is down then is dead, but for the end of the talk that it
holds; what is pressed on it means nothing but its press.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from drivers.keys import Edge, Key
from ui.keymap import Action, Gesture, Intent, State, lookup

A_DEAF_SECONDS = 0.4
D_DEAF_SECONDS = 0.3
MASK_SECONDS = 3.0
LONG_SECONDS = 0.4  # what the keypad driver counts as one

_A, _C, _D = Key.A, Key.C, Key.D
_TYPING = frozenset({Intent.TYPE, Intent.START_TYPING, Intent.PUNCTUATE, Intent.SEPARATOR})
_MAY_GO_ON = frozenset({Intent.PICK, Intent.MENU_BACK})  # where the press was
_AFTER_A_PICK = frozenset({State.CHOOSE, State.PINYIN, State.TEXT})
_COMMITS = frozenset({Intent.ACCEPT, Intent.PICK})
_SENDS = frozenset({Intent.ACCEPT_AND_SEND, Intent.SEND})


@dataclass(slots=True)
class _Down:
    """The one key that is down."""

    key: Key
    state: State  # when it went down
    since: float
    action: Action | None  # what its press did
    dead: bool = False
    long: bool = False
    closed_mask: bool = False  # a second C
    beneath: State | None = None  # an alert: where its release belongs


class Gestures:
    """Feed edges in order; take back the actions to perform.

    Time is given with every call, in seconds of one monotonic clock. After performing an action
    call `performed` with the state that came of it: deafness depends on it.
    """

    def __init__(self) -> None:
        self._down: _Down | None = None
        self._mask_until: float | None = None
        self._deaf: dict[int, float] = {}

    def mask_open(self, now: float) -> bool:
        """Whether the mask of second functions is shown."""
        return self._mask_until is not None and now < self._mask_until

    @property
    def next_deadline(self) -> float | None:
        """When the mask closes by itself."""
        return self._mask_until

    def held(self, key: Key, now: float) -> float:
        """How far a long press of `key` has come, 0..1; 0 where holding it means nothing."""
        down = self._down
        if down is None or down.key != key or down.dead:
            return 0.0
        return min(1.0, (now - down.since) / LONG_SECONDS)

    def tick(self, now: float) -> None:
        if self._mask_until is not None and now >= self._mask_until:
            self._mask_until = None

    def interrupt(self, beneath: State) -> None:
        """Something came over `beneath`, which was in force."""
        self._mask_until = None
        down = self._down
        if down is not None:
            down.dead = beneath is not State.LISTENING or not down.long
            down.beneath = beneath

    def feed(self, key: Key, edge: Edge, state: State, now: float) -> Action | None:
        """The action this edge means in `state`, if any."""
        self.tick(now)
        match edge:
            case Edge.PRESS:
                return self._press(key, state, now)
            case Edge.LONG | Edge.REPEAT:
                return self._hold(key, edge, state)
            case Edge.RELEASE:
                return self._release(key, state, now)

    def performed(self, key: Key, action: Action, before: State, after: State, now: float) -> None:
        """Tell what an action led to."""
        # Picking one word of several commits nothing yet: D may follow at once.
        committed = action.intent in _COMMITS and after is State.TEXT
        if committed or action.intent in _SENDS:
            self._deaf[_D] = now + D_DEAF_SECONDS
        if (key == _A and after is not before) or before is State.ALERT:
            self._deaf[key] = now + A_DEAF_SECONDS
        if self._down is None or self._down.key != key or after is before:
            return
        means_more = self._did(self._down, _TYPING | _MAY_GO_ON)
        # The talk key's hold is what listening is: its release must still be heard.
        if not means_more and action.intent not in (Intent.TALK, Intent.WAKE):
            self._down.dead = True

    def _press(self, key: Key, state: State, now: float) -> Action | None:
        down = self._down = _Down(key, state, now, None)
        if now < self._deaf.get(key, now):
            down.dead = True
            return None
        if self.mask_open(now):
            self._mask_until = None
            if key == _C:  # held on, it is the menu all the same
                down.closed_mask = True
                return None
            down.dead = True
            return lookup(state, key, Gesture.SECOND)
        down.action = lookup(state, key, Gesture.PRESS)
        if state is State.ALERT or (state is State.OFF and key != _D):
            down.dead = True
        return down.action

    def _hold(self, key: Key, edge: Edge, state: State) -> Action | None:
        down = self._down
        if down is None or down.key != key or down.dead or down.beneath is not None:
            return None
        gesture = Gesture.LONG if edge is Edge.LONG else Gesture.REPEAT
        down.long = True
        action = lookup(self._state_of_hold(down, state), key, gesture)
        if action is None or action.intent is not Intent.TYPE_DIGIT or self._did(down, _TYPING):
            return action
        return None

    def _state_of_hold(self, down: _Down, state: State) -> State:
        """Where the hold is looked up: now, or where its press was, if it goes on with that."""
        picked = self._did(down, {Intent.PICK}) and state in _AFTER_A_PICK
        return down.state if picked or self._did(down, {Intent.MENU_BACK}) else state

    @staticmethod
    def _did(down: _Down, intents: Set[Intent]) -> bool:
        """Whether the press did one of these."""
        return down.action is not None and down.action.intent in intents

    def _release(self, key: Key, state: State, now: float) -> Action | None:
        down, self._down = self._down, None
        if down is None or down.key != key or down.dead:
            return None
        if down.long:
            return lookup(down.beneath or state, key, Gesture.END)
        if down.state is State.OFF:
            return None
        if key == _C:
            self._mask_until = None if down.closed_mask else now + MASK_SECONDS
            return None
        return lookup(state, key, Gesture.SHORT)
