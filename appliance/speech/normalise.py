"""Text as the model writes it to text as a voice can read it: no digits, symbols or markup.

One table after the other: markup, then what has a form of its own (addresses, dates, times,
telephones, money, units, formulas), then the numbers that are left, then marks that make pauses.
Own tables, because wetext 0.1.8 reads 12.5 as a date, 500mL as 五百米L, 2次 as 二次, 1,234,567 as
three numbers, and takes 53 MB; it knew neither ￥ nor versions.
"""

from __future__ import annotations

import re
import unicodedata

from appliance.speech import markdown
from appliance.speech.numbers import cardinal, number, spell
from appliance.speech.orthography import simplified
from appliance.speech.rules import Rules, apply, rules

_Match = re.Match[str]

_N = r"\d+(?:\.\d+)?"
_DASH = r"\s*[-–—~～]\s*"
_SCALE = r"(?:\s*(?:百万|千万|万亿|[十百千万亿]|million|billion|thousand))?"
_ALONE = r"(?<![\d.])"  # no digit of the same number stands before
_TYPED = r"(?<![A-Za-z\d.])"  # nor is it part of a name: Qwen2.5-1.5B
_END = r"(?![\d.]*\d)"  # nor after

# ---------------------------------------------------------------- characters

_CHARACTERS = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)},
        **{
            chr(code): chr(code - 0xFEE0)
            for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
        },
        **dict(zip("＋－＊／＝＜＞％＃＆＠＄｜＿＾．", "+-*/=<>%#&@$|_^.", strict=True)),
        **dict.fromkeys("−‐‑‒", "-"),
        **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
        **{"￥": "¥", "℃": "°C", "℉": "°F", "´": "'", "’": "'", "‘": "'", "\r": "\n", "\x00": ""},
        **{"½": "二分之一", "⅓": "三分之一", "⅔": "三分之二", "¼": "四分之一", "¾": "四分之三"},
        **{chr(0x2160 + i): cardinal(str(i + 1)) for i in range(12)},
        **{chr(0x2460 + i): f"{cardinal(str(i + 1))}，" for i in range(20)},
        # Two letters in one: ㎡, ㎏, ㎞, №.
        **{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x3380, 0x33E0)},
        **{"㎡": "m²", "㎥": "m³", "№": "No."},
    }
)

_UNITS = {
    **{"GHz": "吉赫兹", "MHz": "兆赫兹", "kHz": "千赫兹", "KHz": "千赫兹", "Hz": "赫兹"},
    **{"kWh": "千瓦时", "mAh": "毫安时", "kW": "千瓦", "mW": "毫瓦", "MW": "兆瓦", "W": "瓦"},
    **{"mV": "毫伏", "kV": "千伏", "V": "伏", "mA": "毫安", "Ω": "欧姆", "kΩ": "千欧"},
    **{"Mbps": "兆比特每秒", "Gbps": "吉比特每秒", "kbps": "千比特每秒", "fps": "帧每秒"},
    **{"KB": "K B", "kB": "K B", "MB": "兆字节", "GB": "G B", "TB": "T B", "dB": "分贝"},
    **{"km/h": "公里每小时", "m/s²": "米每二次方秒", "m/s": "米每秒", "rpm": "转每分钟"},
    **{"km²": "平方公里", "m²": "平方米", "cm²": "平方厘米", "m³": "立方米", "cm³": "立方厘米"},
    **{"km": "公里", "cm": "厘米", "mm": "毫米", "μm": "微米", "µm": "微米", "nm": "纳米"},
    **{"m": "米", "dm": "分米", "ft": "英尺", "kg": "公斤", "mg": "毫克", "μg": "微克"},
    **{"g": "克", "t": "吨", "lb": "磅", "mL": "毫升", "ml": "毫升", "L": "升", "l": "升"},
    **{"ms": "毫秒", "s": "秒", "min": "分钟", "h": "小时", "°C": "摄氏度", "°F": "华氏度"},
    **{"°": "度", "kcal": "千卡", "kJ": "千焦", "J": "焦耳", "N": "牛", "Pa": "帕"},
    **{"kPa": "千帕", "hPa": "百帕", "mmHg": "毫米汞柱", "ppm": "ppm", "mol": "摩尔"},
    **{"px": "像素", "dpi": "dpi", "″": "英寸", "K": "K"},
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))

# What is counted with 两, not 二.
_MEASURES = (
    "个|位|只|条|张|本|次|种|倍|天|年(?!级)|周(?!年)|小时|分钟|秒|杯|碗|瓶|台|辆|块|件|份|名|口|双|对|家"
    "|间|层|步|米|公里|厘米|毫米|升|毫升|斤|公斤|克|吨|元|美元|欧元|英镑|人|句|段|篇|首|部|支|把|盒|袋"
    "|包|片|颗|粒|棵|朵|头|匹|座|所|门|节|遍|趟|场|轮|组|套|项|类|款|国|字|桶|勺|根|滴|成|夜|晚|代|点|岁|毛|顿|户|道|分(?=钱|球)|股|批|排|队|桌|床|箱|卷|串|束|捆|壶|锅|盘|罐|扇|幅|枚"
    "|集|页|株|艘|架|封|伙|处|针|任|行|瓣|辈子|票|丛|局|盏|筒|幕|圈|声|站|帧|格|稿|面|列|顶|具|笼|屉|寸|尺|剂|丝|缕"
    "|阵|幢|栋|尊|副|根|堂|筐|篮|盆|缸|亩|里(?!面)|公顷|英里|英尺|英寸|拨|群|笔|角(?=钱)|平方|立方|刻钟|餐|味药"
)

# ---------------------------------------------------------------- addresses, dates, telephones


def _dotted(match: _Match) -> str:
    return spell(match[0]).replace(".", "点")


def _mail(match: _Match) -> str:
    return spell(match[0]).replace("@", "艾特").replace(".", "点")


def _telephone(match: _Match) -> str:
    return spell(re.sub(r"[-\s（()）]+", " ", match[0]).strip(), one="幺").replace("+", "加")


def _hotline(match: _Match) -> str:
    return match[1] + spell(match[2], one="幺")


def _mobile(match: _Match) -> str:
    country = "加八六 " if match[1] else ""
    return country + spell(f"{match[2]} {match[3]} {match[4]}", one="幺")


def _date(match: _Match) -> str:
    year, month, day = match[1], int(match[3]), int(match[4])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return _dotted(match)
    return f"{spell(year)}年{month}月{day}日"


def _years(match: _Match) -> str:
    return f"{spell(match[1])}到{spell(match[2])}"


def _day(match: _Match) -> str:
    """5/12 is a fraction, 11/24 a day; 10/15 of something is a fraction too."""
    return f"{match[1]}月{match[2]}日" if int(match[1]) > 9 else match[0]


def _clock(hour: str, minute: str, second: str | None) -> str:
    spoken = "两点" if int(hour) == 2 else cardinal(hour) + "点"
    if int(minute) or second:
        spoken += ("零" if minute[0] == "0" and int(minute) else "") + cardinal(minute) + "分"
    return spoken + (cardinal(second) + "秒" if second else "")


def _time(match: _Match) -> str:
    half = {"a": "上午", "p": "下午"}.get((match[4] or "").lower(), "")
    return half + _clock(match[1], match[2], match[3])


def _half_day(match: _Match) -> str:
    hour = "两" if match[1] == "2" else cardinal(match[1])
    return ("上午" if match[2] in "aA" else "下午") + hour + "点"


_MINUTES = r"([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?"

# What is counted, weighed or paid stands behind: the number says how much, not which.
_COUNTED = (
    rf"(?=\s*[十百千万亿多余几]*\s*(?:{_MEASURES}|元|块|港|日元|人民币|股|字|票|公|平|英|亿|万|大卡|千卡|卡|度"
    r"|瓦|伏|毫|转|单词|美金))"
)
_RATIO = (
    r"(?:比例尺?|比率|比值|[配之混合性占]合?比|赔率|汇率|长宽比|宽高比|画幅|纵横比|传动比|按照?|以)"
)
_MIXED = (
    r"的?(?:比例|比率|配比|比值|稀释|勾兑|兑水|兑换|混合|调配?|配(?!送)|兑|缩小|放大|缩放|赔率|比|模型|还原|复刻"
    r"|溶液)"
)
_WINS = (
    r"(?:战胜|击败|获胜|取胜|险胜|完胜|全胜|大胜|小胜|胜|领先|落后|负于|不敌|惨败|败|横扫|逆转|淘汰|战平"
    r"|打平|大比分|总比分|的?比分|轻取|力克|赢|输)"
)
_OF_A_DAY = (
    r"(?:早|晚|上午|下午|中午|会议|航班|票|活动|作业|日程|课|班|飞机|火车|高铁|生日|考试|比赛)"
)
_PORTION = r"(占|约|剩下?|有|超过|不到|接近|大约|只有|至少|完成了?|达到?|喝了?|吃了?|用了?|花了?)"


def _score(match: _Match) -> str:
    return f"{cardinal(match[1])}比{cardinal(match[2])}"


def _ratio(match: _Match) -> str:
    return f"{match[1]}{number(match[2])}比{number(match[3])}"


def _fraction(match: _Match) -> str:
    return f"{cardinal(match[2])}分之{cardinal(match[1])}"


def _portion(match: _Match) -> str:
    return f"{match[1]}{cardinal(match[3])}分之{cardinal(match[2])}"


def _digits(match: _Match) -> str:
    return match[1] + spell(match[2])


# Numbers of services: emergencies, telephone companies, banks and shops.
_SHORT = r"1(?:1[0479]|2[02])|100(?:00|10|50|86)|12[13]\d\d|9[56]\d{3}(?<!00)"

_FORMS = rules(
    (r"\d{17,}", lambda m: spell(m[0])),
    # ratios and scores, which look like times and ranges
    (
        rf"({_RATIO}(?:是|为|约|大约|大概|差不多|接近|等于|达到?|[:：])*\s*)({_N})[:：]({_N})(?![\d:：])",
        _ratio,
    ),
    (rf"((?:和|与|跟|比)[^，。；！？\d]{{1,12}}(?:是|为)\s*)({_N})[:：]({_N})(?![\d:：])", _ratio),
    (rf"(?<![\d.:：])()({_N})[:：]({_N})(?={_MIXED})", _ratio),
    (rf"(?<![\d:：.])(\d{{1,3}})\s*[-:：–]\s*(\d{{1,3}})(?=\s*{_WINS})", _score),
    (
        rf"([胜负平败赢输](?:了|个)*|[先后])\s*(\d{{1,2}})[-–](\d{{1,2}})(?![\d-]|{_COUNTED})",
        lambda m: f"{m[1]}{cardinal(m[2])}比{cardinal(m[3])}",
    ),
    (rf"(?<![\d/])(\d{{1,4}})/([1-9]\d{{0,4}})(?=的(?!{_OF_A_DAY}))(?![\d/])", _fraction),
    (rf"{_PORTION}(\d{{1,4}})/([1-9]\d{{0,4}})(?![\d/月日])", _portion),
    (r"[\w.+-]+@[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)+", _mail),
    (r"(?<![\w.])[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)*\.(?:com|cn|org|net|io|ai|edu|gov|top)\b", _dotted),
    # dates
    (_ALONE + r"([12]\d{3})([-/.])(\d{1,2})\2(\d{1,2})" + _END, _date),
    (_ALONE + r"((?:19|20)\d\d)[-/](0[1-9]|1[0-2])(?![-\d./])", r"\1年\2月"),
    (
        rf"{_ALONE}(1\d{{3}}|20\d\d){_DASH}(1\d{{3}}|20\d\d)(?!\d)(?!(?!\s*年){_COUNTED}|\s*(?:{_UNIT}))",
        _years,
    ),
    (_ALONE + r"(1[1-9]\d\d|20\d\d)\s*(?=年(?![前后来多]|的?历史))", lambda m: spell(m[1])),
    (_ALONE + r"(1[0-2]|[1-9])/(3[01]|[12]\d)(?![\d/%])", _day),
    # scores and times of day
    (r"(?<=比分)(?:是|为)?\s*(\d+)[:：-](\d+)", r"\1比\2"),
    (r"(\d+)[:：](\d+)(?=\s*(?:战胜|击败|获胜|取胜|领先|大胜|负于|不敌))", r"\1比\2"),
    (rf"({_MINUTES}){_DASH}(?={_MINUTES})", r"\1到"),
    (rf"(?<![\d:：]){_MINUTES}\s*(?:([AaPp])\.?[Mm]\.?)?(?![\d:：])", _time),
    (r"(?<!\d)(1[0-2]|[1-9])\s*([AaPp])\.?[Mm]\b\.?", _half_day),
    (rf"(?<![\d.])({_N})[:：]({_N})(?![\d.]*[:：\d])", r"\1比\2"),
    # telephones, codes
    (r"(?<!\d)(\+?86[-\s]?)?(1[3-9]\d)[-\s]?(\d{4})[-\s]?(\d{4})(?!\d)", _mobile),
    (
        r"(?<!\d)(?:\+86[-\s]?\d{2,3}|[（(]0\d{2,3}[）)]|0\d{2,3})[-\s]?\d{7,8}(?!\d)"
        rf"|(?<!\d)[48]00-?\d{{3,4}}-?\d{{3,4}}(?!\d|{_COUNTED})",
        _telephone,
    ),
    (r"(?<!\d)(\d{3,5})(?=网站|网上|客服|热线|投诉|急救)", lambda m: spell(m[1], one="幺")),
    (
        r"((?:电话|热线|拨打|致电|拨|打)(?:号码)?[是为:：\s]*)(\d{3,12})(?![\d.分折个%]|"
        + _COUNTED
        + ")",
        _hotline,
    ),
    (
        r"((?:邮编|编号|编码|密码|验证码|房间|房号|学号|工号|账号|卡号|尾号|号码|代码|代号|航班|车次"
        r"|车牌|端口|门牌|QQ|ID|微信|群号?)(?:群|号|是|为|:|：|\s)*[A-Za-z]*)(\d{2,})(?!\.?\d)",
        _digits,
    ),
    # the short numbers of services
    (
        r"((?:客服|移动|联通|电信|铁路|银行|[商建农工交]行|保险|快递|热线|服务|咨询|报警|急救|市民|消费者)[^，。；\d]{0,4}"
        r"[是为打:：]\s*)(1\d{2}|1[02]\d{3}|9[56]\d{3,6})(?![\d.]|" + _COUNTED + ")",
        _hotline,
    ),
    (
        rf"((?:客服|热线|火警|匪警|报警|急救|移动|联通|电信)\s*)({_SHORT})(?![\d.]|{_COUNTED})",
        _hotline,
    ),
    # 顺丰是95338, but 总数是95338
    (
        r"((?<![数量共计积值额价距离度长高宽重案果和差商于分这它数])是\s*)"
        rf"(100(?:00|10|50|86)|9[56]\d{{3}}(?<!00))(?![\d.]|{_COUNTED})",
        _hotline,
    ),
    (
        r"([^\W\d一二三四五六七八九十几大小中特加型信]号(?:码|是|为|:|：|\s)*)(\d{4,})(?![\d.%])",
        _digits,
    ),
    (r"(?<!\d)(\d{3,4})(?=室|号房)", lambda m: spell(m[1])),
    (r"(?<![A-Za-z])([GDCZTKL])(\d{1,4})(?=次)", lambda m: f"{m[1]} {spell(m[2], one='幺')}"),
    (r"\b([RG]TX|RX)\s?(\d{3,4})", lambda m: f"{m[1]} {spell(m[2])}"),
    (r"(?<!\d)(\d{3,4})[xX×*](\d{3,4})(?!\d)", lambda m: f"{spell(m[1])}乘{spell(m[2])}"),
    # versions, addresses of machines
    (r"(?<![\d.])\d+(?:\.\d+){2,}(?!\.?\d)", _dotted),
    (r"(?<=[vV])\d+(?:\.\d+)+", _dotted),
)


# ---------------------------------------------------------------- money, units, shares

_MONEY = {"¥": "元", "$": "美元", "€": "欧元", "£": "英镑", "₩": "韩元", "₹": "卢比"}
_DOLLARS = {"US": "美元", "HK": "港元", "NT": "台币", "A": "澳元", "C": "加元", "S": "新元"}


_ENGLISH_SCALE = {"million": "百万", "billion": "十亿", "thousand": "千"}


def _money(match: _Match) -> str:
    country, sign, amount, scale = match.groups()
    unit = _DOLLARS.get(country or "", _MONEY[sign])
    if "." in amount:
        amount = amount.rstrip("0").rstrip(".")
    scale = (scale or "").strip()
    return f"{amount}{_ENGLISH_SCALE.get(scale, scale)}{unit}"


_PER = r"(?:斤|公斤|克|吨|升|月|年|天|日|小时|分钟|秒|次|个|人|件|平米|平方米|度|杯|份|晚|课时)"


def _share(match: _Match) -> str:
    of = "百分之" if match[3] in "%％" else "千分之"
    return of + (match[1] or "") + number(match[2])


_QUANTITIES = rules(
    (_ALONE + r"\d{1,3}(?:,\d{3})+(?!\d)", lambda m: m[0].replace(",", "")),
    (rf"([¥$€£₩₹])\s*({_N}){_DASH}\1\s*(?={_N})", r"\2到\1"),
    (rf"(US|HK|NT|A|C|S)?([¥$€£₩₹])\s*({_N})({_SCALE})元?", _money),
    # ranges, differences, signs
    (rf"({_N})\s*([%％‰])?{_DASH}(?=-?{_N}\s*[%％‰])", lambda m: f"{m[1]}{m[2] or '%'}到"),
    (rf"(?<=[\d.])\s*-\s*(?={_N}\s*(?:[-+*/×÷]\s*{_N}\s*)*=)", "减"),
    (
        rf"({_TYPED}{_N}\s*(?:{_UNIT})?[十百千万亿]?|(?<=\d)[年月日号点分]){_DASH}(?=-?{_N})",
        r"\1到",
    ),
    (rf"(?<![A-Za-z\d_.)）])-(?={_N})", "负"),
    (rf"(?<![\w.)）+])\+(?={_N})", "正"),
    (r"(\d+)/(\d+)\s*mmHg", r"\1，\2毫米汞柱"),
    (rf"(负)?({_N})\s*([%％‰])", _share),
    (rf"({_N}{_SCALE})\s*({_UNIT})(?![A-Za-z])", lambda m: m[1] + _UNITS[m[2]]),
    (r"(\d+)\s*′", r"\1分"),
    (r"°([CF])", lambda m: "摄氏度" if m[1] == "C" else "华氏度"),
    (rf"(元|块|币|{'|'.join(u for u in _UNITS.values() if u.isalpha())})/(?={_PER})", r"\1每"),
    (r"(?<![\d/])24/7(?![\d/])", "全天候"),
    (r"(?<![\d/.])(\d+)\s*/\s*(\d+)(?![\d/.])", lambda m: f"{cardinal(m[2])}分之{cardinal(m[1])}"),
    (r"(?<=\d)(?=[一二三四五]分之)", "又"),
)

# ---------------------------------------------------------------- formulas, names, letters

_GREEK = {
    **{"α": "阿尔法", "β": "贝塔", "γ": "伽马", "δ": "德尔塔", "ε": "艾普西隆", "θ": "西塔"},
    **{"λ": "兰姆达", "μ": "缪", "π": "派", "σ": "西格玛", "φ": "斐", "ω": "欧米伽"},
    **{"Δ": "德尔塔", "Σ": "西格玛", "Ω": "欧米伽"},
}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ", "0123456789-n")


def _power(match: _Match) -> str:
    exponent = match[1].translate(_RAISED)
    if exponent in ("2", "3"):
        return "的平方" if exponent == "2" else "的立方"
    return f"的{exponent.lstrip('+').replace('-', '负')}次方"


_FORMULAS = rules(
    (rf"({_N})[eE]([+-]?\d+)(?![A-Za-z\d])", r"\1乘以10^\2"),
    (r"(?<=[\w)）])\s*\^\s*\(?([-+负]?(?:\d+|[A-Za-z]))\)?", _power),
    (r"(?<=[\w)）])([⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ]+)", _power),
    (r"√\s*", "根号"),
    ("[" + "".join(_GREEK) + "]", lambda m: _GREEK[m[0]]),
    (r"(?<![A-Za-z])[Nn]o\.\s*(?=\d)", "第"),
    (r"§\s*(\d+)", r"第\1节"),
    (r"(?<!\d)(\d+)(?:st|nd|rd|th)\b", r"第\1"),
    (r"(?<![A-Za-z])C#", "C sharp"),
    (r"(?<=[A-Za-z])\+\+", "加加"),
    (r"(?<=[\d万亿百千])\+(?![\w(（])", "加"),
    (r"(?<=\d)\s*[*×xX·]\s*(?=\d)", "乘"),
    (r"(?<=[\w)）])\s*×\s*(?=[\w(（])", "乘"),
    (r"\s*÷\s*", "除以"),
    (r"(?<=[\w)）])\s*\+\s*(?=[\w(（])", "加"),
    (r"(?<=[A-Za-z])\s+-\s+(?=[\w])", "减"),
    (r"\s*(?:<=|≤|⩽)\s*", "小于等于"),
    (r"\s*(?:>=|≥|⩾)\s*", "大于等于"),
    (r"\s*(?:!=|≠)\s*", "不等于"),
    (r"\s*(?:≈|≒)\s*", "约等于"),
    (r"(?<=\w)\s*(?:=>|->|→|⇒)\s*(?=[\w∞])", "到"),
    (r"\s*=+\s*", "等于"),
    (r"(?<=\w)\s*<\s*(?=\w)", "小于"),
    (r"(?<=\w)\s*>\s*(?=\w)", "大于"),
    (r"<\s*(?=\d)", "小于"),
    (r">\s*(?=\d)", "大于"),
    (r"±", "正负"),
    (r"∞", "无穷大"),
    (r"[∵∴]", lambda m: "因为" if m[0] == "∵" else "所以"),
    (r"&", "和"),
    # Type numbers: RK3588 by its digits, GPT-4 without its dash.
    (r"(?<=[A-Za-z])[-.]?(\d{3,})(?!\.?\d)", lambda m: " " + spell(m[1])),
    (r"(?<=[A-Za-z\d])[-_](?=[A-Za-z\d])", " "),
    (r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " "),
    (r"(?<=[A-Za-z])\.(?=[A-Za-z]{2,4}\b)", "点"),
)

# ---------------------------------------------------------------- numbers that are left

_NUMBERS = rules(
    (rf"(?<![\d.第初点比之])2(?=\s*(?:到\d\d?)?(?:{_MEASURES}|[百千万亿]))", "两"),
    (
        r"(?<![\d.])(\d[05])(?=(?:[、和/,，]\d[05])*后(?![来面退天台续者悔期年半]))",
        lambda m: spell(m[1]),
    ),
    (r"(?<![\d.])0\d+(?!\.?\d)", lambda m: spell(m[0])),
    (r"(?<![\d.])\d{13,}(?!\.?\d)", lambda m: spell(m[0])),
    (_N, lambda m: number(m[0])),
)

# ---------------------------------------------------------------- marks

_MARKS = rules(
    (r"[%％]", "百分号"),
    (r"[~～]+", "，"),
    (r"[《》「」『』【】〈〉\[\]{}“”\"]", " "),
    (r"\s*[（(]\s*", "，"),
    (r"\s*[）)]\s*", "，"),
    (r"—+|――+| - ", "，"),
    (r"…+|\.{2,}|。{2,}", "。"),
    (r"\n+", "。"),
    (r"[^\w\s，。！？；：、,.!?;:'-]|_", " "),
    (r"(?<![A-Za-z])'|'(?![A-Za-z])|-", " "),
    (r"\s+", " "),
    (r"(?<=[\u4e00-\u9fff]) (?=[，。！？；：、])", ""),
    (r"(?<=[，。！？；：、])[\s，、；：,;:。.]+", ""),
    (r"^[\s，。；：、,.;:]+", ""),
)


_TABLES: tuple[Rules, ...] = (_FORMS, _QUANTITIES, _FORMULAS, _NUMBERS)


def normalise(text: str) -> str:
    """`text` for reading aloud: hanzi, Latin letters and the punctuation that makes pauses.

    Empty when nothing in it can be spoken. Never raises, whatever the model wrote.
    """
    text = markdown.plain(text.translate(_CHARACTERS))
    for table in _TABLES:
        text = apply(table, text)
    text = apply(_MARKS, simplified(text))
    text = spell("".join(_known_digit(c) for c in text))
    return text.strip() if re.search(r"[^\W_]", text) else ""


def _known_digit(character: str) -> str:
    """Digits of other scripts are digits too."""
    if character.isdigit() and not character.isascii():
        value = unicodedata.digit(character, None)
        return "" if value is None else str(value)
    return character
