"""`python -m appliance.provision.pip ARGUMENTS`: pip, as this project runs it.

With llama.cpp compiled as `compiling` says, and without what pip's cache holds of it for another
CPU or from another build: pip would take that wheel unasked. Standard library only: it runs before
anything is installed. Makefile, provisioning, systemd/install.sh and openwrt/build-rootfs.sh call
this and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from appliance.engines.native_build import DISTRIBUTION
from appliance.provision.compiling import build_environment, must_be_compiled_anew

_WHEEL_NAME = DISTRIBUTION.replace("-", "_")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def main(arguments: Sequence[str]) -> int:
    """Run pip in place of this process; returns only where it cannot be started."""
    env = {**os.environ, "PYTHONWARNINGS": "ignore"}
    if "install" in arguments or "wheel" in arguments:
        env |= build_environment(env)
        if must_be_compiled_anew():
            _run("uninstall", "-y", DISTRIBUTION, env=env)  # else pip finds it satisfying
        if _takes_engine(arguments):
            forget_foreign_wheels(env["SKBUILD_WHEEL_BUILD_TAG"], env)
    os.execve(sys.executable, [*PIP, *arguments], env)


def _takes_engine(arguments: Sequence[str]) -> bool:
    """Whether pip may take llama.cpp from its cache: asking it what lies there takes a second."""
    if {"--no-cache-dir", "--no-deps"} & set(arguments):
        return False
    return any(word.startswith((DISTRIBUTION, ".", "/")) for word in arguments)


def forget_foreign_wheels(tag: str, env: Mapping[str, str]) -> list[str]:
    """Take those wheels out of pip's cache that were not compiled as one would be now.

    They can be made again at any time. One without a tag may be anything.
    """
    removed = []
    for wheel in _cached(env):
        if _build_tag(wheel) != tag:
            print(f"{wheel}: compiled for another CPU, or otherwise than here: not used")
            _run("cache", "remove", wheel.removesuffix(".whl"), env=env)
            removed.append(wheel)
    return removed


def _cached(env: Mapping[str, str]) -> list[str]:
    """Names of the wheels of llama.cpp in pip's cache; none where there is no cache."""
    listed = _run("cache", "list", _WHEEL_NAME, "--format", "abspath", env=env)
    return sorted({Path(line.strip()).name for line in listed.splitlines() if line.strip()})


def _build_tag(wheel: str) -> str:
    """The build tag in a wheel's file name: name, version, [build], python, abi, platform."""
    parts = wheel.split("-")
    return parts[2] if len(parts) == 6 else ""


def _run(*arguments: str, env: Mapping[str, str]) -> str:
    done = subprocess.run([*PIP, *arguments], env=env, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
