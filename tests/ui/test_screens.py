"""Every screen in both languages against its golden picture.

`LORY_GOLDEN=write python -m pytest tests/ui/test_screens.py` draws the pictures anew; look at them
(`python -m docs.screens`) before they are committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from docs.screens import to_image
from tests.ui.scenes import SCENES
from ui.framebuffer import HEIGHT, WIDTH, Framebuffer
from ui.gutter import Gutter, TextMode
from ui.reader import Reader
from ui.render import Screen, render
from ui.screens.answer import AnswerView
from ui.screens.choose import ChooseView
from ui.screens.compose import ComposeView, Span
from ui.screens.confirm import ConfirmView
from ui.screens.home import HomeView
from ui.screens.listening import ListeningView
from ui.screens.mask import Mask
from ui.screens.menu import MenuItem, MenuView
from ui.screens.message import MessageView
from ui.screens.off import OffView
from ui.screens.review import ReviewView
from ui.screens.selftest import SelfTestRow, SelfTestView
from ui.screens.setting import SettingView
from ui.screens.syllables import SyllableView
from ui.screens.symbols import SymbolView
from ui.screens.thinking import ThinkingView
from ui.screens.toast import Toast
from ui.screens.waiting import WaitingView
from ui.strings import Language
from ui.strip import TOP, Strip, StripKind
from ui.view import View

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("LORY_GOLDEN") == "write"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", SCENES)
def test_a_screen_looks_like_its_golden_picture(
    name: str, language: Language, tmp_path: Path
) -> None:
    picture = to_image(render(SCENES[name](language), language))
    path = GOLDEN / f"{name}-{language.value}.png"
    if WRITE:
        GOLDEN.mkdir(exist_ok=True)
        picture.save(path, optimize=True)
    with Image.open(path) as golden:
        same = golden.convert("1").tobytes() == picture.tobytes()
    if not same:
        picture.save(tmp_path / path.name)
        pytest.fail(f"{path.name} looks different: see {tmp_path / path.name}")


def test_every_golden_picture_belongs_to_a_screen() -> None:
    expected = {f"{name}-{language.value}" for name in SCENES for language in Language}
    assert {path.stem for path in GOLDEN.glob("*.png")} == expected


@pytest.mark.parametrize("name", SCENES)
def test_drawing_twice_gives_the_same_frame(name: str) -> None:
    for scene in (name, "composing", name):
        frame = render(SCENES[scene](Language.ZH), Language.ZH)
    assert frame == render(SCENES[name](Language.ZH), Language.ZH)


def area(frame: Framebuffer, x: int, y: int, width: int, height: int) -> set[tuple[int, int]]:
    return {
        (px, py)
        for px in range(x, min(x + width, WIDTH))
        for py in range(y, min(y + height, HEIGHT))
        if frame.pixel(px, py)
    }


# ---------------------------------------------------------------- gutter and strip, as pinned


@pytest.mark.parametrize("kind", [kind for kind in StripKind if kind is not StripKind.NONE])
def test_the_strip_stays_in_rows_60_to_63_and_grows_with_its_fraction(kind: StripKind) -> None:
    lit = []
    for fraction in (0.0, 0.3, 1.0, 7.0):
        frame = render(Screen(ComposeView(), strip=Strip(kind, fraction)), Language.ZH)
        assert area(frame, 0, 12, WIDTH, TOP - 12) == set()
        lit.append(len(area(frame, 0, TOP, WIDTH, 4)))
    assert lit[0] < lit[1] < lit[2] == lit[3]


def test_the_gutter_stays_in_columns_120_to_127() -> None:
    for name in ("composing", "menu", "fault", "self-test"):
        screen = SCENES[name](Language.ZH)
        with_gutter = render(screen, Language.ZH)
        without = render(Screen(screen.view), Language.ZH)
        differing = with_gutter.bits ^ without.bits
        assert differing
        assert Framebuffer(differing).inked_columns()[0] >= 120


@pytest.mark.parametrize("words", ["问题太长", "没有麦克风。插上后再试，也可以打字。", "好" * 30])
def test_a_toast_shows_nothing_of_home_by_half(words: str) -> None:
    view = HomeView("10:48", "Thu 26/11")
    bare = render(Screen(view), Language.EN)
    frame = render(Screen(view, toast=Toast(words)), Language.EN)
    top = next(y for y in range(TOP) if len(area(frame, 0, y, 120, 1)) > 50)  # the box's frame
    assert not area(frame, 0, top - 1, 120, 1)
    kept = area(frame, 0, 0, 120, top)
    covered = area(bare, 0, 0, 120, HEIGHT) - kept
    assert not {(x, y + 1) for x, y in kept} & covered
    assert not area(frame, 0, TOP, 120, 4)


def test_an_answer_has_five_full_lines_and_a_scroll_bar() -> None:
    reader = Reader()
    reader.append("好" * 100)
    frame = render(Screen(AnswerView(reader)), Language.ZH)
    for line in range(5):
        assert area(frame, 0, 12 * line, 12, 12)
        assert area(frame, 108, 12 * line, 12, 12)
    assert area(frame, 126, 0, 2, 60)
    assert not area(frame, 120, 0, 6, 60)  # nothing hangs, nothing below


def test_more_below_is_marked() -> None:
    reader = Reader()
    reader.append("好" * 100)
    at_end = render(Screen(AnswerView(reader)), Language.ZH)
    reader.scroll(-2)
    above = render(Screen(AnswerView(reader)), Language.ZH)
    assert not area(at_end, 122, 56, 4, 4)
    assert area(above, 122, 56, 4, 4)


def test_the_dark_screen_is_dark() -> None:
    screen = Screen(OffView(), Gutter(temperature=70), Strip(StripKind.VOICE, 1.0))
    assert render(screen, Language.ZH) == Framebuffer()


# ---------------------------------------------------------------- any text in any screen

texts = st.text(max_size=40) | st.text(alphabet="明天，。“”（）ab 12.\n'", max_size=80)
fractions = st.floats(-1, 2)
counts = st.integers(0, 12)


def _views(words: list[str], number: int, fraction: float) -> list[View]:
    text = "".join(words)
    reader = Reader(text)
    reader.append(text)
    some = tuple(words)
    compose = ComposeView(
        text, len(words[0]), tuple(Span(word) for word in some), text, text, bool(number % 2)
    )
    at = number % len(some)
    return [
        AnswerView(reader, (number, number + 5)),
        compose,
        ComposeView(text, len(text), pending=True),
        ChooseView(some, at, text, some[:9], number, number, text, text),
        ComposeView(text, 0, (Span(text),), text, text, pinyin_caret=min(number, len(text))),
        SyllableView(
            some, (0, 1), text, (0, min(len(text), 1)), some[:8], number, number, text, text
        ),
        SymbolView(text, some[:9], number, number),
        HomeView(text, text, some),
        ThinkingView(text, number, 9, text),
        WaitingView(text, text),
        ListeningView(fraction, number * 40.0, text, number),
        ReviewView(text, len(words[0]), fraction),
        MenuView(text, tuple(MenuItem(word, text, bool(at), note=word) for word in some), at, text),
        SettingView(text, text, fraction, text),
        MessageView(text, text, text, scroll=number),
        ConfirmView(text, text, fraction),
        SelfTestView(text, tuple(SelfTestRow(word, text) for word in some), number),
    ]


@given(st.lists(texts, min_size=1, max_size=11), counts, fractions, st.sampled_from(Language))
def test_no_text_breaks_a_screen(
    words: list[str], number: int, fraction: float, language: Language
) -> None:
    for view in _views(words, number, fraction):
        screen = Screen(view, toast=Toast(words[0], fraction))
        assert len(render(screen, language).to_bytes()) == 1024


def test_the_mask_says_what_b_does_in_the_mode_that_is_on() -> None:
    pictures = [
        render(Screen(HomeView(), mask=Mask(mode=mode)), Language.ZH).to_bytes()
        for mode in (TextMode.HANZI, TextMode.FULL_WIDTH, TextMode.ENGLISH, TextMode.CAPITALS)
    ]
    assert len(set(pictures)) == 4


def test_a_caret_before_the_first_character_is_seen() -> None:
    frame = render(Screen(ComposeView("你好", 0)), Language.ZH)
    assert all(frame.pixel(0, y) for y in range(11))
