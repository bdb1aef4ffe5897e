"""What is missing on this machine, how big it is and how long it takes. Standard library only."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from appliance.paths import default_root
from appliance.provision.progress import StepName
from appliance.provision.requirements import is_llm_engine, missing, project_requirements
from ui.strings import Text

if TYPE_CHECKING:
    from appliance.models.catalogue import AnyModel, Catalogue

MODEL_SET = "default"

_NETWORK_MB_PER_MINUTE = 600.0  # 10 MB/s: said beside the figure
# Measured on x86-64 with Python 3.11, November 2026.
_WHEELS_MB, _WHEELS_DISK_MB = 95, 260
_LLM_SDIST_MB, _LLM_DISK_MB = 77, 700  # the build tree is what needs room
_LLM_CORE_MINUTES = 11.0
_APT_MB = 1
_COMPILER_MB = 70
# The default set, for the first run, when nothing that reads the catalogue is installed yet.
_MODELS_MB, _MODELS_DISK_MB = 1400, 1500

_TITLES: dict[StepName, Text] = {
    "system": Text("系统软件包", "system packages"),
    "wheels": Text("Python 软件包", "Python packages"),
    "llm": Text("llama.cpp（为本机 CPU 编译）", "llama.cpp (compiled for this CPU)"),
    "models": Text("默认模型", "default models"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is missing. Sizes in 10^6 bytes; `what` names the pieces."""

    name: StepName
    what: tuple[str, ...]
    download_mb: int
    disk_mb: int
    minutes: float

    @property
    def title(self) -> Text:
        return _TITLES[self.name]

    @property
    def models(self) -> list[str]:
        """Names of the models it brings."""
        return [each.partition(" ")[0] for each in self.what] if self.name == "models" else []


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps that are needed, in the order they are told; empty: nothing is missing.

    `warnings` are known before anything starts: too little disk, no compiler.
    """

    steps: tuple[Step, ...]
    warnings: tuple[Text, ...] = ()

    def step(self, name: StepName) -> Step | None:
        """The step, if it is needed."""
        return next((step for step in self.steps if step.name == name), None)

    @property
    def minutes(self) -> float:
        """Of the whole: the models are fetched while llama.cpp is compiled."""
        parts = {step.name: step.minutes for step in self.steps}
        side_by_side = max(parts.get("llm", 0.0), parts.get("models", 0.0))
        return parts.get("system", 0.0) + parts.get("wheels", 0.0) + side_by_side


def plan() -> Plan:
    """Look at this machine and environment. Takes well under a second, touches no network."""
    lacking = missing(project_requirements())
    steps = [
        _system_step(),
        _wheels_step([each for each in lacking if not is_llm_engine(each)]),
        _llm_step([each for each in lacking if is_llm_engine(each)]),
        _models_step(),
    ]
    needed = tuple(step for step in steps if step is not None)
    return Plan(needed, tuple(_warnings(needed)))


def better() -> Plan:
    """What would be better than what is there, and may be had where more than a package index
    answers. Nobody waits for it.
    """
    try:
        step = _step_for(_better_models())
    except ImportError:
        step = None
    return Plan(() if step is None else (step,))


def _system_step() -> Step | None:
    what = [] if ctypes.util.find_library("portaudio") else ["libportaudio2"]
    size = _APT_MB * len(what)
    if not has_compiler() and missing_llm_engine():
        what.append("g++")
        size += _COMPILER_MB
    if not what:
        return None
    return Step("system", tuple(what), size, 4 * size, 0.5)


def missing_llm_engine() -> bool:
    return bool(missing(filter(is_llm_engine, project_requirements())))


def has_compiler() -> bool:
    """Whether a C++ compiler is to be found."""
    names = (os.environ.get("CXX", ""), "c++", "g++", "clang++")
    return any(name and shutil.which(name) for name in names)


def _wheels_step(lacking: list[str]) -> Step | None:
    if not lacking:
        return None
    everything = [each for each in project_requirements() if not is_llm_engine(each)]
    share = len(lacking) / len(everything)
    download = max(1, round(_WHEELS_MB * share))
    minutes = 0.3 + download / _NETWORK_MB_PER_MINUTE
    return Step("wheels", tuple(lacking), download, round(_WHEELS_DISK_MB * share), minutes)


def _llm_step(lacking: list[str]) -> Step | None:
    if not lacking:
        return None
    minutes = _LLM_CORE_MINUTES / (os.cpu_count() or 1) + _LLM_SDIST_MB / _NETWORK_MB_PER_MINUTE
    return Step("llm", tuple(lacking), _LLM_SDIST_MB, _LLM_DISK_MB, minutes)


def _models_step() -> Step | None:
    try:
        absent = _absent_models()
    except ImportError:
        return _step_of_models(("LLM 1117 MB", "ASR", "TTS", "VAD"), _MODELS_MB, _MODELS_DISK_MB)
    return _step_for(absent)


def _step_for(absent: list[AnyModel]) -> Step | None:
    if not absent:
        return None
    download = sum(model.download_bytes for model in absent) // 1_000_000
    names = tuple(f"{model.name} {model.download_bytes // 1_000_000} MB" for model in absent)
    # Parts are appended one by one and deleted; converting needs both forms of a small model.
    return _step_of_models(names, download, round(download * 1.15) + 64)


def _step_of_models(what: tuple[str, ...], download_mb: int, disk_mb: int) -> Step:
    return Step("models", what, download_mb, disk_mb, 0.5 + download_mb / _NETWORK_MB_PER_MINUTE)


def _absent_models() -> list[AnyModel]:
    """Raises ImportError as long as what reads the catalogue is not installed."""
    from appliance.models.choose import lacking
    from appliance.models.store import Store

    return lacking(MODEL_SET, _catalogue(), Store(default_root()))


def _better_models() -> list[AnyModel]:
    """Of roles for which there is nothing but the set's own. Raises ImportError, as above."""
    from appliance.models.store import Store

    store, catalogue = Store(default_root()), _catalogue()
    better = catalogue.better([MODEL_SET])
    others = store.installed(
        [each for name, each in catalogue.models.items() if name not in better]
    )
    has = {each.role for each in others}
    return [model for model in better.values() if model.role not in has]


def _catalogue() -> Catalogue:
    from appliance.models.catalogue_file import read_catalogue
    from appliance.paths import config_dir

    return read_catalogue(config_dir() / "models.d", complain=lambda _: None)


def _warnings(steps: tuple[Step, ...]) -> list[Text]:
    """Places that several steps share need room for all of them."""
    needed: dict[int, tuple[Path, int]] = {}
    for step in steps:
        place = _existing(default_root() if step.name == "models" else Path(sys.prefix))
        device = place.stat().st_dev
        needed[device] = (place, step.disk_mb + needed.get(device, (place, 0))[1])
    found = []
    for place, megabytes in needed.values():
        free = shutil.disk_usage(place).free // 1_000_000
        if free < megabytes:
            found.append(
                Text(
                    f"磁盘空间不足：{place} 需要 {megabytes} MB，只有 {free} MB",
                    f"disk too full: {place} needs {megabytes} MB and has {free} MB",
                )
            )
    return found


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())


def describe(found: Plan, language: str) -> str:
    """The plan as a small table for people, 80 columns wide. `language` is "zh" or "en"."""
    if not found.steps:
        return _NOTHING_MISSING.of(language)
    lines = [_TO_COME.of(language)]
    for step in found.steps:
        size, minutes = f"{step.download_mb} MB", _minutes(step.minutes, language)
        lines.append(f"  · {step.title.of(language)}: {size}, {minutes}")
        lines.append(fill(_listing(step.what), initial_indent=_INDENT, subsequent_indent=_INDENT))
    download = _size(sum(step.download_mb for step in found.steps))
    disk = _size(sum(step.disk_mb for step in found.steps))
    whole = _minutes(found.minutes, language)
    lines.append(_IN_ALL.of(language).format(download=download, disk=disk, whole=whole))
    if found.step("llm") and found.step("models"):
        lines.append(_MEANWHILE.of(language))
    lines += [f"! {warning.of(language)}" for warning in found.warnings]
    return "\n".join(lines)


_INDENT = " " * 6
_NOTHING_MISSING = Text("所需的都已装好。", "Everything needed is installed.")
_TO_COME = Text("将要安装（约 10 MB/s 时）：", "To be installed (minutes at 10 MB/s):")
_IN_ALL = Text(
    "共下载 {download}，占用磁盘最多 {disk}，{whole}。",
    "In all {download} to download, at most {disk} of disk, {whole}.",
)
_MEANWHILE = Text(
    "模型下载与编译同时进行，其间已可打字。",
    "Models are fetched while llama.cpp compiles, and you can type meanwhile.",
)


def _size(megabytes: int) -> str:
    return f"{megabytes} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def _minutes(minutes: float, language: str) -> str:
    if minutes < 1:
        return Text("不到 1 分钟", "under a minute").of(language)
    return Text(f"约 {minutes:.0f} 分钟", f"about {minutes:.0f} min").of(language)


def _listing(what: tuple[str, ...]) -> str:
    names = [each.partition(">")[0].partition("=")[0].strip() for each in what]
    return ", ".join(names)
