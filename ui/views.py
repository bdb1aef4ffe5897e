"""View states: everything a screen needs to be drawn, as frozen values.

Whoever decides (the editor of `ui.input`, the appliance) makes one of these; `ui.render` turns it
into a frame. A view holds text that is already in the user's language where the text is data (a
question, a model's name); fixed words come from `ui.strings` when the view is drawn.

Offsets (`caret`, spans) count characters of the `str` they belong to, half open, from 0.
Fractions are 0..1 and are clamped when drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.reader import Reader


class Language(Enum):
    """Language of the interface, not of the conversation."""

    ZH = "zh"
    EN = "en"


# ---------------------------------------------------------------- gutter and strip


class TextMode(Enum):
    """What a digit key types; drawn in the gutter. `NONE`: digits type nothing here."""

    NONE = ""
    HANZI = "汉"
    FULL_WIDTH = "全"  # HANZI with full-width Latin and digits
    ENGLISH = "En"
    CAPITALS = "EN"
    NUMBER = "数"
    SYMBOL = "符"


class Mic(Enum):
    OFF = auto()  # closed: nothing is captured
    OPEN = auto()  # the pre-roll ring is filling
    LISTENING = auto()  # this is being recognised


class Speaker(Enum):
    NONE = auto()  # no output, or reading aloud is switched off
    ON = auto()
    MUTED = auto()
    SPEAKING = auto()


class Alert(Enum):
    """A lasting condition that the gutter shows; the most urgent comes first in `Gutter.alerts`."""

    FAULT = auto()  # a worker is down
    STORAGE = auto()  # the state could not be saved
    HOT = auto()
    BATTERY = auto()
    CLOCK = auto()  # the clock was never set
    MODEL = auto()  # no language model yet: loading, or being fetched


@dataclass(frozen=True, slots=True)
class Gutter:
    """Columns 120-127: five cells of 8x12 px, or the scroll bar while an answer is read."""

    mode: TextMode = TextMode.NONE
    mic: Mic = Mic.OFF
    speaker: Speaker = Speaker.NONE
    alerts: tuple[Alert, ...] = ()
    temperature: int | None = None  # degrees Celsius, only when it matters
    mask: bool = False  # C was pressed: the next key takes its second meaning


class StripKind(Enum):
    NONE = auto()
    MULTITAP = auto()  # time left until the letter is taken; shrinks
    PREFILL = auto()  # prompt progress; grows
    VOICE = auto()  # position of the voice in the answer; grows
    COUNTDOWN = auto()  # time left until it is sent, or the mask closes; shrinks to the middle
    PROVISION = auto()  # installing, fetching, loading; grows


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows 60-63: the one thing that is timed now. `fraction` of the full width is filled."""

    kind: StripKind = StripKind.NONE
    fraction: float = 0.0


# ---------------------------------------------------------------- typing


@dataclass(frozen=True, slots=True)
class Span:
    """One word of the open composition; `weakest` marks the least certain one."""

    text: str
    weakest: bool = False


@dataclass(frozen=True, slots=True)
class ComposeView:
    """The text box, with a pinyin composition open at the caret or not.

    `composition` is drawn underlined at `caret`; without one, a caret is drawn there. `pinyin`
    is the reading, syllables parted by `'`; too long a reading loses its head, never its tail.
    `hint` is the last line ("" when hints are off). `pending`: the last character before the
    caret is still being chosen by multi-tap and is drawn inverse.
    """

    text: str = ""
    caret: int = 0
    composition: tuple[Span, ...] = ()
    pinyin: str = ""
    hint: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class ChooseView:
    """Choosing a candidate for one word of the sentence; only here digits pick.

    `before` and `after` are the text around the composition; `words` are its words,
    `words[current]` is inverse. `candidates` are those of this page, at most 9 and no more than
    `ui.widgets.candidates_that_fit` says; `page` counts from 1.
    """

    words: tuple[str, ...]
    current: int
    pinyin: str
    candidates: tuple[str, ...]
    page: int
    pages: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class SyllableView:
    """The syllable bar: the ways to split the keys, in place of pinyin line and hint."""

    compose: ComposeView
    splits: tuple[str, ...]
    selected: int


@dataclass(frozen=True, slots=True)
class SymbolView:
    """One page of symbols or emoji: at most 9 `items` on the keys 1-9, `page` from 1."""

    title: str
    items: tuple[str, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Mask:
    """The second functions after C, laid out like the pad, over whatever is shown.

    `answered`: an answer is shown, so that D answers again instead of making a new line. The other
    three say what is on now.
    """

    answered: bool = False
    thinking: bool = False
    read_aloud: bool = False
    muted: bool = False
    full_width: bool = False


# ---------------------------------------------------------------- the dialogue


@dataclass(frozen=True, slots=True)
class BootView:
    """Logo, what is being started, and how far it is (None: unknown)."""

    stage: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class HomeView:
    """`clock` is "HH:MM", or "" while the clock is not set; `date` a line under it.

    `lines`: at most two short lines of state (what is loading, the next alarm).
    """

    clock: str = ""
    date: str = ""
    lines: tuple[str, ...] = ()
    hints: bool = True


@dataclass(frozen=True, slots=True)
class ThinkingView:
    """The prompt is being evaluated: `done` of `total` tokens (0 of 0: waiting for the model)."""

    question: str
    done: int = 0
    total: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer, streaming or complete. The reader holds text, position and footer.

    `spoken`: the characters of the reader's source text that the voice says now; underlined.
    """

    reader: Reader
    spoken: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ListeningView:
    """`level` 0..1, `elapsed` seconds, `partial` text whose first `stable` characters stay."""

    level: float
    elapsed: float
    partial: str = ""
    stable: int = 0
    recognising: bool = False  # the microphone is closed, the text is still being found


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What was heard, before it is sent in `remaining` seconds (None: waits for D)."""

    text: str
    caret: int
    remaining: float | None = None


# ---------------------------------------------------------------- moving about


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One row of a menu; `value` stands at the right. `enabled` false: shown, cannot be entered."""

    label: str
    value: str = ""
    enabled: bool = True
    checked: bool = False


@dataclass(frozen=True, slots=True)
class MenuView:
    """A title bar, up to four items around the selected one, a hint in place of the last if set.

    Used for every list that one enters: main menu, settings, models, personas.
    """

    title: str
    items: tuple[MenuItem, ...]
    selected: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """A stored conversation: when ("": the clock was not set), its first question, its turns."""

    when: str
    question: str
    turns: int


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One page of the history browser, two conversations a page.

    `items` are those of this page, `selected` one of them; `first` is the number, from 0, of
    `items[0]` among `total`.
    """

    items: tuple[HistoryItem, ...]
    selected: int
    first: int
    total: int


@dataclass(frozen=True, slots=True)
class SettingView:
    """One setting being changed: its value as text and, where it has a range, as a fraction."""

    title: str
    value: str
    fraction: float | None = None
    hint: str = ""


class Sign(Enum):
    """The icon of a message."""

    NONE = auto()
    INFO = auto()
    FAULT = auto()


@dataclass(frozen=True, slots=True)
class MessageView:
    """A page of text with a title bar and a key line: faults, about, what to do next.

    `scroll` is the first line of `text` shown.
    """

    title: str
    text: str
    keys: str = ""
    sign: Sign = Sign.NONE
    scroll: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmView:
    """Something that cannot be undone: long D does it, A leaves. `held` 0..1 of the long press."""

    title: str
    text: str
    held: float = 0.0


class Check(Enum):
    """Outcome of one row of the self-test."""

    WAITING = auto()
    OK = auto()
    WARN = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class SelfTestRow:
    """What was tested, what was found, how it went; `level` draws a meter for the value."""

    label: str
    value: str = ""
    check: Check = Check.WAITING
    level: float | None = None


@dataclass(frozen=True, slots=True)
class SelfTestView:
    """Self-test or latency page: four `rows` from `first` on; `title` in the bar."""

    title: str
    rows: tuple[SelfTestRow, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class LifeView:
    """Idle: Conway's life on a torus (`ui.life`), and the clock at a place that moves.

    `cells[y]` has bit x set where the cell (x, y) lives; 64x32 cells of 2x2 px.
    """

    cells: tuple[int, ...]
    clock: str = ""
    clock_at: tuple[int, int] = (0, 0)  # px, top left


@dataclass(frozen=True, slots=True)
class OffView:
    """The glass is dark."""


View = (
    BootView
    | HomeView
    | ComposeView
    | ChooseView
    | SyllableView
    | SymbolView
    | ThinkingView
    | AnswerView
    | ListeningView
    | ReviewView
    | MenuView
    | HistoryView
    | SettingView
    | MessageView
    | ConfirmView
    | SelfTestView
    | LifeView
    | OffView
)


@dataclass(frozen=True, slots=True)
class Toast:
    """A short note over the lower lines; `fraction` adds a bar (volume)."""

    text: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """The whole glass."""

    view: View
    gutter: Gutter = field(default_factory=Gutter)
    strip: Strip = field(default_factory=Strip)
    toast: Toast | None = None
    mask: Mask | None = None
