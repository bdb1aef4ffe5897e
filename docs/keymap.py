"""Draws the key map as one picture a language, from the table that the box itself obeys.

python -m docs.keymap        writes docs/keymap.png and docs/keymap.zh.png
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from ui.font import body
from ui.framebuffer import HEIGHT
from ui.keymap import KEYMAP, SECOND, Action, Gesture, Intent, State

SCALE = 2
LINE = 14
PADDING = 4
PAPER, INK, RULE, SHADE, QUIET = "#ffffff", "#101418", "#c4ccd4", "#eef2f6", "#5a6672"
PICTURES = {"en": Path("docs/keymap.png"), "zh": Path("docs/keymap.zh.png")}

Words = tuple[str, str]  # Chinese, English

STATES: dict[State, Words] = {
    State.HOME: ("主页", "Home"),
    State.TEXT: ("文本框", "Text box"),
    State.PINYIN: ("拼音", "Pinyin"),
    State.CHOOSE: ("选字", "Choose"),
    State.SYLLABLES: ("选音节", "Syllables"),
    State.SYMBOLS: ("符号", "Symbols"),
    State.LISTENING: ("在听", "Listening"),
    State.HANDS_FREE: ("在听，自停", "Hands-free"),
    State.REVIEW: ("复核", "Review"),
    State.BUSY: ("思考和回答", "Thinking, answering"),
    State.ANSWER: ("答完", "Answer done"),
    State.MENU: ("菜单", "Menu"),
    State.ALERT: ("闹钟等响起", "Alert"),
    State.OFF: ("熄屏", "Screen off"),
}

# One column a key; 2 stands for the digits that behave alike.
COLUMNS: tuple[tuple[int, str], ...] = (
    (2, "2-9"), (1, "1"), (0, "0"), (10, "A"), (11, "B"), (13, "D"), (14, "*"), (15, "#"),
)  # fmt: skip

INTENTS: dict[Intent, Words] = {
    Intent.TYPE: ("输入", "type"),
    Intent.TYPE_DIGIT: ("数字", "the digit"),
    Intent.PUNCTUATE: ("标点", "，。？！"),
    Intent.SPACE: ("空格", "space"),
    Intent.SYMBOLS: ("符号", "symbols"),
    Intent.EMOJI: ("表情", "emoji"),
    Intent.DELETE: ("退格", "delete"),
    Intent.DELETE_MORE: ("连续退格", "go on deleting"),
    Intent.NEXT_MODE: ("汉 En 数", "汉 En 数"),
    Intent.CARET_LEFT: ("光标左", "caret left"),
    Intent.CARET_RIGHT: ("光标右", "caret right"),
    Intent.RIGHT_OR_NEXT_WORD: ("光标右，末尾联想", "caret right, at the end: next word"),
    Intent.TEXT_START: ("到开头", "to the start"),
    Intent.TEXT_END: ("到结尾", "to the end"),
    Intent.CLEAR: ("清空", "clear"),
    Intent.NEWLINE: ("换行", "new line"),
    Intent.WIDTH: ("全角", "full width"),
    Intent.SEPARATOR: ("分隔", "separator"),
    Intent.NEXT_SENTENCE: ("换一句", "next sentence"),
    Intent.SYLLABLE_BAR: ("音节", "syllables"),
    Intent.ACCEPT: ("确定", "accept"),
    Intent.CHOOSE_LAST: ("选最后词", "choose last"),
    Intent.CHOOSE_WEAKEST: ("选最疑词", "choose weakest"),
    Intent.PICK: ("选第几个", "pick the n-th"),
    Intent.FORGET: ("忘掉它", "forget it"),
    Intent.NEXT_PAGE: ("下页", "next page"),
    Intent.PREVIOUS_PAGE: ("上页", "previous page"),
    Intent.UNDO_PICK: ("撤销，返回", "undo, back"),
    Intent.WORD_OR_CHARACTER: ("词或字", "word or char."),
    Intent.PREVIOUS_WORD: ("前一词", "previous word"),
    Intent.NEXT_WORD: ("后一词", "next word"),
    Intent.SEND: ("发送", "send"),
    Intent.ACCEPT_AND_SEND: ("确定并发送", "accept, send"),
    Intent.TALK: ("说话", "talk"),
    Intent.TALK_END: ("说完", "end of speech"),
    Intent.TALK_DISCARD: ("丢弃", "discard"),
    Intent.REVIEW_WAIT: ("停止倒数", "stop counting"),
    Intent.REVIEW_EDIT: ("停下来改", "stop and edit"),
    Intent.REVIEW_EDIT_START: ("从头改", "edit at start"),
    Intent.REVIEW_EDIT_END: ("从尾改", "edit at end"),
    Intent.STOP: ("全停，留字", "stop, keep text"),
    Intent.HINT_STOP: ("提示 A 停", "hint: A stops"),
    Intent.MUTE_ANSWER: ("本答静音", "mute this one"),
    Intent.READ_ALOUD: ("朗读", "read aloud"),
    Intent.AGAIN: ("重答", "answer again"),
    Intent.NEW_CONVERSATION: ("新对话", "new talk"),
    Intent.START_TYPING: ("开始输入", "start typing"),
    Intent.OPEN_BOX: ("打开文本框", "open the box"),
    Intent.LEAVE_ANSWER: ("静音，离开", "silence, leave"),
    Intent.LAST_ANSWER: ("上次回答", "last answer"),
    Intent.LOCK: ("锁", "lock"),
    Intent.HISTORY: ("历史", "history"),
    Intent.MAIN_MENU: ("主菜单", "main menu"),
    Intent.SCROLL_UP: ("上滚", "scroll up"),
    Intent.SCROLL_DOWN: ("下滚", "scroll down"),
    Intent.PAGE_UP: ("上一页", "page up"),
    Intent.PAGE_DOWN: ("下一页", "page down"),
    Intent.SCROLL_END: ("到末尾", "to the end"),
    Intent.MENU_JUMP: ("第几项", "the n-th"),
    Intent.MENU_BACK: ("返回", "back"),
    Intent.MENU_HOME: ("主页", "home"),
    Intent.MENU_ENTER: ("进入", "enter"),
    Intent.MENU_CONFIRM: ("确认危险项", "confirm danger"),
    Intent.MENU_RELEASE: ("松开：复读", "let go: repeat"),
    Intent.MENU_UP: ("上移", "up"),
    Intent.MENU_DOWN: ("下移", "down"),
    Intent.MENU_PAGE_UP: ("上一页", "page up"),
    Intent.MENU_PAGE_DOWN: ("下一页", "page down"),
    Intent.ALERT_STOP: ("停", "stop"),
    Intent.ALERT_SNOOZE: ("再睡一会", "snooze"),
    Intent.ALERT_SNOOZE_FOR: ("再睡几分钟", "snooze n min"),
    Intent.SCREEN_OFF: ("熄屏", "screen off"),
    Intent.WAKE: ("只亮屏", "wakes only"),
    Intent.THINKING_MODE: ("深度思考", "thinking"),
    Intent.VOICE_ON_OFF: ("朗读开关", "voice on/off"),
    Intent.MODEL_MENU: ("模型", "model"),
    Intent.PERSONA_MENU: ("角色", "persona"),
    Intent.VOLUME_DOWN: ("音量减", "volume −"),
    Intent.VOLUME_UP: ("音量加", "volume +"),
    Intent.MUTE: ("静音", "mute"),
    Intent.SELF_TEST: ("自检", "self-test"),
}

PAD: tuple[tuple[str, Words], ...] = (
    ("1", ("，。？", "，。？")), ("2", ("abc", "abc")), ("3", ("def", "def")),
    ("A", ("停 删 返回", "stop, delete")),
    ("4", ("ghi", "ghi")), ("5", ("jkl", "jkl")), ("6", ("mno", "mno")),
    ("B", ("输入方式", "mode")),
    ("7", ("pqrs", "pqrs")), ("8", ("tuv", "tuv")), ("9", ("wxyz", "wxyz")),
    ("C", ("第二功能", "second")),
    ("*", ("左 上", "left, up")), ("0", ("空格 符号", "space, signs")),
    ("#", ("右 下", "right, down")),
    ("D", ("发送 说话", "send, talk")),
)  # fmt: skip

NOTES: tuple[Words, ...] = (
    ("长按 0.4 秒。长按 C：主菜单。", "Long: 0.4 s. Long C: main menu."),
    ("先按 C，三秒内再按：", "C, then within 3 s:"),
)
PC_KEYS: tuple[Words, ...] = (
    ("电脑上：数字键就是数字", "On a PC: digits are digits"),
    ("Esc = A   Tab = B   c = C", "Esc = A   Tab = B   c = C"),
    ("Enter = D   ← = *   → = #", "Enter = D   ← = *   → = #"),
    ("Shift + 键 = 长按", "Shift + key = long"),
    ("空格 = 开始或结束说话", "Space = talk on or off"),
    ("鼠标按住 = 按住", "The mouse holds keys"),
)
KEY_NAMES = {10: "A", 11: "B", 12: "C", 13: "D", 14: "*", 15: "#"}


class Sheet:
    """Paper, measured in font pixels and drawn `SCALE` times as large."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def box(self, x: int, y: int, width: int, height: int, fill: str = PAPER) -> None:
        corner = ((x + width) * SCALE, (y + height) * SCALE)
        self._draw.rectangle((x * SCALE, y * SCALE, *corner), fill=fill, outline=RULE, width=SCALE)

    def text(self, x: int, y: int, text: str, colour: str = INK) -> None:
        for char in text:
            glyph = body().glyph(char)
            for column in range(glyph.image.width):
                self._column(
                    x + glyph.left + column, y, glyph.image.bits >> HEIGHT * column, colour
                )
            x += glyph.advance

    def _column(self, x: int, y: int, bits: int, colour: str) -> None:
        for row in range(body().height):
            if bits >> row & 1:
                left, top = x * SCALE, (y + row) * SCALE
                corner = (left + SCALE - 1, top + SCALE - 1)
                self._draw.rectangle((left, top, *corner), fill=colour)


def say(words: Words, language: str) -> str:
    return words[0] if language == "zh" else words[1]


def cell(state: State, key: int, language: str) -> list[str]:
    """What the key does in this state: the short meaning, then the long one if it differs."""
    table = KEYMAP[state]
    short = table.get((key, Gesture.SHORT)) or table.get((key, Gesture.PRESS))
    if short and short.intent is Intent.TALK_ARM:
        short = None
    long = table.get((key, Gesture.LONG))
    lines = [_name(short, language) if short else "-"]
    if long and (short is None or long.intent is not short.intent):
        mark = "长按 " if language == "zh" else "long: "
        lines.append(mark + _name(long, language))
    return lines


def _name(action: Action, language: str) -> str:
    return say(INTENTS[action.intent], language)


def rows(language: str) -> list[list[list[str]]]:
    """The table: rows of cells of lines, the head first."""
    head = [[""], *([label] for _, label in COLUMNS)]
    return [
        head,
        *(
            [[say(words, language)], *(cell(state, key, language) for key, _ in COLUMNS)]
            for state, words in STATES.items()
        ),
    ]


DIGEST = "keymap"  # the PNG's text chunk that tells from which table it was drawn


def digest(language: str) -> str:
    """Of every word in the picture, whatever the font looks like."""
    words = (rows(language), PAD, NOTES, PC_KEYS, SECOND)
    return hashlib.sha256(repr(words).encode()).hexdigest()


def draw(language: str) -> Image.Image:
    """The whole picture."""
    table = rows(language)
    widths = [
        2 * PADDING + max(body().width(line) for row in table for line in row[column])
        for column in range(len(table[0]))
    ]
    heights = [PADDING + LINE * max(len(lines) for lines in row) for row in table]
    top = 4 * _KEY_HEIGHT + 3 * PADDING
    width = max(sum(widths), _side_x() + _PC_COLUMN + _PC_WIDTH) + 2 * PADDING
    spare = width - 2 * PADDING - sum(widths)
    widths = [own + spare // len(widths) for own in widths]
    sheet = Sheet(width, top + sum(heights) + 2 * PADDING)
    _pad(sheet, language)
    _side(sheet, _side_x(), language)
    _table(sheet, top, table, widths, heights)
    return sheet.image


_KEY_WIDTH, _KEY_HEIGHT = 84, 34
_PC_COLUMN, _PC_WIDTH = 196, 160


def _side_x() -> int:
    return 4 * _KEY_WIDTH + 4 * PADDING


def _pad(sheet: Sheet, language: str) -> None:
    for index, (key, words) in enumerate(PAD):
        x = PADDING + index % 4 * _KEY_WIDTH
        y = PADDING + index // 4 * _KEY_HEIGHT
        sheet.box(x, y, _KEY_WIDTH - 3, _KEY_HEIGHT - 3, SHADE if key.isalpha() else PAPER)
        sheet.text(x + PADDING, y + 3, key)
        sheet.text(x + PADDING, y + 3 + LINE, say(words, language), QUIET)


def _side(sheet: Sheet, x: int, language: str) -> None:
    """The notes, the second functions in two columns, the keys of a PC."""
    y = PADDING + 2
    for words in NOTES:
        sheet.text(x, y, say(words, language))
        y += LINE
    half = (len(SECOND) + 1) // 2
    for index, (key, action) in enumerate(SECOND.items()):
        name = KEY_NAMES.get(key, str(key))
        place = (x + index // half * 96, y + index % half * LINE)
        sheet.text(*place, f"{name} {_name(action, language)}", QUIET)
    y = PADDING + 2
    for words in PC_KEYS:
        sheet.text(x + _PC_COLUMN, y, say(words, language), QUIET)
        y += LINE


def _table(
    sheet: Sheet,
    y: int,
    table: Sequence[Sequence[Sequence[str]]],
    widths: Sequence[int],
    heights: Sequence[int],
) -> None:
    for row_index, row in enumerate(table):
        x = PADDING
        for column, lines in enumerate(row):
            shaded = row_index == 0 or column == 0
            sheet.box(x, y, widths[column], heights[row_index], SHADE if shaded else PAPER)
            for number, line in enumerate(lines):
                colour = QUIET if number else INK
                sheet.text(x + PADDING, y + 3 + number * LINE, line, colour)
            x += widths[column]
        y += heights[row_index]


def main() -> int:
    """Write both pictures."""
    for language, place in PICTURES.items():
        note = PngInfo()
        note.add_text(DIGEST, digest(language))
        draw(language).quantize(16).save(place, optimize=True, pnginfo=note)
        print(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
