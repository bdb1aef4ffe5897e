"""Pages of symbols and emoji: nine to a page, on the keys 1-9."""

from __future__ import annotations

from enum import Enum

from ui.strings import Language, Text

RECENT = 9

FULL = "、：；“”‘’（）《》〈〉【】「」『』…—～·￥％＠＃＆＊＋×÷＝≠≈≤≥＜＞℃°→←↑↓①②③④⑤⑥⑦⑧⑨"
HALF = ".,?!:;'\"()@#$%&*+-=/\\_<>[]{}|~^`"
EMOJI = (
    *"😀😂😊😉😍😎😭😡🤔",
    *"👍👎🙏👌👏💪✌👋❤",
    *"🎉🎂🎁🌹☀🌧❄🌙⭐",
    *"☕🍚🍜🍎🚗✈🏠📞⏰",
    *"🎵📷💡⚠🔥💯😴😷🐱",
    "^_^", ">_<", "T_T", "-_-", "o_O", "(^o^)", "(>_<)", ":-)", ":-(",
)  # fmt: skip


class Page(Enum):
    """What kind of pages is shown; B goes round."""

    FULL = "full"
    HALF = "half"
    EMOJI = "emoji"

    def next(self) -> Page:
        order = list(Page)
        return order[(order.index(self) + 1) % len(order)]


_TITLES = {
    Page.FULL: Text("全角符号", "Full-width symbols"),
    Page.HALF: Text("半角符号", "Symbols"),
    Page.EMOJI: Text("表情", "Emoji"),
}
_ITEMS: dict[Page, tuple[str, ...]] = {
    Page.FULL: tuple(FULL),
    Page.HALF: tuple(HALF),
    Page.EMOJI: EMOJI,
}


class Symbols:
    """The pages, and what was used lately: it comes first."""

    def __init__(self) -> None:
        self._recent: dict[Page, list[str]] = {page: [] for page in Page}

    def title(self, page: Page, language: Language) -> str:
        return _TITLES[page].of(language)

    def items(self, page: Page) -> tuple[str, ...]:
        """All of one kind, the recently used ones first."""
        recent = self._recent[page]
        return (*recent, *(item for item in _ITEMS[page] if item not in recent))

    def use(self, page: Page, item: str) -> None:
        """Remember that this one was typed."""
        recent = self._recent[page]
        self._recent[page] = [item, *(other for other in recent if other != item)][:RECENT]
