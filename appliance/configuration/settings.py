"""One declaration per setting: the OLED menu, the TOML file, the overlay in SQLite follow it.

`SETTINGS` is the schema. Defaults come from it, `/etc/lory/lory.toml` overrides them and is never
written by the box; what the user changes on the device is an overlay kept in `lory.db`.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from appliance.errors import LoryError
from drivers.keypads import KINDS
from ui.strings import Text

log = logging.getLogger("lory.settings")

Value = bool | int | float | str


class SettingError(LoryError, ValueError):
    """A value that the schema does not allow, or a key it does not know."""


class Applies(Enum):
    """When a value that was changed on the device takes effect."""

    NOW = auto()  # at once, or with the next thing it concerns
    LLM = auto()  # the language model is loaded anew
    AUDIO = auto()  # microphone and speaker are opened anew
    RESTART = auto()  # when the box starts the next time


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `key` is `section.name`, as in the TOML file.

    `choices` bounds text and number settings alike; `low`, `high`, `step` bound numbers.
    `menu` puts it on the device. `zh` and `en` name it there; `unit` follows its value, but for
    values that `names` names. `applies` says when a change takes effect.
    """

    key: str
    default: Value
    zh: str
    en: str
    choices: tuple[Value, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float = 1
    unit: str = ""
    menu: bool = True
    names: Mapping[Value, Text] = field(default_factory=dict)
    applies: Applies = Applies.NOW

    @property
    def section(self) -> str:
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        return self.key.partition(".")[2]

    def check(self, value: object) -> Value:
        """`value` as this setting's type.

        Raises:
            SettingError: another type, or outside the range or the choices.
        """
        kind = type(self.default)
        if kind is float and type(value) is int and abs(value) <= _WHOLE_FLOATS:
            value = float(value)
        if type(value) is not kind:
            raise SettingError(f"{self.key} must be {_TYPE_NAMES[kind]}, not {_shown(value)}")
        if self.choices and value not in self.choices:
            allowed = ", ".join(str(choice) for choice in self.choices)
            raise SettingError(f"{self.key} must be one of {allowed}, not {_shown(value)}")
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._check_range(value)
        return value

    def _check_range(self, value: float) -> None:
        # Written so that NaN fails too.
        if self.low is not None and not value >= self.low:
            raise SettingError(f"{self.key} must be at least {self.low:g}, not {_shown(value)}")
        if self.high is not None and not value <= self.high:
            raise SettingError(f"{self.key} must be at most {self.high:g}, not {_shown(value)}")


_WHOLE_FLOATS = 1 << 53  # above, whole numbers are not floats' own any more
_SHOWN = 60


def _shown(value: object) -> str:
    """A wrong value, for people: short, whatever somebody wrote."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits; nested without end
        text = f"something of type {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_TYPE_NAMES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
}

_NEVER: dict[Value, Text] = {0: Text("从不", "never")}

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "ui.language",
        "zh",
        "界面语言",
        "Language",
        choices=("zh", "en"),
        names={"zh": Text("中文", "中文"), "en": Text("English", "English")},
    ),
    Setting("ui.hints", True, "按键提示", "Key hints"),
    Setting(
        "ui.dim_after",
        60,
        "多久变暗",
        "Dim after",
        low=0,
        high=3600,
        step=30,
        unit="s",
        names=_NEVER,
    ),
    Setting(
        "ui.life_after",
        180,
        "多久屏保",
        "Saver after",
        low=0,
        high=36000,
        step=60,
        unit="s",
        names=_NEVER,
    ),
    Setting(
        "ui.off_after",
        600,
        "多久熄屏",
        "Off after",
        low=0,
        high=36000,
        step=60,
        unit="s",
        names=_NEVER,
    ),
    Setting("ui.contrast", 160, "亮度", "Contrast", low=1, high=255, step=32),
    Setting("ui.invert", False, "反白显示", "Inverted glass"),
    Setting("ui.rotate", False, "旋转180度", "Rotate 180°"),
    Setting("ime.rerank", True, "大模型帮选句", "LLM helps"),
    Setting("voice.enabled", True, "朗读回答", "Read aloud"),
    Setting("voice.name", "", "嗓音", "Voice"),
    Setting("voice.speed", 1.0, "语速", "Speed", low=0.5, high=2.0, step=0.1, unit="×"),
    Setting("audio.volume", 0.8, "音量", "Volume", low=0.0, high=1.0, step=0.1, unit="%"),
    Setting(
        "audio.ceiling",
        1.0,
        "最大音量",
        "Loudest",
        low=0.1,
        high=1.0,
        step=0.1,
        unit="%",
        menu=False,
    ),
    Setting("audio.muted", False, "静音", "Mute"),
    Setting("audio.microphone", "", "麦克风", "Microphone", applies=Applies.AUDIO),
    Setting("audio.speaker", "", "扬声器", "Speaker", applies=Applies.AUDIO),
    Setting("audio.chimes", True, "提示音", "Chimes"),
    Setting("audio.preroll", True, "预录", "Pre-roll"),
    Setting(
        "audio.review",
        2.0,
        "发送前等",
        "Wait to send",
        low=-1.0,
        high=10.0,
        step=1,
        unit="s",
        names={-1.0: Text("等D", "till D"), 0.0: Text("不等", "no")},
    ),
    Setting(
        "talk.key",
        "hold",
        "长按D",
        "Hold D",
        choices=("hold", "tap"),
        names={
            "hold": Text("松开结束", "until released"),
            "tap": Text("说完自停", "until silence"),
        },
    ),
    Setting(
        "talk.follow_up",
        0.0,
        "答完接着听",
        "Listen again",
        low=0.0,
        high=15.0,
        step=1,
        unit="s",
        names={0.0: Text("关", "off")},
    ),
    Setting("talk.gain", True, "自动增益", "Automatic gain"),
    Setting(
        "talk.onset",
        0.128,
        "开口判定",
        "Speech start",
        low=0.032,
        high=0.512,
        step=0.032,
        unit="s",
        menu=False,
    ),
    Setting(
        "talk.hangover",
        0.4,
        "停顿判定",
        "Speech end",
        low=0.16,
        high=3.2,
        step=0.08,
        unit="s",
        menu=False,
    ),
    Setting(
        "talk.shortest",
        0.25,
        "最短话语",
        "Shortest word",
        low=0.05,
        high=1.0,
        step=0.05,
        unit="s",
        menu=False,
    ),
    Setting(
        "talk.longest",
        300.0,
        "最长话语",
        "Longest talk",
        low=10.0,
        high=600.0,
        step=10,
        unit="s",
        menu=False,
    ),
    Setting("talk.wake", False, "语音唤醒", "Wake word"),
    Setting("talk.wake_phrase", "你好小鹿", "唤醒词", "Wake phrase", menu=False),
    Setting("talk.wake_score", 0.8, "唤醒门槛", "Least score", low=0.5, high=1.0, step=0.05),
    Setting("asr.two_pass", True, "两遍识别", "Two passes", menu=False),
    Setting("asr.hot_words", "", "热词", "Hot words", menu=False),
    Setting("asr.server", "", "FunASR服务器", "FunASR server", menu=False),
    Setting(
        "asr.server_kind",
        "cpp",
        "FunASR服务器种类",
        "FunASR server's kind",
        choices=("cpp", "python"),
        menu=False,
    ),
    Setting("llm.thinking", False, "深度思考", "Thinking mode"),
    Setting("llm.max_tokens", 384, "回答上限", "Length", low=32, high=2048, step=32, unit="tok"),
    Setting(
        "llm.context",
        4096,
        "上下文",
        "Context",
        low=512,
        high=32768,
        step=512,
        unit="tok",
        applies=Applies.LLM,
    ),
    Setting("persona.name", "lory", "角色", "Persona", menu=False),
    Setting(
        "models.residency",
        "auto",
        "模型常驻",
        "Engines in memory",
        choices=("auto", "together", "turns"),
        menu=False,
    ),
    Setting("models.llm", "", "语言模型", "LLM", menu=False),
    Setting("models.asr", "", "识别模型", "ASR model", menu=False),
    Setting("models.tts", "", "语音模型", "TTS model", menu=False),
    Setting("models.vad", "", "端点模型", "VAD model", menu=False),
    Setting(
        "compute.threads",
        0,
        "线程数",
        "Threads",
        low=0,
        high=64,
        names={0: Text("所有大核", "all big cores")},
        applies=Applies.RESTART,
    ),
    Setting(
        "power.frugal",
        "auto",
        "安静省电",
        "Quiet and frugal",
        choices=("auto", "on", "off"),
        names={"auto": Text("自动", "auto"), "on": Text("开", "on"), "off": Text("关", "off")},
    ),
    Setting("power.empty", 4.0, "关机电量", "Shut down at", low=1, high=50, unit="%", menu=False),
    Setting(
        "power.gauge",
        "auto",
        "电量计",
        "Fuel gauge",
        choices=("auto", "i2c", "system", "none"),
        menu=False,
    ),
    Setting("clock.chip", "auto", "时钟芯片", "Clock chip", choices=("auto", "none"), menu=False),
    Setting("lock.code", "", "锁", "Lock", menu=False),
    Setting("display.bus", 1, "显示总线", "Display bus", low=0, high=255, menu=False),
    Setting(
        "display.address", 0x3C, "显示地址", "Display address", choices=(0x3C, 0x3D), menu=False
    ),
    Setting(
        "display.chip",
        "ssd1306",
        "显示芯片",
        "Display chip",
        choices=("ssd1306", "ssd1309", "sh1106"),
        menu=False,
    ),
    Setting(
        "display.frame_rate",
        30,
        "帧率上限",
        "Frame rate",
        low=5,
        high=120,
        step=5,
        unit="fps",
        applies=Applies.RESTART,
    ),
    Setting(
        "keypad.kind",
        "i2c",
        "键盘类型",
        "Keypad kind",
        choices=tuple(KINDS),
        menu=False,
    ),
    Setting("keypad.bus", 1, "键盘总线", "Keypad bus", low=0, high=255, menu=False),
    Setting("keypad.address", 0x27, "键盘地址", "Keypad address", low=0x03, high=0x77, menu=False),
    Setting("keypad.layout", "", "键位", "Key layout", menu=False),
    Setting("keypad.device", "", "键盘设备", "Keypad device", menu=False),
    Setting("console.device", "", "串口控制台", "Service console", menu=False),
    Setting(
        "console.baud", 115200, "串口波特率", "Console baud rate", low=300, high=4000000, menu=False
    ),
)

LOCK = "lock.code"
"""Four digits that lock what can be changed on the device; empty: there is no lock."""
UNLOCKED = ("audio.volume", "audio.muted", "voice.enabled", "llm.thinking")
"""What a locked box still lets anybody turn."""

SCHEMA: dict[str, Setting] = {setting.key: setting for setting in SETTINGS}


class Keeper(Protocol):
    """Where what was changed on the device lasts. Never blocks on the disk."""

    def store_setting(self, key: str, value: Value) -> None: ...

    def reset_setting(self, key: str) -> None: ...


Call = Callable[[], object]

_MOST_CHANGES = 100
"""That may follow from one: watchers that never come to rest are left alone."""


class Settings:
    """The values in force: schema defaults, then the file, then what was changed on the device.

    A change is stored and announced here and nowhere else. `keeper` makes it last; without one it
    holds while the box runs.
    """

    def __init__(
        self, file: Mapping[str, Value] | None = None, overlay: Mapping[str, Value] | None = None
    ) -> None:
        self.keeper: Keeper | None = None
        self.guard: Callable[[], bool] = lambda: True  # whether what stays may be changed
        self._file = dict(file or {})
        self._overlay = dict(overlay or {})
        self._watchers: list[tuple[frozenset[str], Call]] = []
        self._changed: deque[str] = deque()
        self._announcing = False

    def __getitem__(self, key: str) -> Value:
        for layer in (self._overlay, self._file):
            if key in layer:
                return layer[key]
        return SCHEMA[key].default

    def flag(self, key: str) -> bool:
        return bool(self[key])

    def integer(self, key: str) -> int:
        return int(self[key])

    def number(self, key: str) -> float:
        return float(self[key])

    def text(self, key: str) -> str:
        return str(self[key])

    def change(self, key: str, value: object, *, lasting: bool = True) -> None:
        """Set on the device: now, and for good unless it is not `lasting`.

        Raises:
            SettingError: not allowed by the schema.
        """
        before, checked = self[key], SCHEMA[key].check(value)
        if key not in UNLOCKED and not self.guard():
            return
        self._overlay[key] = checked
        if lasting and self.keeper is not None:
            self.keeper.store_setting(key, checked)
        self._announce(key, before)

    def reset(self, key: str) -> None:
        """Forget what was set on the device."""
        before = self[key]
        if not self.guard():
            return
        self._overlay.pop(key, None)
        if self.keeper is not None:
            self.keeper.reset_setting(key)
        self._announce(key, before)

    def watch(self, keys: Iterable[str], call: Call) -> Call:
        """Call whenever the value of one of the keys in force has changed; returns what ends that.

        Watchers are called one after the other in the order of their coming, once a change. What
        one of them changes is in force at once, and announced when all have heard of what was
        before. One that raises is logged. Raises KeyError for an unknown key.
        """
        watcher = (frozenset(SCHEMA[key].key for key in keys), call)
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def _announce(self, key: str, before: Value) -> None:
        if self[key] == before:
            return
        self._changed.append(key)
        if self._announcing:
            return
        self._announcing = True
        try:
            for _ in range(_MOST_CHANGES):
                if not self._changed:
                    return
                self._tell(self._changed.popleft())
            log.error("changing %s never comes to rest", ", ".join(self._changed))
            self._changed.clear()
        finally:
            self._announcing = False

    def _tell(self, key: str) -> None:
        for keys, call in tuple(self._watchers):
            if key in keys:
                try:
                    call()
                except Exception:
                    log.exception("a watcher of %s failed", key)

    def adopt(self, stored: Mapping[str, Value]) -> dict[str, str]:
        """Take what was changed on the device before; what no longer fits, and why, by key.

        Nobody is told: call it before anybody watches.
        """
        complaints = {}
        for key, value in stored.items():
            try:
                if key not in SCHEMA:
                    raise SettingError(f"unknown setting {key}")
                self._overlay[key] = SCHEMA[key].check(value)
            except SettingError as error:
                complaints[key] = str(error)
        return complaints

    def __iter__(self) -> Iterator[tuple[Setting, Value]]:
        return ((setting, self[setting.key]) for setting in SETTINGS)


def step_value(setting: Setting, value: Value, direction: int) -> Value:
    """The next (`direction` 1) or previous (-1) value in the menu; ends wrap for choices."""
    if isinstance(value, bool):
        return not value
    if setting.choices:
        index = setting.choices.index(value) if value in setting.choices else 0
        return setting.choices[(index + direction) % len(setting.choices)]
    if isinstance(value, str):
        return value
    low = setting.low if setting.low is not None else float("-inf")
    high = setting.high if setting.high is not None else float("inf")
    moved = min(high, max(low, value + direction * setting.step))
    return int(moved) if isinstance(value, int) else round(moved, 6)
