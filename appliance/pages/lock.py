"""The lock's page: four digits, behind a held `*`."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from appliance.pages.context import Context
from appliance.pages.digits import Digits
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Menu, row
from appliance.pages.page import Home, Outcome, Page, Pop, Push
from appliance.pages.shell import Locking
from drivers.keys import Edge, Key
from ui.keymap import Intent
from ui.screens.entry import EntryView
from ui.strings import Language, Text
from ui.view import View

_TITLES = {"unlock": Text("解锁", "Unlock"), "set": Text("设锁", "Set a lock")}
_LINES = {
    "unlock": Text("四位密码", "Four digits"),
    "set": Text("设四位密码", "Choose four digits"),
    "wrong": Text("不对，再来", "Wrong, try again"),
    "deaf": Text("错太多，等一分钟", "Too many: wait a minute"),
}
_HINT = Text("A 退  D 好", "A back  D OK")
_TOLD = {
    "open": Text("解锁了", "Unlocked"),
    "locked": Text("锁上了", "Locked"),
    "none": Text("没有锁了", "No lock any more"),
}


class CodePage(Page):
    """Asks for four digits; `take` gets them and says whether they will do."""

    takes_keys: ClassVar[bool] = True

    def __init__(
        self,
        kind: str,
        lock: Locking,
        language: Callable[[], Language],
        take: Callable[[str], bool],
    ) -> None:
        self._kind = kind
        self._lock = lock
        self._language = language
        self._take = take
        self._entry = Digits("####", lambda beginning: True)
        self._wrong = False
        self._long = True  # the hold that opened it is not over

    def view(self) -> View:
        language = self._language()
        line = "deaf" if self._lock.deaf else "wrong" if self._wrong else self._kind
        masked = "*" * len(self._entry.typed) + "-" * (4 - len(self._entry.typed))
        return EntryView(
            _TITLES[self._kind].of(language),
            " ".join(masked),
            _LINES[line].of(language),
            _HINT.of(language),
        )

    def key(self, key: Key, edge: Edge) -> Outcome:
        """See `appliance.pages.set_time`."""
        if edge is Edge.PRESS:
            self._long = False
            if key.is_digit:
                self._wrong = False
                self._entry.add(int(key))
        elif edge is Edge.LONG:
            self._long = True
            return Home() if key is Key.A else None
        elif edge is Edge.RELEASE and not self._long:
            if key is Key.A and not self._entry.delete():
                return Pop()
            if key is Key.D and self._entry.full:
                return self._entered()
        return None

    def _entered(self) -> Outcome:
        code, self._entry.typed = self._entry.typed, ""
        if self._take(code):
            return Home()
        self._wrong = True
        return None


def open_page(context: Context) -> Page:
    """What a held `*` opens: set a code, enter it, or, while open, what can be done with it."""
    lock = context.app.lock

    def language() -> Language:
        return context.language

    def tell(key: str) -> None:
        context.app.say_over(_TOLD[key].of(language()))

    def unlock(code: str) -> bool:
        opened = lock.unlock(code)
        if opened:
            tell("open")
        return opened

    def choose(code: str) -> bool:
        lock.set_code(code)
        tell("locked")
        return True

    if not lock.has_code:
        return CodePage("set", lock, language, choose)
    if lock.locked:
        return CodePage("unlock", lock, language, unlock)

    def lock_now() -> Outcome:
        lock.lock()
        tell("locked")
        return Home()

    def no_lock() -> Outcome:
        lock.set_code("")
        tell("none")
        return Home()

    return Menu(
        Text("锁", "Lock").of(language()),
        [
            row(Text("锁上", "Lock now").of(language()), lock_now),
            row(
                Text("换密码", "Other digits").of(language()),
                lambda: Push(CodePage("set", lock, language, choose)),
            ),
            row(Text("不要锁", "No lock").of(language()), no_lock),
        ],
    )


LISTINGS = (
    Listing(where=Where.HELP, order=60, zh="锁", en="Lock", enter=open_page, intent=Intent.LOCK),
)
