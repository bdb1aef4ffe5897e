"""What the command line loads before it knows what is wanted, and the box when it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.arrows import modules

NETWORK = ("http", "urllib.request", "urllib.error", "urllib.robotparser", "socketserver", "ftplib")


def loaded(program: str, *arguments: str) -> set[str]:
    """All modules of a process at the end of this program."""
    code = f"import sys\n{program}\nprint(*sys.modules, sep='\\n', file=sys.__stdout__)"
    command = [sys.executable, "-c", code, *arguments]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_parser_of_all_commands_loads_argparse_and_nothing_else() -> None:
    bare = loaded("import argparse, pathlib, typing\nargparse.ArgumentParser().format_help()")
    found = loaded(
        "from appliance.commands.parsers import build_parser\nbuild_parser().format_help()"
    )
    commands = {"appliance.commands", "appliance.commands.handlers", "appliance.commands.parsers"}
    assert found - bare <= commands | {"appliance", "appliance.paths", "__future__"}


def test_a_box_that_starts_loads_nothing_that_could_reach_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STATE", "CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"XDG_{name}_{'DIR' if name == 'RUNTIME' else 'HOME'}", str(tmp_path))
    found = loaded(
        "from appliance import box, cli\n"
        "from appliance.front.hardware import HardwareError\n"
        "def no_front(*_): raise HardwareError('there is no glass')\n"
        "box.real_front = no_front\n"
        "assert cli.main(['run']) == 1"
    )
    assert "appliance.dialogue.conductor" in found
    assert [name for name in found if name.startswith(NETWORK)] == []


def test_every_command_is_mounted_here_and_nowhere_else() -> None:
    others = [
        name
        for name, path in modules().items()
        if name.startswith("appliance.") and name != "appliance.commands.parsers"
        if "add_subparsers" in path.read_text(encoding="utf-8")
    ]
    assert others == []
