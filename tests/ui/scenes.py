"""One example of every screen, in both languages: golden PNGs and the contact sheet show them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from appliance.configuration.settings import SCHEMA, SETTINGS
from appliance.front.menus import lines
from appliance.pages.alarms import AlarmsPage
from appliance.pages.latency_rows import seconds_rows
from appliance.pages.listing import Where
from appliance.pages.page import Page
from appliance.pages.set_time import SetTimePage
from appliance.pages.settings import section_name, setting_name, value_text
from appliance.personas.persona import read_personas
from appliance.timekeeping.wall import WallTime
from appliance.understanding.alarms.parse import parse as parse_alarm
from appliance.understanding.alarms.requests import Set
from drivers.keys import Edge, Key
from tests.alarms.world import START as ALARM_START
from tests.alarms.world import World as AlarmWorld
from ui import life as game
from ui.gutter import Condition, Gutter, Mic, Speaker, TextMode
from ui.reader import Reader
from ui.render import Screen
from ui.sample import Sample
from ui.screens.alert import AlertView
from ui.screens.answer import AnswerView
from ui.screens.boot import BootView
from ui.screens.choose import ChooseView
from ui.screens.compose import ComposeView, Span
from ui.screens.confirm import ConfirmView
from ui.screens.glasstest import GlassTestView, Pattern
from ui.screens.home import HomeView
from ui.screens.keytest import KeyTestView
from ui.screens.life import LifeView
from ui.screens.listening import ListeningView
from ui.screens.mask import Mask
from ui.screens.menu import MenuItem, MenuView
from ui.screens.message import MessageView, Sign
from ui.screens.off import OffView
from ui.screens.review import ReviewView
from ui.screens.scope import ScopeView
from ui.screens.selftest import Check, SelfTestRow, SelfTestView
from ui.screens.setting import SettingView
from ui.screens.syllables import SyllableView
from ui.screens.symbols import SymbolView
from ui.screens.thinking import ThinkingView
from ui.screens.toast import Toast
from ui.screens.waiting import WaitingView
from ui.strings import Language, text
from ui.strip import Strip, StripKind

Scene = Callable[[Language], Screen]

ANSWER = (
    "明早七点的话，今晚十一点前睡比较好。要不要我再提醒你把手机放远一点？"
    "这样不容易按掉闹钟又睡着。另外，“睡前喝水”要适量：大约一百毫升就够了。"
)
ANSWER_EN = (
    "If you get up at seven, go to bed before eleven. Put the phone out of reach, so that you "
    "cannot switch the alarm off and fall asleep again. A small glass of water is enough."
)
MARKS = (
    "# 早睡\n**三个办法**：\n- 手机放*远一点*，别放在枕头边上\n- 用 `timer` 提醒\n"
    "1. 先关灯\n2. 再深呼吸\n```\nsleep(8)\n```\n> 早睡早起"
)
HARD = (
    "王建国说：「你好！（见《睡眠》。）」——对…… 3.14×2≠6，约¥1,234.50元／天；"
    "https://example.com/a/very/long/path?q=1 Donaudampfschifffahrtsgesellschaft "
    "é ñ Ёлка 한국어 ひらがな 👍🏽 🎉 e\u0301 \ufffe \u202eabc"
)
COMPOSING = Gutter(TextMode.HANZI, Mic.OPEN, Speaker.ON)
WORDS = ("明天", "早上", "七点", "叫我", "起床")


def _zh(language: Language, zh: str, en: str) -> str:
    return zh if language is Language.ZH else en


def _reader(answer: str, *, finished: bool = False, footer: str = "") -> Reader:
    reader = Reader("明天早上七点叫我起床，几点睡好？")
    reader.append(answer)
    if finished:
        reader.finish(footer)
    return reader


def boot(language: Language) -> Screen:
    return Screen(BootView(text("boot.starting", language), 0.4))


def home(language: Language) -> Screen:
    day = text("weekday.0", language)
    date = text("home.date", language, month=11, day=23, weekday=day)
    return Screen(HomeView("07:45", date), COMPOSING)


def home_loading(language: Language) -> Screen:
    lines = (
        text("home.llm-loading", language, percent=63),
        text("home.asr-loading", language, percent=20),
    )
    gutter = Gutter(TextMode.HANZI, Mic.OFF, Speaker.NONE, (Condition.MODEL, Condition.CLOCK))
    return Screen(HomeView(lines=lines), gutter, Strip(StripKind.PROVISION, 0.63))


def home_hot(language: Language) -> Screen:
    lines = (
        text("home.hot", language, celsius=78),
        text("home.battery", language, percent=18),
    )
    gutter = Gutter(TextMode.HANZI, Mic.OFF, Speaker.ON, (Condition.BATTERY,), temperature=78)
    return Screen(HomeView("07:45", "", lines), gutter)


def empty_box(language: Language) -> Screen:
    return Screen(ComposeView(hint=text("keys.empty", language)), COMPOSING)


def composing(language: Language) -> Screen:
    spans = tuple(Span(word, weakest=word == "七点") for word in WORDS)
    pinyin = "ming'tian'zao'shang'qi'dian'jiao'wo'qi'chuang"
    hint = text("keys.pinyin", language)
    return Screen(ComposeView("", 0, spans, pinyin, hint), COMPOSING)


def composing_gap(language: Language) -> Screen:
    """The syllable jiao is typed anew, before two others."""
    spans = tuple(Span(word) for word in ("明天", "早上", "七点", "家", "我", "起床"))
    pinyin = "ming'tian'zao'shang'qi'dian'jia'wo'qi'chuang"
    view = ComposeView("", 0, spans, pinyin, text("keys.gap", language), pinyin_caret=31)
    return Screen(view, COMPOSING)


def composing_inside(language: Language) -> Screen:
    view = ComposeView("请提醒我去接孩子，谢谢", 4, (Span("下午"),), "xia'wu")
    return Screen(view, COMPOSING)


def multitap(language: Language) -> Screen:
    view = ComposeView("用Python写个quic", 13, pending=True)
    gutter = Gutter(TextMode.ENGLISH, Mic.OPEN, Speaker.ON)
    return Screen(view, gutter, Strip(StripKind.MULTITAP, 0.7))


def choose(language: Language) -> Screen:
    candidates = ("早上", "晚上", "早", "晚", "澡", "造", "枣", "皂", "灶")
    return Screen(ChooseView(WORDS, 1, "zao'shang", candidates, 1, 3), COMPOSING)


def choose_forgotten(language: Language) -> Screen:
    """The self-made word that stood first was held and is gone."""
    candidates = ("王者", "往这", "网着", "王", "往", "网", "望", "亡", "汪")
    view = ChooseView(("王者", "本"), 0, "wang'zhe", candidates, 1, 4)
    note = Toast(text("hint.forgotten", language, word="王喆犇"))
    return Screen(view, COMPOSING, toast=note)


def syllables(language: Language) -> Screen:
    """A wrong key made ji'en of jiao."""
    words = ("明天", "早上", "七点", "吉恩", "我", "起床")
    pinyin = "ming'tian'zao'shang'qi'dian'ji'en'wo'qi'chuang"
    view = SyllableView(words, (6, 7), pinyin, (28, 30), ("ji", "jie", "lie", "li"))
    return Screen(view, COMPOSING)


def symbols(language: Language) -> Screen:
    items = tuple("，。？！：；（）…")
    gutter = Gutter(TextMode.SYMBOL, Mic.OPEN, Speaker.ON)
    return Screen(SymbolView(text("symbols.title", language), items, 1, 4), gutter)


def emoji(language: Language) -> Screen:
    items = tuple("😀😂🙏👍🎉🌧⏰🎵🤖")
    gutter = Gutter(TextMode.SYMBOL, Mic.OPEN, Speaker.ON)
    return Screen(SymbolView(text("emoji.title", language), items, 2, 4), gutter)


def mask(language: Language) -> Screen:
    screen = composing(language)
    shown = Mask(thinking=True, read_aloud=True)
    return Screen(screen.view, screen.gutter, Strip(StripKind.COUNTDOWN, 0.8), mask=shown)


def thinking(language: Language) -> Screen:
    view = ThinkingView("明天早上七点叫我起床，几点睡好？", 124, 312)
    return Screen(view, Gutter(TextMode.NONE, Mic.OPEN, Speaker.ON), Strip(StripKind.PREFILL, 0.4))


def waiting(language: Language) -> Screen:
    note = text("thinking.waiting-for-model", language)
    gutter = Gutter(conditions=(Condition.MODEL,), speaker=Speaker.ON)
    view = ThinkingView("今天适合跑步吗", note=note)
    return Screen(view, gutter, Strip(StripKind.PROVISION, 0.3))


def waiting_for_the_engine(language: Language) -> Screen:
    what = text("wait.llm-engine", language, percent=62)
    view = WaitingView("今天适合跑步吗", what)
    return Screen(view, Gutter(speaker=Speaker.NONE), Strip(StripKind.PROVISION, 0.62))


def waiting_in_trouble(language: Language) -> Screen:
    what = _zh(language, "连不上软件源", "the package index cannot be reached")
    view = WaitingView("今天适合跑步吗", what)
    return Screen(view, Gutter(speaker=Speaker.NONE), Strip(StripKind.PROVISION, 0.62))


def answer(language: Language) -> Screen:
    reader = _reader(_zh(language, ANSWER, ANSWER_EN))
    reader.scroll(-1)
    reader.scroll(-1)
    return Screen(AnswerView(reader))


def answer_spoken(language: Language) -> Screen:
    source = _zh(language, ANSWER, ANSWER_EN)
    reader = _reader(source, finished=True)
    spoken = (
        source.index(_zh(language, "要不要", "Put")),
        source.index(
            _zh(
                language,
                "？",
                ",",
            )
        ),
    )
    if language is Language.EN:
        spoken = (source.index("Put"), source.index(", so"))
    reader.show(spoken)
    gutter = Gutter(speaker=Speaker.SPEAKING)
    return Screen(AnswerView(reader, spoken), gutter, Strip(StripKind.VOICE, 0.45))


def answer_done(language: Language) -> Screen:
    footer = text("answer.footer", language, first="0.84", speed="12.3")
    reader = _reader(_zh(language, ANSWER, ANSWER_EN), finished=True, footer=footer)
    return Screen(AnswerView(reader), Gutter(speaker=Speaker.MUTED, conditions=(Condition.FAULT,)))


def answer_awaiting(language: Language) -> Screen:
    """The answer was spoken, and the box listens for what the user may add."""
    reader = _reader(_zh(language, "十一点前。", "Before eleven."), finished=True)
    gutter = Gutter(mic=Mic.LISTENING, speaker=Speaker.ON)
    return Screen(AnswerView(reader), gutter, Strip(StripKind.COUNTDOWN, 0.7))


def answer_question(language: Language) -> Screen:
    reader = _reader(_zh(language, "十一点前。", "Before eleven."), finished=True)
    reader.scroll(-9)
    return Screen(AnswerView(reader))


def answer_marks(language: Language) -> Screen:
    reader = _reader(MARKS, finished=True)
    reader.scroll(-9)
    reader.scroll(2)
    return Screen(AnswerView(reader))


def answer_marks_end(language: Language) -> Screen:
    return Screen(AnswerView(_reader(MARKS, finished=True)))


def answer_hard(language: Language) -> Screen:
    reader = _reader(HARD, finished=True)
    reader.scroll(-99)
    reader.scroll(2)
    return Screen(AnswerView(reader))


def answer_hard_end(language: Language) -> Screen:
    return Screen(AnswerView(_reader(HARD, finished=True)))


def listening(language: Language) -> Screen:
    return Screen(ListeningView(0.0, 0.3), Gutter(mic=Mic.LISTENING))


def listening_partial(language: Language) -> Screen:
    partial = "明天早上七点叫我起床然后提醒我带伞"
    return Screen(ListeningView(0.7, 12.4, partial, 10), Gutter(mic=Mic.LISTENING))


def recognising(language: Language) -> Screen:
    return Screen(ListeningView(0.0, 4.0, recognising=True))


def listening_early(language: Language) -> Screen:
    what = text("wait.model-asr", language, percent=9)
    return Screen(ListeningView(0.4, 2.0, waits_for=what), Gutter(mic=Mic.LISTENING))


def heard_early(language: Language) -> Screen:
    what = text("wait.model-asr", language, percent=41)
    return Screen(ListeningView(0.0, 4.0, recognising=True, waits_for=what))


def review(language: Language) -> Screen:
    heard = "明天早上七点叫我起床，然后提醒我带伞"
    gutter = Gutter(TextMode.HANZI, Mic.OPEN, Speaker.ON)
    return Screen(ReviewView(heard, len(heard), 1.6), gutter, Strip(StripKind.COUNTDOWN, 0.8))


def menu(language: Language) -> Screen:
    items = tuple(MenuItem(line.label(language)) for line in lines(Where.MAIN))
    return Screen(MenuView(Where.MAIN.title(language), items, 1), COMPOSING)


def models(language: Language) -> Screen:
    items = (
        MenuItem(
            "Qwen2.5-Coder 1.5B",
            checked=True,
            note=f"1.1 GB  {text('model.fits-alone', language)}",
        ),
        MenuItem("Qwen3 0.6B"),
        MenuItem("Qwen3 4B", enabled=False),
    )
    return Screen(MenuView(text("model.title", language), items, 0), COMPOSING)


def personas(language: Language) -> Screen:
    found = read_personas(Path("no-such-directory")).by_name.values()
    items = [
        MenuItem(persona.title_in(language.value), checked=persona.name == "lory")
        for persona in found
    ]
    items.insert(2, MenuItem("pirate.toml", text("persona.broken", language)))
    return Screen(MenuView(text("persona.title", language), tuple(items), 1), COMPOSING)


def facts(language: Language) -> Screen:
    told = (
        _zh(language, "我女儿的生日是五月三号", "My daughter's birthday is 3 May"),
        _zh(language, "我对花生过敏", "I am allergic to peanuts"),
        text("facts.forget-all", language),
    )
    items = tuple(map(MenuItem, told))
    return Screen(MenuView(text("facts.title", language), items, 1), COMPOSING)


def facts_empty(language: Language) -> Screen:
    view = MenuView(text("facts.title", language), (), 0, text("facts.hint", language))
    return Screen(view, COMPOSING)


def fact_forget(language: Language) -> Screen:
    told = _zh(language, "我女儿的生日是五月三号", "My daughter's birthday is 3 May")
    return Screen(ConfirmView(text("facts.forget", language), told), COMPOSING)


def learnt_words(language: Language) -> Screen:
    own = (("犇犇", "ben'ben"), ("老喆家", "lao'zhe'jia"), ("王喆犇", "wang'zhe'ben"))
    items = [MenuItem(word, note=pinyin) for word, pinyin in own]
    items.append(MenuItem(text("words.forget-all", language)))
    title = text("words.count", language, words=137)
    return Screen(MenuView(title, tuple(items), 2), COMPOSING)


def learnt_nothing(language: Language) -> Screen:
    hint = text("words.hint", language)
    return Screen(MenuView(text("words.title", language), (), 0, hint), COMPOSING)


def word_forget(language: Language) -> Screen:
    view = ConfirmView(text("words.forget", language), "王喆犇\nwang'zhe'ben")
    return Screen(view, COMPOSING)


def words_forget_all(language: Language) -> Screen:
    view = ConfirmView(text("words.forget-all", language), text("words.all-text", language), 0.4)
    return Screen(view, COMPOSING)


def settings(language: Language) -> Screen:
    sections = dict.fromkeys(it.section for it in SETTINGS if it.menu)
    items = tuple(MenuItem(section_name(section, language)) for section in sections)
    return Screen(MenuView(text("settings.title", language), items, 1), COMPOSING)


def settings_section(language: Language) -> Screen:
    shown = [it for it in SETTINGS if it.menu and it.section == "ui"]
    items = tuple(
        MenuItem(setting_name(it, language), value_text(it, it.default, language)) for it in shown
    )
    return Screen(MenuView(section_name("ui", language), items, 3), COMPOSING)


def setting_reloads(language: Language) -> Screen:
    setting = SCHEMA["llm.context"]
    value = value_text(setting, setting.default, language)
    note = text("setting.reloads-llm", language)
    return Screen(SettingView(setting_name(setting, language), value, 0.11, note), COMPOSING)


def setting(language: Language) -> Screen:
    return Screen(SettingView(_zh(language, "音量", "Volume"), "80%", 0.8), COMPOSING)


def history(language: Language) -> Screen:
    kept = (
        ("明天早上七点叫我起床", "Wake me at seven", 3),
        ("写一首关于秋天的短诗", "Write a short poem about autumn", 12),
        ("鹦鹉为什么会说话？", "Why can parrots talk?", 1),
        ("长城有多长？", "How long is the Great Wall?", 2),
    )
    note = f"11-23  {text('history.hint', language)}"
    items = tuple(
        MenuItem(_zh(language, zh, en), text("history.turns", language, turns=turns), note=note)
        for zh, en, turns in kept
    )
    return Screen(MenuView(text("history.title", language), items, 1), COMPOSING)


def history_empty(language: Language) -> Screen:
    return Screen(MenuView(text("history.title", language), (), 0), COMPOSING)


def history_read(language: Language) -> Screen:
    reader = Reader()
    for question, answer in (("鹦鹉会说话吗？", "会，它们会学舌。"), ("怎么学？", "多听，多说。")):
        reader.ask(question)
        reader.append(answer)
    reader.finish(text("history.continue", language))
    reader.scroll(-9)
    return Screen(AnswerView(reader))


def self_test(language: Language) -> Screen:
    rows = (
        SelfTestRow(_zh(language, "键盘", "Keypad"), "0x27", Check.OK),
        SelfTestRow(_zh(language, "麦克风", "Microphone"), check=Check.OK, level=0.6),
        SelfTestRow(_zh(language, "喇叭", "Speaker"), _zh(language, "没有", "none"), Check.FAILED),
        SelfTestRow(_zh(language, "温度", "Temperature"), "72°C", Check.WARN),
        SelfTestRow("LLM", "Qwen2.5", Check.WAITING),
    )
    return Screen(SelfTestView(text("self-test.title", language), rows), Gutter(temperature=72))


def key_test(language: Language) -> Screen:
    return Screen(KeyTestView(frozenset({1, 2, 3, 10, 4, 5, 14}), 5), COMPOSING)


def glass_test(language: Language) -> Screen:
    return Screen(GlassTestView(Pattern.GRID))


def buses(language: Language) -> Screen:
    rows = (
        SelfTestRow("i2c-1 0x27", text("self-test.keypad", language), Check.OK),
        SelfTestRow("i2c-1 0x3C", text("self-test.display", language), Check.FAILED),
        SelfTestRow("i2c-1 0x50", "?", Check.WARN),
    )
    title, hint = text("buses.title", language), text("keys.buses", language)
    return Screen(SelfTestView(title, rows, hint=hint), COMPOSING)


def sound(language: Language) -> Screen:
    rows = (
        SelfTestRow(text("self-test.microphone", language), "USB PnP", Check.OK),
        SelfTestRow(text("sound.level", language), check=Check.OK, level=0.6),
        SelfTestRow(text("self-test.speaker", language), "USB PnP", Check.OK),
    )
    title, hint = text("sound.title", language), text("keys.sound", language)
    return Screen(SelfTestView(title, rows, hint=hint), COMPOSING)


def latency(language: Language) -> Screen:
    seconds = {"endpoint_wait": 0.5, "recognition": 0.52, "first_token": 0.39, "whole": 1.6}
    rows = seconds_rows(lambda key: text(key, language), seconds)
    title, hint = text("latency.title", language), text("keys.latency", language)
    return Screen(SelfTestView(title, rows, hint=hint), COMPOSING)


def fault(language: Language) -> Screen:
    view = MessageView(
        text("fault.title", language), text("fault.model-missing", language), sign=Sign.FAULT
    )
    return Screen(view, Gutter(conditions=(Condition.FAULT, Condition.STORAGE)))


def about(language: Language) -> Screen:
    body = _zh(
        language,
        "Lory 0.1.0 离线语音助手。什么都不离开这个盒子。Apache-2.0；字体：文泉驿、Unifont。",
        "Lory 0.1.0, an offline voice box. Apache-2.0; fonts: WenQuanYi, Unifont.",
    )
    return Screen(MessageView(text("about.title", language), body, sign=Sign.INFO), COMPOSING)


def keys(language: Language) -> Screen:
    view = MessageView(text("help.title", language), text("help.text", language))
    return Screen(view, COMPOSING)


def set_time(language: Language) -> Screen:
    return Screen(_set_time(language, trusted=False, keys=(Key.D0, Key.D7, Key.D3)).view())


def set_day(language: Language) -> Screen:
    keys = (Key.D0, Key.D7, Key.D3, Key.D0, Key.D, Key.D1, Key.D1)
    return Screen(_set_time(language, trusted=False, keys=keys).view())


def _set_time(language: Language, *, trusted: bool, keys: tuple[Key, ...]) -> SetTimePage:
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    wall = WallTime(Path("/nowhere/clock.json"), lambda _: False, system=lambda: moment)
    page = SetTimePage(wall, trusted, trusted, lambda: language, lambda: None)
    _press(page, keys)
    return page


def _press(page: Page, keys: tuple[Key, ...]) -> None:
    for key in keys:
        page.key(key, Edge.PRESS)
        page.key(key, Edge.RELEASE)


def _alarms(language: Language, *keys: Key) -> Screen:
    world = AlarmWorld()
    world.run(3.0)
    world.wall = ALARM_START
    for text_ in (
        "每个工作日七点叫我起床",
        "明天下午三点一刻提醒我开会",
        "计时十分钟",
        "下周三晚上八点叫我",
    ):
        request = parse_alarm(text_, world.wall)
        assert isinstance(request, Set)
        world.keeper.set(request, lambda alarm: None)
    page = AlarmsPage(world.keeper, lambda: language, lambda text: None, lambda undo: None)
    _press(page, keys)
    return Screen(page.view(), COMPOSING)


def alarms(language: Language) -> Screen:
    return _alarms(language)


def alarms_list(language: Language) -> Screen:
    return _alarms(language, Key.HASH, Key.HASH)


def alarms_entry(language: Language) -> Screen:
    return _alarms(language, Key.D0, Key.D7, Key.D3, Key.D0, Key.HASH, Key.HASH)


def home_alarm(language: Language) -> Screen:
    date = text("home.date", language, month=11, day=24, weekday=text("weekday.1", language))
    line = _zh(language, "🔔 明天7:30 起床", "🔔 tomorrow 7:30 wake up")
    return Screen(HomeView("08:30", date, (line,)), COMPOSING)


def home_countdown(language: Language) -> Screen:
    line = _zh(language, "⏱ 4:05 煮面", "⏱ 4:05 noodles")
    return Screen(
        HomeView("08:30", line, ("🔔 21:00",)), COMPOSING, Strip(StripKind.COUNTDOWN, 0.4)
    )


def alert(language: Language) -> Screen:
    title = _zh(language, "闹钟", "Alarm")
    text_ = _zh(language, "每个工作日 起床", "Weekdays: get up")
    return Screen(AlertView(title, "07:30", text_), COMPOSING)


def alert_of_several(language: Language) -> Screen:
    title = _zh(language, "计时到：煮鸡蛋和蒸红薯的那个，五分钟", "Timer: eggs and sweet potatoes")
    text_ = _zh(
        language, "五分钟到了，该关火了，别忘了盛出来晾一下", "Five minutes are over: off the stove"
    )
    return Screen(AlertView(title, "00:00", text_, count=3), COMPOSING)


def alert_in_words(language: Language) -> Screen:
    title = _zh(language, "提醒", "Reminder")
    text_ = _zh(
        language,
        "后天下午三点一刻开会，记得带上合同的原件、两份复印件和身份证，提前十分钟到三号楼门口等老王",
        "The meeting is on Thursday at a quarter past three: bring the contract and copies of it",
    )
    return Screen(AlertView(title, text=text_, count=2), COMPOSING)


def alert_battery(language: Language) -> Screen:
    view = AlertView(
        text("shutdown.title", language), text=text("battery.empty", language), snoozes=False
    )
    return Screen(view, Gutter(conditions=(Condition.BATTERY,), speaker=Speaker.MUTED))


def confirm(language: Language) -> Screen:
    view = ConfirmView(text("shutdown.title", language), text("shutdown.text", language), held=0.4)
    return Screen(view, COMPOSING)


def toast(language: Language) -> Screen:
    screen = answer(language)
    return Screen(screen.view, toast=Toast(text("hint.a-stops", language)))


def toast_volume(language: Language) -> Screen:
    screen = home(language)
    note = Toast(text("toast.volume", language, percent=70), 0.7)
    return Screen(screen.view, screen.gutter, toast=note)


def life(language: Language) -> Screen:
    cells = game.seed(Random(7))
    for _ in range(40):
        cells = game.step(cells)
    return Screen(LifeView(cells, "23:58", (70, 8)))


def off(language: Language) -> Screen:
    return Screen(OffView())


def listening_hands_free(language: Language) -> Screen:
    return Screen(ListeningView(0.3, 1.0, hands_free=True))


def _utterance(words: int) -> tuple[Sample, ...]:
    """A quiet room, then so many words."""
    room = [Sample(0.12 + 0.03 * (n % 3), False) for n in range(60 - 8 * words)]
    word = [Sample(level, True) for level in (0.4, 0.7, 0.85, 0.8, 0.6, 0.75, 0.5, 0.3)]
    return tuple(room + words * word)


def parrot(language: Language) -> Screen:
    heard = _zh(language, "鹦鹉学舌，人云亦云。", "Parrots repeat what they hear.")
    hint = _zh(language, "按住D说  D再听  A回", "hold D  D: again")
    title = _zh(language, "复读机", "Parrot")
    return Screen(ScopeView(title, _utterance(5), heard, hint, "+6dB", scope_rows=1), COMPOSING)


def endpointing(language: Language) -> Screen:
    title = _zh(language, "端点调试", "Endpointing")
    value = _zh(language, "停顿判定 0.40s", "Speech end 0.40s")
    hint = _zh(language, "*#调  D下一项  A返回", "*# set  D next  A back")
    return Screen(ScopeView(title, _utterance(3), value, hint, "1.8s"), COMPOSING)


def wake_trial(language: Language) -> Screen:
    title = _zh(language, "试唤醒词", "Wake trial")
    hint = _zh(language, "*#门槛  A返回", "*# least score  A back")
    view = ScopeView(
        title, _utterance(4), "你好小路 ≥80%", hint, "97%", scope_rows=1, score=0.97, needed=0.8
    )
    return Screen(view, COMPOSING)


def wake_missed(language: Language) -> Screen:
    title = _zh(language, "试唤醒词", "Wake trial")
    hint = _zh(language, "*#门槛  A返回", "*# least score  A back")
    view = ScopeView(
        title, _utterance(2), "今天天气 <80%", hint, "12%", scope_rows=1, score=0.12, needed=0.8
    )
    return Screen(view, COMPOSING)


SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        *(
            boot,
            home,
            home_loading,
            empty_box,
            composing,
            composing_gap,
            composing_inside,
            multitap,
            choose,
        ),
        *(choose_forgotten, syllables, symbols, emoji, mask, thinking, waiting, answer),
        *(waiting_for_the_engine, waiting_in_trouble, listening_early, heard_early),
        *(answer_spoken, answer_done, answer_awaiting, answer_question),
        *(answer_marks, answer_marks_end, answer_hard, answer_hard_end),
        *(listening, listening_partial, recognising, review, menu, models, settings),
        *(settings_section, setting, setting_reloads),
        *(listening_hands_free, parrot, endpointing, wake_trial, wake_missed),
        *(personas, facts, facts_empty, fact_forget, home_hot),
        *(learnt_words, learnt_nothing, word_forget, words_forget_all),
        *(history, history_empty, history_read, self_test, key_test, glass_test, buses, sound),
        *(latency, fault, keys, about, confirm, toast),
        *(toast_volume, life, off),
        *(set_time, set_day, alarms, alarms_list, alarms_entry, home_alarm, home_countdown),
        *(alert, alert_of_several, alert_in_words, alert_battery),
    )
}
