"""How an engine's threads wait for one another: by OpenMP, shortly, then asleep.

llama.cpp's threads meet some 300 times a token. GNU OpenMP lets whoever is early turn in a loop for
milliseconds; where the cores are wanted by others, too, that loop keeps the very thread that all
wait for from running, and decoding falls to a fortieth. Turning only for as long as a meeting lasts
on cores of one's own costs nothing there (docs/load.md has the figures, `bench.load` measures them
anew). sherpa-onnx runs with one thread on up to seven cores: nobody waits there. Source: libgomp's
manual, GOMP_SPINCOUNT and OMP_WAIT_POLICY.
"""

from __future__ import annotations

import os

SPIN_COUNT = 1000
"""Turns of libgomp's loop: some 20 µs on x86-64, less on Arm."""


def wait_asleep() -> None:
    """Call it before the first library that brings OpenMP is loaded. The user's own wish wins."""
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", str(SPIN_COUNT))
