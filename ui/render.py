"""The whole glass from one value: the view by its screen, then gutter, strip, toast and mask."""

from __future__ import annotations

from ui.framebuffer import Framebuffer
from ui.gutter import draw_gutter, draw_reading_gutter, draw_strip
from ui.screens.answer import draw_answer
from ui.screens.boot import draw_boot
from ui.screens.choose import draw_choose
from ui.screens.compose import draw_compose
from ui.screens.confirm import draw_confirm
from ui.screens.history import draw_history
from ui.screens.home import draw_home
from ui.screens.life import draw_life
from ui.screens.listening import draw_listening
from ui.screens.mask import draw_mask
from ui.screens.menu import draw_menu
from ui.screens.message import draw_message
from ui.screens.review import draw_review
from ui.screens.selftest import draw_self_test
from ui.screens.setting import draw_setting
from ui.screens.syllables import draw_syllables
from ui.screens.symbols import draw_symbols
from ui.screens.thinking import draw_thinking
from ui.screens.toast import draw_toast
from ui.views import (
    AnswerView,
    BootView,
    ChooseView,
    ComposeView,
    ConfirmView,
    HistoryView,
    HomeView,
    Language,
    LifeView,
    ListeningView,
    MenuView,
    MessageView,
    OffView,
    ReviewView,
    Screen,
    SelfTestView,
    SettingView,
    SyllableView,
    SymbolView,
    ThinkingView,
    View,
)


def render(screen: Screen, language: Language) -> Framebuffer:
    """Draw a screen. Pure: the same value gives the same frame (a Reader is read as it is now)."""
    frame = Framebuffer()
    _draw_view(frame, screen.view, language)
    _draw_edges(frame, screen)
    if screen.toast is not None:
        draw_toast(frame, screen.toast)
    if screen.mask is not None:
        draw_mask(frame, screen.mask, screen.strip, language)
    return frame


def _draw_view(frame: Framebuffer, view: View, language: Language) -> None:
    match view:
        case AnswerView():
            draw_answer(frame, view)
        case BootView():
            draw_boot(frame, view)
        case ChooseView():
            draw_choose(frame, view)
        case ComposeView():
            draw_compose(frame, view)
        case ConfirmView():
            draw_confirm(frame, view, language)
        case HistoryView():
            draw_history(frame, view, language)
        case HomeView():
            draw_home(frame, view, language)
        case LifeView():
            draw_life(frame, view)
        case ListeningView():
            draw_listening(frame, view, language)
        case MenuView():
            draw_menu(frame, view, language)
        case MessageView():
            draw_message(frame, view, language)
        case OffView():
            pass
        case ReviewView():
            draw_review(frame, view, language)
        case SelfTestView():
            draw_self_test(frame, view)
        case SettingView():
            draw_setting(frame, view, language)
        case SyllableView():
            draw_syllables(frame, view)
        case SymbolView():
            draw_symbols(frame, view)
        case ThinkingView():
            draw_thinking(frame, view, language)


def _draw_edges(frame: Framebuffer, screen: Screen) -> None:
    """Gutter and strip, as the view leaves them room."""
    match screen.view:
        case LifeView() | OffView():
            return
        case AnswerView(reader=reader):
            draw_reading_gutter(frame, screen.gutter, reader.bar(), reader.more_below)
        case BootView() | ListeningView():
            pass  # the first has none, the second draws its own
        case _:
            draw_gutter(frame, screen.gutter)
    draw_strip(frame, screen.strip)
