"""The main process alone: start to first screen, memory, and what it costs while idle.

python -m bench.box [--json] [--repeats N] [--idle SECONDS]

Baseline, interleaved: the bare interpreter. The box is the real one on virtual parts with a 400 kHz
bus in real time, without models, so that no worker shares the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

BARE = """
import resource, time
print(time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

BOX = """
import asyncio, json, resource, sys, time
from appliance.box import serve
from appliance.commands.virtual_box import VirtualBox
from appliance.world import World

idle = float(sys.argv[1])
box = VirtualBox()

async def watch(app):
    while not any(box.parts.glass.frame()):
        await asyncio.sleep(0.001)
    print(time.monotonic(), flush=True)
    while app.presenter.booting:
        await asyncio.sleep(0.01)
    for name in ("llm", "asr", "tts", "audio"):
        await app.team.members[name].stop()
    await asyncio.sleep(3.0)
    wall, cpu = time.monotonic(), time.process_time()
    await asyncio.sleep(idle)
    share = (time.process_time() - cpu) / (time.monotonic() - wall)
    pages = int(open("/proc/self/statm").read().split()[1])
    print(pages * resource.getpagesize() // 1024, share, flush=True)

with World.open(None) as world:
    asyncio.run(serve(world, box.make_front, watch))
"""


def run_bare() -> tuple[float, float]:
    """Seconds to the first statement; RSS in MB."""
    began = time.monotonic()
    out = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True, check=True)
    at, rss = out.stdout.split()
    return float(at) - began, int(rss) / 1024


def run_box(idle: float) -> tuple[float, float, float]:
    """Seconds to the first lit pixel; RSS in MB; share of one core while idle."""
    with tempfile.TemporaryDirectory() as home:
        places = dict.fromkeys(("XDG_STATE_HOME", "XDG_CONFIG_HOME", "LORY_MODELS"), home)
        began = time.monotonic()
        out = subprocess.run(
            [sys.executable, "-c", BOX, str(idle)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | places,
        )
    first, second = out.stdout.splitlines()[-2:]
    rss, share = second.split()
    return float(first) - began, int(rss) / 1024, float(share)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--idle", type=float, default=10.0, help="seconds to watch it idle")
    arguments = parser.parse_args()
    bare, box = [], []
    for _ in range(arguments.repeats):
        bare.append(run_bare())
        box.append(run_box(arguments.idle))
    bare_start, bare_rss = (median(column) for column in zip(*bare, strict=True))
    start, rss, idle = (median(column) for column in zip(*box, strict=True))
    found = {
        "first_screen_s": round(start, 3),
        "bare_start_s": round(bare_start, 3),
        "first_screen_ratio": round(start / bare_start, 1),
        "rss_mb": round(rss, 1),
        "bare_rss_mb": round(bare_rss, 1),
        "rss_ratio": round(rss / bare_rss, 2),
        "idle_cpu_percent": round(100 * idle, 2),
    }
    if arguments.json:
        print(json.dumps(found))
        return 0
    print(f"start to first screen  {start:6.2f} s    bare interpreter {bare_start:.2f} s")
    print(f"resident memory        {rss:6.1f} MB   bare interpreter {bare_rss:.1f} MB")
    print(f"idle, of one core      {100 * idle:6.2f} %    keypad polled 50 times a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
