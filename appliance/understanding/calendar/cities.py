"""Cities, by the names they are asked by, and the time zone (IANA) whose clocks they go by."""

from __future__ import annotations

import re

_ZONES = {
    "Asia/Shanghai": "北京 上海 中国 广州 深圳 beijing shanghai china",
    "Asia/Hong_Kong": "香港 hong/kong",
    "Asia/Macau": "澳门 macau macao",
    "Asia/Taipei": "台北 台湾 taipei",
    "Asia/Urumqi": "新疆 乌鲁木齐",
    "Asia/Tokyo": "东京 日本 大阪 京都 tokyo japan osaka",
    "Asia/Seoul": "首尔 韩国 seoul korea",
    "Asia/Pyongyang": "平壤 朝鲜",
    "Asia/Singapore": "新加坡 singapore",
    "Asia/Kuala_Lumpur": "吉隆坡 马来西亚 kuala/lumpur malaysia",
    "Asia/Bangkok": "曼谷 泰国 bangkok thailand",
    "Asia/Ho_Chi_Minh": "胡志明市 越南 西贡 vietnam",
    "Asia/Manila": "马尼拉 菲律宾 manila",
    "Asia/Jakarta": "雅加达 印尼 jakarta",
    "Asia/Kolkata": "新德里 孟买 印度 delhi new/delhi mumbai india",
    "Asia/Karachi": "卡拉奇 巴基斯坦 karachi pakistan",
    "Asia/Kathmandu": "加德满都 尼泊尔 kathmandu nepal",
    "Asia/Dubai": "迪拜 阿联酋 dubai",
    "Asia/Riyadh": "利雅得 沙特 riyadh",
    "Asia/Tehran": "德黑兰 伊朗 tehran",
    "Asia/Jerusalem": "耶路撒冷 以色列 jerusalem israel",
    "Europe/Istanbul": "伊斯坦布尔 土耳其 istanbul turkey",
    "Europe/Moscow": "莫斯科 俄罗斯 moscow",
    "Europe/Kyiv": "基辅 乌克兰 kyiv kiev",
    "Europe/Athens": "雅典 希腊 athens greece",
    "Europe/Helsinki": "赫尔辛基 芬兰 helsinki",
    "Europe/Stockholm": "斯德哥尔摩 瑞典 stockholm sweden",
    "Europe/Oslo": "奥斯陆 挪威 oslo norway",
    "Europe/Copenhagen": "哥本哈根 丹麦 copenhagen",
    "Europe/Berlin": "柏林 德国 慕尼黑 法兰克福 berlin germany munich frankfurt",
    "Europe/Paris": "巴黎 法国 paris france",
    "Europe/Rome": "罗马 意大利 米兰 rome italy milan",
    "Europe/Madrid": "马德里 西班牙 巴塞罗那 madrid spain barcelona",
    "Europe/Lisbon": "里斯本 葡萄牙 lisbon",
    "Europe/Amsterdam": "阿姆斯特丹 荷兰 amsterdam",
    "Europe/Brussels": "布鲁塞尔 比利时 brussels",
    "Europe/Zurich": "苏黎世 瑞士 日内瓦 zurich geneva switzerland",
    "Europe/Vienna": "维也纳 奥地利 vienna austria",
    "Europe/Prague": "布拉格 捷克 prague",
    "Europe/Warsaw": "华沙 波兰 warsaw poland",
    "Europe/Budapest": "布达佩斯 匈牙利 budapest",
    "Europe/London": "伦敦 英国 london england",
    "Europe/Dublin": "都柏林 爱尔兰 dublin ireland",
    "Atlantic/Reykjavik": "雷克雅未克 冰岛 reykjavik iceland",
    "Africa/Cairo": "开罗 埃及 cairo egypt",
    "Africa/Nairobi": "内罗毕 肯尼亚 nairobi kenya",
    "Africa/Lagos": "拉各斯 尼日利亚 lagos",
    "Africa/Johannesburg": "约翰内斯堡 南非 johannesburg cape/town",
    "America/New_York": "纽约 华盛顿 波士顿 美东 费城 new/york washington boston",
    "America/Toronto": "多伦多 toronto",
    "America/Chicago": "芝加哥 休斯顿 chicago houston",
    "America/Denver": "丹佛 denver",
    "America/Los_Angeles": (
        "洛杉矶 旧金山 西雅图 美西 硅谷 拉斯维加斯 los/angeles san/francisco seattle la las/vegas"
    ),
    "America/Vancouver": "温哥华 vancouver",
    "America/Mexico_City": "墨西哥城 墨西哥 mexico/city",
    "America/Sao_Paulo": "圣保罗 里约 巴西 sao/paulo rio",
    "America/Argentina/Buenos_Aires": "布宜诺斯艾利斯 阿根廷 buenos/aires",
    "America/Santiago": "圣地亚哥 智利 santiago",
    "Pacific/Honolulu": "夏威夷 檀香山 honolulu hawaii",
    "Australia/Sydney": "悉尼 堪培拉 sydney canberra",
    "Australia/Melbourne": "墨尔本 melbourne",
    "Australia/Brisbane": "布里斯班 brisbane",
    "Australia/Perth": "珀斯 perth",
    "Pacific/Auckland": "奥克兰 新西兰 惠灵顿 auckland wellington new/zealand",
    "UTC": "格林尼治 世界标准 协调世界时 utc gmt greenwich",
}
ZONES = {name.replace("/", " "): zone for zone, names in _ZONES.items() for name in names.split()}
"""A name in lower case to its zone."""

_BY_LENGTH = sorted(ZONES, key=len, reverse=True)
CITY_ZH = "(?:" + "|".join(name for name in _BY_LENGTH if not name.isascii()) + ")"
CITY_EN = "(?:" + "|".join(re.escape(name) for name in _BY_LENGTH if name.isascii()) + ")"
