"""Units and what they are worth, the Chinese market units among them.

市制 by the State Council's order of 1959: 1 斤 = 500 g = 10 两, 1 尺 = 1/3 m = 10 寸, 1 里 = 500 m,
1 亩 = 2000/3 m². The inch and the pound are those of 1959 (25.4 mm, 453.59237 g), the gallon that
of the United States.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """`worth` in the base unit of its `kind`; `zh` and `en` name it in an answer."""

    kind: str
    worth: Fraction
    zh: str
    en: str


def _f(text: str) -> Fraction:
    return Fraction(text)


# kind: (worth, Chinese names, English names); the first of each is what it is called.
_TABLE = {
    "length": (
        ("1", "米 公尺", "meters m meter metre metres"),
        ("1000", "公里 千米", "kilometers km kilometer kilometre kilometres kms"),
        ("1/100", "厘米 公分", "centimeters cm centimeter centimetre centimetres"),
        ("1/10", "分米", "decimeters dm"),
        ("1/1000", "毫米", "millimeters mm millimeter millimetre millimetres"),
        ("1/1000000", "微米", "micrometers μm um"),
        ("500", "里 华里 里地", "li"),
        ("10/3", "丈", "zhang"),
        ("1/3", "尺 市尺", "chi"),
        ("1/30", "寸 市寸", "cun"),
        ("0.0254", "英寸", "inches in inch"),
        ("0.3048", "英尺", "feet ft foot"),
        ("0.9144", "码", "yards yd yard"),
        ("1609.344", "英里", "miles mi mile"),
        ("1852", "海里", "nautical_miles nautical_mile"),
        ("9460730472580800", "光年", "light_years light_year"),
    ),
    "mass": (
        ("1", "克", "grams g gram"),
        ("1000", "公斤 千克", "kilograms kg kilogram kilo kilos kgs"),
        ("1/1000", "毫克", "milligrams mg milligram"),
        ("1000000", "吨", "tonnes t ton tons tonne"),
        ("500", "斤 市斤", "jin"),
        ("50", "两 市两", "liang"),
        ("5", "钱", "qian"),
        ("50000", "担", "dan"),
        ("453.59237", "磅", "pounds lb lbs pound"),
        ("28.349523125", "盎司", "ounces oz ounce"),
        ("1/5", "克拉", "carats carat"),
    ),
    "area": (
        ("1", "平方米 平米 平 平方", "square_meters m² m2 square_meter square_metres"),
        ("1000000", "平方公里 平方千米", "square_kilometers square_kilometer"),
        ("1/10000", "平方厘米", "square_centimeters square_centimeter"),
        ("2000/3", "亩 亩地", "mu"),
        ("200000/3", "顷", "qing"),
        ("10000", "公顷", "hectares ha hectare"),
        ("0.09290304", "平方英尺", "square_feet square_foot"),
        ("4046.8564224", "英亩", "acres acre"),
    ),
    "volume": (
        ("1", "升 公升", "liters l liter litre litres"),
        ("1/1000", "毫升", "milliliters ml milliliter millilitre millilitres"),
        ("1000", "立方米 方", "cubic_meters m³ cubic_meter"),
        ("1/1000", "立方厘米 cc", "cubic_centimeters cc"),
        ("3.785411784", "加仑", "gallons gallon"),
        ("0.473176473", "品脱", "pints pint"),
        ("0.2365882365", "量杯", "cups cup"),
        ("0.01478676478125", "汤匙", "tablespoons tablespoon tbsp"),
        ("0.00492892159375", "茶匙", "teaspoons teaspoon tsp"),
        ("0.0295735295625", "液盎司", "fluid_ounces fluid_ounce"),
    ),
    "time": (
        ("1", "秒 秒钟", "seconds s second sec"),
        ("60", "分钟", "minutes min minute"),
        ("900", "刻钟", "quarters_of_an_hour"),
        ("3600", "小时 个小时 个钟头 钟头", "hours h hour"),
        ("86400", "天", "days day"),
        ("604800", "周 个星期 星期 个礼拜", "weeks week"),
    ),
    "data": (
        ("1", "字节", "bytes b byte"),
        ("1/8", "比特", "bits bit"),
        ("1024", "kb 千字节", "kilobytes kb kilobyte"),
        ("1048576", "mb 兆 兆字节", "megabytes mb megabyte"),
        ("1073741824", "gb g 吉字节", "gigabytes gb gigabyte"),
        ("1099511627776", "tb t 太字节", "terabytes tb terabyte"),
    ),
    "speed": (
        ("1", "米每秒", "meters_per_second m/s"),
        ("5/18", "公里每小时 千米每小时 公里每时", "kilometers_per_hour km/h kph"),
        ("0.44704", "英里每小时", "miles_per_hour mph"),
        ("463/900", "节", "knots knot"),
    ),
    "energy": (
        ("1", "焦耳 焦", "joules j joule"),
        ("1000", "千焦", "kilojoules kj"),
        ("4184", "千卡 大卡", "kilocalories kcal"),
        ("4.184", "卡路里 卡", "calories cal calorie"),
        ("3600000", "度电 千瓦时", "kilowatt_hours kwh"),
    ),
    "temperature": (
        ("1", "摄氏度 度摄氏", "degrees_celsius celsius °c degree_celsius degrees_c c centigrade"),
        ("5/9", "华氏度 度华氏", "degrees_fahrenheit fahrenheit °f degree_fahrenheit degrees_f f"),
        ("1", "开尔文 开氏度", "kelvin kelvins k"),
    ),
}


def _units() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for kind, rows in _TABLE.items():
        for worth, zh, en in rows:
            chinese = zh.split()
            english = [name.replace("_", " ") for name in en.split()]
            unit = Unit(kind, _f(worth), chinese[0].removeprefix("个"), english[0])
            for name in (*chinese, *english):
                found.setdefault(name, unit)
    return found


UNITS = _units()
"""Every name, in lower case, to its unit."""

_OFFSETS = {"摄氏度": _f("0"), "华氏度": _f("-160/9"), "开尔文": _f("-273.15")}


def convert(value: Fraction, unit: Unit, to: Unit) -> Fraction | None:
    """The same in another unit, exactly; None where they measure different things."""
    if unit.kind != to.kind:
        return None
    if unit.kind == "temperature":
        celsius = value * unit.worth + _OFFSETS[unit.zh]
        return (celsius - _OFFSETS[to.zh]) / to.worth
    return value * unit.worth / to.worth
