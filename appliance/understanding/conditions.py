"""你热不热, 内存还剩多少, 电池还有多少, 开机多久了: how the box is."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from appliance.understanding.courtesies import bare
from appliance.understanding.plain import plain


class Condition(Enum):
    HEAT = "heat"
    MEMORY = "memory"
    STORAGE = "storage"
    BATTERY = "battery"
    UPTIME = "uptime"
    ALL = "all"


_YOU = r"(?:你|机器|设备|盒子|系统|芯片|处理器|cpu|主板|主机|本机|板子|soc|机身)"
_NOW = r"(?:现在|目前|当前|今天|已经|一共|总共|的|都|还)*"
_HOW = (
    r"(?:还)?(?:剩下?|有|用了|占了?|够用?|是|多)?(?:多少|多大|几|够不够|够吗|多不多|怎么样"
    r"|够用吗|满了吗|情况)(?:空间|电|容量|g|兆|内存)?(?:可用|可以用|能用)?"
)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Condition], ...]:
    return tuple(
        (re.compile(rule), condition)
        for rule, condition in (
            (
                rf"{_YOU}?{_NOW}(?:的)?(?:电池|电量)(?:电量)?{_NOW}{_HOW}"
                rf"|{_YOU}?{_NOW}(?:还)?(?:剩下?|有)?(?:多少|几)(?:格)?电(?:量)?"
                rf"|{_YOU}?(?:还)?有电吗?|电池状态|{_YOU}?{_NOW}(?:的)?电量",
                Condition.BATTERY,
            ),
            (
                rf"{_YOU}{_NOW}(?:的)?(?:热不热|烫不烫|热吗?|烫吗?|发热吗?|发烫吗?|是不是很热"
                rf"|温度(?:是|有)?(?:多少|多高|高吗?|高不高|怎么样)?(?:度)?|多少度|几度)",
                Condition.HEAT,
            ),
            (
                rf"{_YOU}?{_NOW}(?:的)?(?:运行)?内存{_NOW}{_HOW}|{_YOU}?内存(?:占用|使用率"
                rf"|使用情况)(?:是)?(?:多少)?",
                Condition.MEMORY,
            ),
            (
                rf"{_YOU}?{_NOW}(?:的)?(?:存储空间|存储|硬盘|磁盘|空间|存储卡|剩余空间|闪存)(?:空间"
                rf"|容量)?{_NOW}{_HOW}|{_YOU}?(?:还)?(?:剩下?|有)多少(?:存储)?空间",
                Condition.STORAGE,
            ),
            (
                rf"{_YOU}?{_NOW}(?:开机|运行|启动|工作|开着|开)(?:了)?(?:有)?(?:多久|多长时间"
                rf"|几个?小时|多少(?:天|小时))",
                Condition.UPTIME,
            ),
            (
                rf"{_YOU}(?:的)?{_NOW}(?:状态|身体|健康)(?:怎么样|如何|好吗?|还好吗?)|系统状态"
                rf"|(?:查看|看看|看一下|报告)(?:系统|机器|设备)?状态|{_YOU}的?状态",
                Condition.ALL,
            ),
            (
                r"(?:what's |what is |how's |check )?(?:the |your )?battery(?: level| status"
                r"| left)?"
                r"|how much battery (?:is left|do you have|is there)",
                Condition.BATTERY,
            ),
            (
                r"(?:are you (?:hot|too hot|warm)|how hot are you|what(?:'s| is) (?:your"
                r"|the cpu) temperature)",
                Condition.HEAT,
            ),
            (
                r"how much (?:memory|ram) (?:is (?:left|free|used)|do you have|is there)(?: left)?"
                r"|(?:your |the )?memory usage",
                Condition.MEMORY,
            ),
            (
                r"how much (?:storage|disk space|space|disk) (?:is (?:left|free|used)|do you have"
                r"|is there)(?: left)?",
                Condition.STORAGE,
            ),
            (
                r"(?:how long have you been (?:on|up|running)|(?:what(?:'s| is) )?(?:your "
                r"|the )?uptime)",
                Condition.UPTIME,
            ),
            (r"(?:system |your )?status|how are your systems", Condition.ALL),
        )
    )


def parse(text: str) -> Condition | None:
    """What of the box is asked for; None where something else is said."""
    flat = plain(text)
    if len(flat) > 60:
        return None
    whole = flat.strip(" ,.!?~")
    body = bare(flat, any("\u3400" <= sign <= "\u9fff" for sign in flat))
    for said in (whole, flat[body.start : body.end]):
        for rule, condition in _rules():
            if rule.fullmatch(said):
                return condition
    return None
