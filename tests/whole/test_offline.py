"""Offline that is proven: the whole path in a network namespace without any network."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def without_network(*command):
    """`command` in a fresh network namespace; skips where the kernel does not let us."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("util-linux' unshare is not installed")
    flags = "-n" if os.geteuid() == 0 else "-rn"
    if subprocess.run([unshare, flags, "true"], capture_output=True).returncode:
        pytest.skip("this kernel does not allow network namespaces")
    # Without the suite's own guard: here the kernel is what forbids.
    return subprocess.run(
        [unshare, flags, *command], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )


@pytest.mark.models
@pytest.mark.usefixtures("default_models")
def test_the_demo_passes_without_any_network(tmp_path):
    out = tmp_path / "out"
    done = without_network(sys.executable, "-m", "appliance", "demo", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "heard: 天空为什么是蓝色" in done.stdout
    assert len(list(out.glob("answer-*.wav"))) == 2
    assert len(list(out.glob("screen-*.png"))) > 20
    assert (out / "session.gif").stat().st_size > 10_000
    assert "asked: 中国的首都是哪里" in (out / "transcript.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_the_suites_guard_lets_no_socket_to_the_outside_be_opened(family):
    with pytest.raises(RuntimeError, match="offline"):
        socket.socket(family)


def test_the_guard_reaches_the_processes_that_tests_start():
    program = "import socket; socket.socket(socket.AF_INET)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode != 0
    assert "offline" in done.stderr
