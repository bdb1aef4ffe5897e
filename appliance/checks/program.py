"""Python and the packages the box is made of. Nothing is imported: engines stay in workers."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from appliance.checks.finding import Finding, fail, ok, warn

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Package:
    """A distribution by the module it installs. Without an `essential` one nothing works."""

    module: str
    distribution: str
    zh: str
    en: str
    essential: bool = False


PACKAGES = (
    Package("msgspec", "msgspec", "消息与配置", "messages and configuration", essential=True),
    Package("smbus2", "smbus2", "I2C 总线", "the I2C bus", essential=True),
    Package("PIL", "pillow", "截图", "pictures of the glass"),
    Package("tomlkit", "tomlkit", "改写配置", "editing the configuration"),
    Package("packaging", "packaging", "安装", "provisioning"),
    Package("serial", "pyserial", "串口", "serial ports"),
    Package("numpy", "numpy", "声音处理", "sound"),
    Package("sounddevice", "sounddevice", "麦克风和扬声器", "microphone and speaker"),
    Package("sherpa_onnx", "sherpa-onnx", "听和说", "hearing and speaking"),
    Package("llama_cpp", "llama-cpp-python", "回答", "answering"),
    Package("jinja2", "jinja2", "对话模板", "chat templates"),
    Package("opencc", "opencc", "繁体转简体", "traditional to simplified"),
    Package("pypinyin", "pypinyin", "读音", "readings"),
    Package("tzdata", "tzdata", "别处的时间", "the time elsewhere"),
    Package("lunar_python", "lunar-python", "农历", "the lunar calendar"),
)

Find = Callable[[str], object | None]


def check_program(
    find: Find = importlib.util.find_spec, version: tuple[int, ...] = sys.version_info[:3]
) -> Iterator[Finding]:
    """Findings about the interpreter and each missing package. `find` is None for a missing one."""
    number = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        yield fail(
            "program",
            f"Python {number} 太旧",
            f"Python {number} is too old",
            "需要 3.11 或更新",
            "3.11 or newer is needed",
        )
    missing = [package for package in PACKAGES if find(package.module) is None]
    for package in missing:
        yield _missing(package)
    if not missing and version >= OLDEST_PYTHON:
        yield ok(
            "program",
            f"Python {number}，{len(PACKAGES)} 个软件包齐全",
            f"Python {number}, all {len(PACKAGES)} packages are there",
        )


def _missing(package: Package) -> Finding:
    level = fail if package.essential else warn
    return level(
        "program",
        f"缺少软件包 {package.distribution}（{package.zh}）",
        f"package {package.distribution} is missing ({package.en})",
        f"pip install {package.distribution}",
        f"pip install {package.distribution}",
    )
