"""Two `make run` at once: one works, the other says so and waits."""

import subprocess

from appliance.provision.lock import Lock
from tests.child import Child
from tests.waiting import until

WAITER = """
import sys
from pathlib import Path
from appliance.provision.lock import Lock

sys.stderr = sys.stdout
with Lock(Path(sys.argv[1])):
    print("mine", flush=True)
"""
# Starts a child that keeps the lock, and is killed.
PARENT = """
import os, signal, subprocess, sys
from pathlib import Path
from appliance.provision.lock import Lock

lock = Lock(Path(sys.argv[1]))
lock.take()
child = subprocess.Popen(["sleep", "600"], pass_fds=lock.descriptors)
print(child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_it_belongs_to_one_at_a_time_and_is_free_afterwards(tmp_path):
    first, second = Lock(tmp_path), Lock(tmp_path)
    assert first.take_now()
    assert not second.take_now()
    first.release()
    assert second.take_now()
    second.release()


def test_whoever_waits_says_so_in_both_languages(tmp_path):
    lock = Lock(tmp_path)
    lock.take()
    with Child(WAITER, str(tmp_path)) as waiting:
        assert waiting.line().startswith("另一个安装")
        assert waiting.line().startswith("another installation")
        assert waiting.process.poll() is None
        lock.release()
        assert waiting.line() == "mine"


def test_what_a_killed_installer_left_running_still_holds_it(tmp_path):
    with Child(PARENT, str(tmp_path)) as child:
        orphan = int(child.line())
        child.process.wait()
        lock = Lock(tmp_path)
        assert not lock.take_now()
        subprocess.run(["kill", str(orphan)], check=True)
        until(lock.take_now)
        lock.release()
