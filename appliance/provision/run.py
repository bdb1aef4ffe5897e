"""Doing what the plan says: children of this process, each ended with it.

The network and the compiler are two resources: the models arrive while llama.cpp is compiled.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from appliance.paths import state_dir
from appliance.provision import process
from appliance.provision.failure import Failure, explain
from appliance.provision.pip_output import BuildOutput, PipOutput, WheelsOutput
from appliance.provision.planning import MODEL_SET, Plan, Step
from appliance.provision.progress import Progress
from ui.strings import Text

Emit = Callable[[Progress], None]

_NAMES_PER_REQUIREMENT = 2.4  # what pip collects, dependencies of dependencies included


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


async def provision(plan: Plan, emit: Emit, tools: Tools | None = None) -> bool:
    """Do the steps of `plan`; True when all that the engines need is there.

    `emit` is called from the event loop, often. Steps that are not in the plan are skipped. A
    failed step is told and may be tried again with a new plan; a failed system package costs
    sound, not the rest. When cancelled, no child is left.
    """
    work = _Work(plan, emit, tools or Tools())
    await work.system()
    if not await work.wheels():
        return False
    return all(await asyncio.gather(work.llm(), work.models()))


class _Work:
    def __init__(self, plan: Plan, emit: Emit, tools: Tools) -> None:
        self._plan = plan
        self._emit = emit
        self._tools = tools

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
        return await self._pip(step, reader, ())

    async def llm(self) -> bool:
        step = self._plan.step("llm")
        if step is None:
            return True
        options = ("-v", "--no-binary", "llama-cpp-python")
        return await self._pip(step, BuildOutput(), options)

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
        return self._fail(step, reader.failure or self._explain(step))

    async def _pip(
        self,
        step: Step,
        reader: PipOutput,
        options: tuple[str, ...],
    ) -> bool:
        total = step.download_mb * 1_000_000

        def heard(line: str) -> None:
            before = (reader.fraction, reader.text)
            reader.feed(line)
            if (reader.fraction, reader.text) != before:
                done = min(reader.bytes_done, total)
                self._emit(
                    Progress(step.name, "running", reader.text, reader.fraction, done, total)
                )

        self._emit(Progress(step.name, "running", reader.text))
        common = ("install", "--progress-bar", "raw", "--no-input", "--disable-pip-version-check")
        command = (*self._tools.pip, *common, *options, *step.what)
        status = await self._run(step, command, heard)
        return self._done(step) if status == 0 else self._fail(step, self._explain(step))

    async def _run(
        self,
        step: Step,
        command: tuple[str, ...],
        heard: Callable[[str], None] = lambda _: None,
    ) -> int:
        """The exit status; 127 when the command or its log cannot be opened."""
        try:
            return await process.run(command, self._log(step), heard)
        except OSError as error:
            text = Text(str(error), str(error))
            self._emit(Progress(step.name, "running", text))
            return 127

    def _log(self, step: Step) -> Path:
        return self._tools.logs / f"{step.name}.log"

    def _explain(self, step: Step) -> Failure:
        log = self._log(step)
        return explain(process.tail(log), log)

    def _done(self, step: Step) -> bool:
        text = Text(f"{step.title.zh}已装好", f"{step.title.en}: installed")
        self._emit(Progress(step.name, "done", text, 1.0))
        return True

    def _fail(self, step: Step, failure: Failure) -> bool:
        text = Text(f"{step.title.zh}：{failure.what.zh}", f"{step.title.en}: {failure.what.en}")
        self._emit(Progress(step.name, "failed", text, remedy=failure.remedy))
        return False


class ModelsOutput:
    """Reads the lines of `lory models fetch --progress-json`; `failure` is what it said at last."""

    def __init__(self, step: Step) -> None:
        self.failure: Failure | None = None
        self._total = step.download_mb * 1_000_000
        self._before: dict[str, int] = {}

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
        arrived = int(record.get("bytes_done", 0))
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
        )


_STAGES = {
    "check": ("检查", "checking"),
    "download": ("下载", "fetching"),
    "build": ("转换", "converting"),
    "verify": ("校验", "verifying"),
    "done": ("装好", "installed"),
}


def _models_failure(record: dict[str, object]) -> Failure:
    text = str(record.get("text", ""))
    again = Text("再运行 make run 会接着下载", "make run again goes on where it stopped")
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
