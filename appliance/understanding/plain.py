"""A text as the rules read it: one way to write each sign, and every place where it was.

Widths, cases and traditional writing differ between keyboards and recognisers and mean the same.
Each character stands for exactly one, so that a span in the plain text is one in the user's.
"""

from __future__ import annotations

import re

LONGEST = 20_000
"""Characters that are looked at: no request is longer."""

_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_UPPER = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_WIDE_UPPER = {chr(code): chr(code - 0xFEE0 + 32) for code in range(0xFF21, 0xFF3B)}
# Only what the rules look for: the user's words are quoted from the text itself.
_TRADITIONAL = dict(
    zip(
        "點鐘鍾鬧時後週個兩幾號禮請過設計開關聲嗎這農曆節氣萬億現間從條剩還對倒數刪除銷醒響"
        "訂鈴會給鬆緊說話講誰問題樣變換選擇頁買東歲紀國華攝裡裏裡邊錄單記憶檢餘減增長縮復繼續暫"
        "調態溫電視腦存儲內語聽嗓簡繁麼嗎哪儘將幫煩讓該與當晝陰陽歷頭餐飯藥課業麵貳參陸乘積總",
        "点钟钟闹时后周个两几号礼请过设计开关声吗这农历节气万亿现间从条剩还对倒数删除销醒响"
        "订铃会给松紧说话讲谁问题样变换选择页买东岁纪国华摄里里里边录单记忆检余减增长缩复继续暂"
        "调态温电视脑存储内语听嗓简繁么吗哪尽将帮烦让该与当昼阴阳历头餐饭药课业面贰叁陆乘积总",
        strict=True,
    )
)
_SIGNS = {
    **_TRADITIONAL,
    **_UPPER,
    **_WIDE,
    **_WIDE_UPPER,
    **{
        "　": " ",
        " ": " ",
        "\t": " ",
        "\r": " ",
        "\n": " ",
        "：": ":",
        "，": ",",
        "。": ".",
        "、": ",",
    },
    **{
        "！": "!",
        "？": "?",
        "；": ";",
        "（": "(",
        "）": ")",
        "～": "~",
        "—": "-",
        "–": "-",
        "−": "-",
    },
    **{"“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "’": "'", "‘": "'"},
    **{
        "×": "*",
        "✕": "*",
        "÷": "/",
        "＋": "+",
        "％": "%",
        "○": "〇",
        "倆": "俩",
        "號": "号",
        "著": "着",
    },
}
_TABLE = str.maketrans(_SIGNS)
# Controls, and the private signs that a sketch is written with.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff]"
)


def plain(text: str) -> str:
    """`text` in half width, lower case, simplified, without controls; as long as it was, and never
    longer than `LONGEST`."""
    return _UNSEEN.sub(" ", text[:LONGEST].translate(_TABLE))


def clean(text: str) -> str:
    """The user's own words, fit to be kept and shown: no controls, no marks at the ends."""
    return " ".join(_UNSEEN.sub(" ", text).split()).strip(" ,，。.!！?？;；、:：\"'“”‘’「」『』")
