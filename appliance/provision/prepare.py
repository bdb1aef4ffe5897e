"""What `make run` does before the panel opens. Standard library only: nothing is installed yet.

`python -m appliance.provision.prepare pip` brings pip to the version that the rest needs.
`… panel STAMP` says what is missing on this machine and installs the few small packages that the
panel itself needs, and the program, under the environment's lock. Where the index cannot be reached
and the packages are there already, that is told, and the panel opens with them: the exit status is
0, STAMP stays old.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from appliance.provision import process
from appliance.provision.failure import BY_HAND, Failure, explain
from appliance.provision.halfway import clear_halves
from appliance.provision.lock import Lock, environment_lock
from appliance.provision.planning import describe, plan
from appliance.provision.requirements import TREE, missing, name_of, panel_requirements
from appliance.provision.run import Tools
from ui.strings import Text

_PIP = "pip>=25.1"  # its progress can be read, and it takes the options that are used
_OPENS_ANYWAY = Text("先用已装好的打开面板", "the panel opens with what is installed already")


def upgrade_pip(tools: Tools) -> int:
    """Called with the lock held. The exit status."""
    failure = asyncio.run(_pip(tools, "--upgrade", _PIP))
    if failure is not None:
        _say(failure, BY_HAND)
    return 0 if failure is None else 1


def prepare_panel(stamp: Path, tools: Tools) -> int:
    """The exit status: whether the panel can be opened."""
    found = plan()
    for language in ("zh", "en"):
        print(describe(found, language), end="\n\n", flush=True)
    with environment_lock() as lock:
        clear_halves()
        failure = asyncio.run(_install(tools, lock))
    if failure is None:
        stamp.touch()
        return 0
    opens = not missing(panel_requirements())
    _say(failure, _OPENS_ANYWAY if opens else BY_HAND)
    return 0 if opens else 1


async def _install(tools: Tools, lock: Lock) -> Failure | None:
    """One package after the other, then the program; why it ended early."""
    for requirement in missing(panel_requirements()):
        name = name_of(requirement)
        _line(Text(f"安装面板：{name}", f"installing the panel: {name}"))
        if (failure := await _pip(tools, requirement, lock=lock)) is not None:
            return failure
    _line(Text("安装本程序", "installing the program"))
    return await _pip(tools, "--no-deps", "-e", str(TREE), lock=lock)


async def _pip(tools: Tools, *what: str, lock: Lock | None = None) -> Failure | None:
    held = () if lock is None else lock.descriptors
    command = (*tools.pip, "install", "-vv", "--no-input", "--disable-pip-version-check", *what)
    log = tools.logs / "panel.log"
    try:
        ended = await process.run(command, log, lambda _: None, keep_open=held)
    except OSError as error:
        return explain(str(error), log)
    return explain(ended.tail, log) if ended.status else None


def _line(text: Text) -> None:
    print(f"  {text.zh} / {text.en}", flush=True)


def _say(failure: Failure, then: Text) -> None:
    print(f"! {failure.what.zh}；{failure.remedy.zh}；{then.zh}。", file=sys.stderr)
    print(f"! {failure.what.en}; {failure.remedy.en}; {then.en}.", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """The exit status."""
    match arguments:
        case ["pip"]:
            return upgrade_pip(Tools())
        case ["panel", stamp]:
            return prepare_panel(Path(stamp), Tools())
    print("usage: prepare pip | prepare panel STAMP", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
