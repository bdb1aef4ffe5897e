"""Doing what the plan says: children of this process, each ended with it.

The network and the compiler are two resources: the models arrive while llama.cpp is compiled.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from appliance.paths import state_dir
from appliance.provision import process
from appliance.provision.failure import Failure, explain
from appliance.provision.pip_output import BuildOutput, PipOutput, WheelsOutput
from appliance.provision.planning import MODEL_SET, Plan, Step
from appliance.provision.progress import Progress, StepName
from appliance.provision.requirements import name_of
from ui.strings import Text

Emit = Callable[[Progress], None]

_NONE: Mapping[str, float] = MappingProxyType({})
_NAMES_PER_REQUIREMENT = 2.4  # what pip collects, dependencies of dependencies included


# Verbose: else an index that answers 503 looks like one that has never heard of the package.
PIP_OPTIONS = (
    *("install", "-vv", "--progress-bar", "raw"),
    *("--no-input", "--disable-pip-version-check"),
)


def _pip() -> tuple[str, ...]:
    return (sys.executable, "-m", "appliance.provision.pip")


def _fetch_models() -> tuple[str, ...]:
    fetch = ("models", "fetch", MODEL_SET, "--progress-json")
    return (sys.executable, "-m", "appliance", *fetch)


def _apt() -> tuple[str, ...]:
    return _as_root("env", "DEBIAN_FRONTEND=noninteractive", "apt-get")


def _as_root(*command: str) -> tuple[str, ...]:
    return command if os.geteuid() == 0 else ("sudo", "-n", *command)


@dataclass(frozen=True)
class Tools:
    """The commands that are run, and where their logs go."""

    pip: tuple[str, ...] = field(default_factory=_pip)
    models: tuple[str, ...] = field(default_factory=_fetch_models)
    apt: tuple[str, ...] = field(default_factory=_apt)
    logs: Path = field(default_factory=lambda: state_dir() / "provision")


async def provision(
    plan: Plan, emit: Emit, tools: Tools | None = None, keep_open: Sequence[int] = ()
) -> bool:
    """Do the steps of `plan`; True when all that the engines need is there.

    `emit` is called from the event loop, often. Steps that are not in the plan are skipped. A
    failed step is told and may be tried again with a new plan; a failed system package costs
    sound, a failed Python package those that need it, not the rest. Every child holds the
    descriptors `keep_open`, too. When cancelled, no child is left.
    """
    work = _Work(plan, emit, tools or Tools(), keep_open)
    await work.system()
    wheels = await work.wheels()
    if work.hopeless:
        return False
    return all((wheels, *await asyncio.gather(work.llm(), work.models())))


class _Work:
    def __init__(self, plan: Plan, emit: Emit, tools: Tools, keep_open: Sequence[int]) -> None:
        self.hopeless = False  # a general failure: whatever is tried now fails, too
        self._plan = plan
        self._emit = emit
        self._tools = tools
        self._keep_open = keep_open
        self._tails: dict[StepName, str] = {}

    async def system(self) -> bool:
        step = self._plan.step("system")
        if step is None:
            return True
        if shutil.which(self._tools.apt[0]) is None or shutil.which("apt-get") is None:
            return self._fail(step, _by_hand(step, Text("没有可用的 apt", "no apt to use")))
        text = Text(f"安装 {' '.join(step.what)}", f"installing {' '.join(step.what)}")
        self._emit(Progress(step.name, "running", text))
        install = (*self._tools.apt, "install", "-y", "--no-install-recommends", *step.what)
        status = await self._run(step, install)
        if status != 0:
            # An image that was never updated knows no package.
            await self._run(step, (*self._tools.apt, "update"))
            status = await self._run(step, install)
        if status == 0:
            return self._done(step)
        return self._fail(step, _by_hand(step, self._explain(step).what))

    async def wheels(self) -> bool:
        step = self._plan.step("wheels")
        if step is None:
            return True
        names = max(1, round(len(step.what) * _NAMES_PER_REQUIREMENT))
        reader = WheelsOutput(step.download_mb * 1_000_000, names)
        failure: Failure | None = None
        missed: dict[str, float] = {}
        # One after the other: what is installed stays, whatever becomes of the rest.
        for number, requirement in enumerate(step.what, 1):
            if failure is not None and failure.general:
                missed[name_of(requirement)] = 0.0
            elif await self._pip(step, reader, (requirement,)):
                reader.installed(number / len(step.what))
                self._tell(step, reader, {name_of(requirement): 1.0})
            else:
                failure = self._explain(step)
                missed[name_of(requirement)] = 0.0
        self.hopeless = failure is not None and failure.general
        return self._done(step) if failure is None else self._fail(step, failure, missed)

    async def llm(self) -> bool:
        step = self._plan.step("llm")
        if step is None:
            return True
        options = ("--no-binary", "llama-cpp-python", *step.what)
        if await self._pip(step, BuildOutput(), options):
            return self._done(step)
        return self._fail(step, self._explain(step), {name_of(each): 0.0 for each in step.what})

    async def models(self) -> bool:
        step = self._plan.step("models")
        if step is None:
            return True
        reader = ModelsOutput(step)

        def heard(line: str) -> None:
            progress = reader.feed(line)
            if progress is not None:
                self._emit(progress)

        self._emit(Progress(step.name, "running", Text("下载模型", "fetching models")))
        status = await self._run(step, self._tools.models, heard)
        if status == 0:
            return self._done(step)
        return self._fail(step, reader.failure or self._explain(step), reader.unfinished())

    async def _pip(
        self,
        step: Step,
        reader: PipOutput,
        what: tuple[str, ...],
    ) -> bool:
        def heard(line: str) -> None:
            before = (reader.fraction, reader.text)
            reader.feed(line)
            if (reader.fraction, reader.text) != before:
                self._tell(step, reader)

        self._tell(step, reader)
        return await self._run(step, (*self._tools.pip, *PIP_OPTIONS, *what), heard) == 0

    def _tell(self, step: Step, reader: PipOutput, came: Mapping[str, float] = _NONE) -> None:
        total = step.download_mb * 1_000_000
        done = min(reader.bytes_done, total)
        self._emit(
            Progress(step.name, "running", reader.text, reader.fraction, done, total, pieces=came)
        )

    async def _run(
        self,
        step: Step,
        command: tuple[str, ...],
        heard: Callable[[str], None] = lambda _: None,
    ) -> int:
        """The exit status; 127 when the command cannot be started."""
        try:
            ended = await process.run(command, self._log(step), heard, keep_open=self._keep_open)
        except OSError as error:
            self._tails[step.name] = str(error)
            return 127
        self._tails[step.name] = ended.tail
        return ended.status

    def _log(self, step: Step) -> Path:
        return self._tools.logs / f"{step.name}.log"

    def _explain(self, step: Step) -> Failure:
        return explain(self._tails.get(step.name, ""), self._log(step))

    def _done(self, step: Step) -> bool:
        text = Text(f"{step.title.zh}已装好", f"{step.title.en}: installed")
        self._emit(Progress(step.name, "done", text, 1.0))
        return True

    def _fail(self, step: Step, failure: Failure, missed: Mapping[str, float] = _NONE) -> bool:
        self._emit(
            Progress(step.name, "failed", failure.what, remedy=failure.remedy, pieces=missed)
        )
        return False


class ModelsOutput:
    """Reads the lines of `lory models fetch --progress-json`; `failure` is what it said at last."""

    def __init__(self, step: Step) -> None:
        self.failure: Failure | None = None
        self._total = step.download_mb * 1_000_000
        self._before: dict[str, int] = {}
        self._shares: dict[str, float] = dict.fromkeys(step.models, 0.0)

    def feed(self, line: str) -> Progress | None:
        """Progress, if this line tells any. Lines that are no JSON object are not ours."""
        try:
            record = json.loads(line)
        except ValueError:
            return None
        if not isinstance(record, dict):
            return None
        if record.get("event") == "error":
            self.failure = _models_failure(record)
        if record.get("event") != "progress":
            return None
        model, stage = str(record.get("model", "")), str(record.get("stage", ""))
        arrived, of = int(record.get("bytes_done", 0)), int(record.get("bytes_total", 0))
        share = 0.97 * arrived / of if of and stage == "download" else self._shares.get(model, 0.0)
        self._shares[model] = 1.0 if stage == "done" else share
        self._before[model] = max(arrived, self._before.get(model, 0))
        done = min(sum(self._before.values()), self._total)
        share = done / self._total if self._total else 1.0
        zh, en = _STAGES.get(stage, ("", ""))
        return Progress(
            "models",
            "running",
            Text(
                f"{zh}模型 {done / 1e6:.0f}/{self._total / 1e6:.0f} MB",
                f"{en} models {done / 1e6:.0f}/{self._total / 1e6:.0f} MB",
            ),
            min(share, 0.99),
            done,
            self._total,
            pieces={model: self._shares[model]},
        )

    def unfinished(self) -> dict[str, float]:
        """How far those models are that did not arrive."""
        return {name: share for name, share in self._shares.items() if share < 1.0}


_STAGES = {
    "check": ("检查", "checking"),
    "download": ("下载", "fetching"),
    "build": ("转换", "converting"),
    "verify": ("校验", "verifying"),
    "done": ("装好", "installed"),
}


def _models_failure(record: dict[str, object]) -> Failure:
    text = str(record.get("text", ""))
    again = Text("看看网络和磁盘；会接着下", "look at network and disk; it goes on from here")
    return Failure(Text(str(record.get("zh") or text), text), again)


def _by_hand(step: Step, why: Text) -> Failure:
    command = f"sudo apt install {' '.join(step.what)}"
    return Failure(
        why,
        Text(
            f"请运行：{command}（别的系统：装上 PortAudio 库）",
            f"run: {command} (elsewhere: install the PortAudio library)",
        ),
    )
