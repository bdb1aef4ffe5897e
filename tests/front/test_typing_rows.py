"""The typing rows of the table of keys, cell by cell: what is pressed, and what the glass shows.

Every cell goes through the whole loop: edges, deaf times, the mask, the editor, the screen. Keys:
`6` a tap, `6_` a hold, `A__2` one of 2 s, `+0.5` nothing for so long, `642` taps in a row, `6>4`
rolled over: the next goes down before the first is up.
Glass: `|` is the caret, `[ ]` what is open, `< >` the word that is chosen for.
"""

import asyncio

import pytest

from appliance import messages as m
from appliance.pages.text import TextPage
from drivers.key_events import Timing
from drivers.keys import Edge, Key, KeyEvent
from tests.front.test_burn_in import leave_alone
from ui.gestures import A_DEAF_SECONDS, MASK_SECONDS
from ui.input.editing.multitap import MULTITAP
from ui.input.editing.symbols import Page, Symbols
from ui.input.engine import Engine
from ui.input.learning.user import MemoryWords
from ui.screens.choose import ChooseView
from ui.screens.compose import ComposeView
from ui.screens.home import HomeView
from ui.screens.message import MessageView
from ui.screens.off import OffView
from ui.screens.syllables import SyllableView
from ui.screens.symbols import SymbolView
from ui.screens.thinking import ThinkingView
from ui.strings import Language

KEYS = {**{str(digit): Key(digit) for digit in range(10)}}
KEYS |= {"A": Key.A, "B": Key.B, "C": Key.C, "D": Key.D, "*": Key.STAR, "#": Key.HASH}
TAP, GAP, HOLD = 0.05, 0.07, 0.55
DEAF = A_DEAF_SECONDS + 0.01

# What was pressed before, and what it shows: the rows below begin there.
BEGIN = {
    "home": ("", "home 汉"),
    "text": ("D", "|"),
    "pinyin": ("64426", "[你好]"),
    "choose": ("9267426454266426 *", "晚上<见面>"),
    "english": ("B 43556", "[hello]"),
    "capitals": ("B CB 43", "[HE]"),
    "number": ("BB D", "|"),
    "full width": ("CB 64426", "[你好]"),
    "symbols": ("0_", "全角符号 1/6"),
    "next word": ("64426 D +0.4 #", "你好<>"),
}

CELLS = {
    "home": [
        ("6", "[你]"),
        ("6_", "6|"),
        ("1", "，|"),
        ("1_", "1|"),
        ("0", "home 汉"),
        ("0_", "全角符号 1/6"),
        ("A", "home 汉"),
        ("A_", "off"),
        ("A_ 6", "home 汉"),
        ("B", "home En"),
        ("BB", "home 数"),
        ("BBB", "home 汉"),
        ("B_", "home 汉"),
        ("CB", "home 全"),
        ("D", "|"),
        ("D_", "ListeningView"),
        ("*", "home 汉"),
        ("#", "MAIN_MENU"),
        ("C_", "MAIN_MENU"),
        ("CC_", "MAIN_MENU"),
        ("C A", "home 汉"),
        ("C *", "home 汉"),
        ("C D", "home 汉"),
        ("C0", "SELF_TEST"),
    ],
    "text": [
        ("6", "[你]"),
        ("6_", "6|"),
        ("1", "，|"),
        ("111", "？|"),
        ("11111", "，|"),
        (f"1 +{MULTITAP} 1", "，，|"),
        ("1_", "1|"),
        ("11_", "，1|"),
        ("0", " |"),
        ("0_", "全角符号 1/6"),
        ("0_1", "、|"),
        ("1A", "|"),
        ("2_3_A", "2|"),
        ("2_3_4_5_6_7_8_ A_", "2345|"),
        ("2_3_ A__3", "|"),
        ("A", "home 汉"),
        ("A_", "home 汉"),
        ("B", "|"),
        ("B_", "表情 1/6"),
        ("B_1", "😀|"),
        ("D", "|"),
        ("2_ D", "asked 2"),
        ("2_ D_", "ListeningView"),
        ("2_3_ *", "2|3"),
        ("2_3_ ***", "|23"),
        ("2_3_ **#", "2|3"),
        ("2_3_4_5_6_7_8_ *_", "2345|678"),
        ("2_3_4_5_6_7_8_ C* #_", "234|5678"),
        ("64426 D +0.4 #", "你好<>"),
        ("64426 D +0.4 * #", "你好|"),
        ("2_3_ C*", "|23"),
        ("2_3_ C* C#", "23|"),
        ("2_3_ CA", "|"),
        ("2_3_ CA CA", "23|"),
        ("2_3_ * CD", "2\n|3"),
        ("CB 5_ 0", "５\u3000|"),
        ("2_ C_", "MAIN_MENU"),
    ],
    "pinyin": [
        ("62", "[你好吗]"),
        ("2_", "你好2|"),
        ("1", "[你好]"),
        ("11", "[你好]"),
        ("1_", "你好1|"),
        ("0", "[你敢]"),
        ("0_", "全角符号 1/6"),
        ("0_ A", "你好|"),
        ("A", "[你好]"),
        ("AAA", "[你]"),
        ("AAAAA", "|"),
        ("2_ 64 A__3", "你好2|"),
        ("AAAAA A", "|"),
        (f"AAAAA +{DEAF} A", "home 汉"),
        ("B_", "[你好]"),
        ("D", "你好|"),
        ("DD", "你好|"),
        ("D +0.31 D", "asked 你好"),
        ("D_", "asked 你好"),
        ("*", "你<好>"),
        ("#", "你<好>"),
        ("*_", "你<好>"),
        ("C*", "|你好"),
        ("C#", "你好|"),
        ("CA", "|"),
        (f"CA +{DEAF} CA", "你好|"),
        ("CB", "[你好]"),
        ("CD", "你好\n|"),
        ("CC", "[你好]"),
        (f"C +{MASK_SECONDS} *", "你<好>"),
        ("C_", "MAIN_MENU"),
        ("6>4>6", "[你好您]"),
    ],
    "choose": [
        ("*", "<晚上>见面"),
        ("**", "<晚上>见面"),
        ("*#", "晚上<见面>"),
        ("#", "晚上<见面>"),
        ("*_", "<晚上>见面"),
        ("*2", "早上<见面>"),
        ("*2 A", "<晚上>见面"),
        (f"*2 A +{DEAF} A", "[晚上见面]"),
        ("*2 1", "[早上见面]"),
        ("*2 1_", "[早上见面]"),
        ("*0", "<晚上>见面 page 2"),
        ("*0 0_", "<晚上>见面"),
        ("*0_ 0", "<晚上>见面"),
        ("A", "[晚上见面]"),
        ("AA", "[晚上见面]"),
        ("A_", "[晚上见面]"),
        ("B", "晚上<见面> hanzi"),
        ("BB", "晚上<见面>"),
        ("B_", "晚上<见面>"),
        ("D", "晚上见面|"),
        ("DD", "晚上见面|"),
        ("D_", "晚上<见面>"),
        ("C*", "|晚上见面"),
        ("CA", "|"),
        (f"CA +{DEAF} CA", "晚上见面|"),
        ("CD", "晚上见面\n|"),
        ("C_", "MAIN_MENU"),
    ],
    "english": [
        ("9", "[hellow]"),
        ("9_", "hello9|"),
        ("1", "|"),
        ("1 222", "c|"),
        ("1_", "hello1|"),
        ("A", "[hell]"),
        ("AAA", "[he]"),
        ("0_", "半角符号 1/4"),
        ("0_ 1", "hello.|"),
        ("B", "[Hello]"),
        ("BB", "[HELLO]"),
        ("BBB", "[hello]"),
        ("CB", "[HELLO]"),
        ("D", "hello|"),
        ("D 0", "hello |"),
        ("D +0.31 96753 D", "hello world|"),
        ("# 1 +0.31 96753", "hello[ world]"),
        ("D +0.31 9_", "hello9|"),
        ("D +0.31 9A", "hello|"),
        ("D +0.31 1 96753", "hello.[world]"),
        ("D +0.31 * 96753", "hell[world]o"),
        ("D +0.31 0 96753", "hello [world]"),
        ("D 1", "hello.|"),
        ("D_", "asked hello"),
        ("*", "<hello>"),
        ("#", "<hello>"),
        ("# A", "[hello]"),
        ("# D", "hello|"),
        ("# 1", "hello|"),
        ("AAAAA", "|"),
        ("C*", "|hello"),
        ("CD", "hello\n|"),
    ],
    "capitals": [
        ("55", "[HELL]"),
        ("B", "[he]"),
        ("CB", "[he]"),
        ("1 222", "C|"),
        ("1 2 2_", "A2|"),
        ("D", "HE|"),
        ("D B", "HE|"),
    ],
    "full width": [
        ("D", "你好|"),
        ("5_", "你好５|"),
        ("1_", "你好１|"),
        ("D 1", "你好，|"),
        ("D 0", "你好\u3000|"),
        ("D CB 5_", "你好5|"),
        ("0_ B 1", "你好.|"),
        ("0_ BB 0_ 1", "你好^_^|"),
    ],
    "number": [
        ("1234567890", "1234567890|"),
        ("1_5_", "15|"),
        ("0_", "半角符号 1/4"),
        ("0_ 4 7", "!7|"),
        ("12 A", "1|"),
        ("12 *3", "13|2"),
        ("12 CB", "12|"),
        ("12 B 64", "12[你]"),
        ("12 B_ 1", "12😀|"),
        ("12 D", "asked 12"),
    ],
    "symbols": [
        ("1", "、|"),
        ("1_", "、|"),
        ("1 0_", "全角符号 1/6"),
        ("0", "全角符号 2/6"),
        ("#", "全角符号 2/6"),
        ("0_", "全角符号 6/6"),
        ("*", "全角符号 6/6"),
        ("#*", "全角符号 1/6"),
        ("B", "半角符号 1/4"),
        ("BB", "表情 1/6"),
        ("BBB", "全角符号 1/6"),
        ("B 2", ",|"),
        ("A", "|"),
        ("AA", "|"),
        ("D", "|"),
        ("DD", "|"),
        ("1 0_ CA", "|"),
        ("C_", "MAIN_MENU"),
    ],
    "next word": [
        ("1", "你好吗|"),
        ("1_", "你好吗|"),
        ("0", "你好<> page 2"),
        ("0_", "你好<> page 4"),
        ("A", "你好|"),
        ("AA", "你好|"),
        ("D", "你好|"),
        ("DD", "你好|"),
        ("*", "你好<>"),
        ("B", "你好<>"),
    ],
}


SYMBOLS = Symbols()
TITLES = {
    SYMBOLS.title(page, language): SYMBOLS.title(page, Language.ZH)
    for page in Page
    for language in Language
}


class Hand:
    """Presses keys, with the timing of the keypad driver."""

    def __init__(self, app, box):
        self._app, self._box = app, box

    async def play(self, script):
        for word in script.split():
            if word.startswith("+"):
                await asyncio.sleep(float(word[1:]))
            elif ">" in word:
                await self._roll(word.split(">"))
            elif "__" in word:
                await self._press(word[0], float(word[3:]))
            else:
                await self._strokes(word)

    async def _strokes(self, word):
        for at, key in enumerate(word):
            if key != "_":
                await self._press(key, HOLD if word[at + 1 : at + 2] == "_" else TAP)

    async def _press(self, key, seconds):
        self._edge(key, Edge.PRESS)
        timing, start = Timing(), self._box.now
        due, edge = start + timing.long_press, Edge.LONG
        while due < start + seconds:
            await asyncio.sleep(due - self._box.now)
            self._edge(key, edge)
            due, edge = due + timing.repeat, Edge.REPEAT
        await asyncio.sleep(start + seconds - self._box.now)
        self._edge(key, Edge.RELEASE)
        await asyncio.sleep(GAP)

    async def _roll(self, keys):
        for key in keys:
            self._edge(key, Edge.PRESS)
            await asyncio.sleep(TAP)
            self._edge(key, Edge.RELEASE)

    def _edge(self, key, edge):
        self._app.on_key(KeyEvent(KEYS[key], edge, self._box.now))


def shown(app, box):
    """What the glass shows, in one line."""
    view = app.screen().view
    match view:
        case HomeView():
            return f"home {app.screen().gutter.mode.value}"
        case OffView():
            return "off"
        case MessageView():
            return view.title
        case ThinkingView():
            return f"asked {box.team.told('llm', m.Ask)[-1].question}"
        case SymbolView():
            return f"{TITLES[view.title]} {view.page}/{view.pages}"
        case ChooseView():
            return _choosing(view)
        case ComposeView():
            open_text = "".join(span.text for span in view.composition)
            caret = f"[{open_text}]" if open_text else "|"
            return view.text[: view.caret] + caret + view.text[view.caret :]
        case SyllableView():
            start, end = view.syllable
            return f"{view.pinyin[:start]}<{view.pinyin[start:end]}>{view.pinyin[end:]}"
    return type(view).__name__


def _choosing(view):
    words = [f"<{word}>" if at == view.current else word for at, word in enumerate(view.words)]
    text = view.before + ("".join(words) or "<>") + view.after
    word = view.words[view.current] if view.words else ""
    hanzi = " hanzi" if len(word) > 1 and all(len(one) == 1 for one in view.candidates) else ""
    page = f" page {view.page}" if view.page > 1 else ""
    return text + hanzi + page


@pytest.fixture
def engine():
    """Nothing is learnt from cell to cell."""
    return Engine(MemoryWords(), verify=False)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("row", "keys", "glass"),
    [(row, keys, glass) for row, cells in CELLS.items() for keys, glass in cells],
)
def test_a_cell_of_the_table_of_keys(engine, row, keys, glass, language):
    async def script(app, oled, box):
        box.editor.language = Language(language)
        hand = Hand(app, box)
        await hand.play(BEGIN[row][0])
        begin = shown(app, box)
        await hand.play(keys)
        return begin, shown(app, box)

    def page(app, intent):
        return TextPage(intent.name, lambda: "")

    assert leave_alone(engine, script, page, **{"ui.language": language}) == (
        BEGIN[row][1],
        glass,
    )
