"""What instructions this machine's processor has, as far as compilers make use of them.

The names are the kernel's (the `flags` of x86 and the `Features` of Arm in /proc/cpuinfo:
arch/x86/include/asm/cpufeatures.h, Documentation/arch/arm64/elf_hwcaps.rst). Only what a compiler
may emit unasked counts: other flags come and go with kernels and say nothing of a program.
"""

from __future__ import annotations

import platform
from pathlib import Path

ROOT = Path("/")

# A feature's place is its bit in a build's tag: append, never move.
FEATURES: dict[str, tuple[str, ...]] = {
    "x86_64": (
        *("ssse3", "sse4_1", "sse4_2", "popcnt", "movbe", "abm", "bmi1", "bmi2", "adx"),
        *("f16c", "fma", "fma4", "xop", "tbm", "avx", "avx2", "avx_vnni", "avx_vnni_int8"),
        *("avx_vnni_int16", "avx_ifma", "avx_ne_convert", "avx512f", "avx512cd", "avx512dq"),
        *("avx512bw", "avx512vl", "avx512ifma", "avx512vbmi", "avx512_vbmi2", "avx512_vnni"),
        *("avx512_bitalg", "avx512_vpopcntdq", "avx512_vp2intersect", "avx512_bf16"),
        *("avx512_fp16", "aes", "vaes", "pclmulqdq", "vpclmulqdq", "gfni", "sha_ni"),
        *("amx_tile", "amx_int8", "amx_bf16", "amx_fp16", "amx_complex"),
    ),
    "aarch64": (
        *("crc32", "aes", "pmull", "sha1", "sha2", "sha3", "sha512", "atomics", "asimdrdm"),
        *("fphp", "asimdhp", "asimdfhm", "asimddp", "jscvt", "fcma", "lrcpc", "ilrcpc", "flagm"),
        *("paca", "i8mm", "bf16", "sve", "svei8mm", "svebf16", "sve2", "sme", "sme2"),
    ),
}
AMX = frozenset(name for name in FEATURES["x86_64"] if name.startswith("amx_"))


def architecture() -> str:
    """`x86_64`, `aarch64`, or what else the kernel calls it; a 32-bit one is not ours."""
    return platform.machine().lower().replace("amd64", "x86_64").replace("arm64", "aarch64")


def features(root: Path = ROOT) -> frozenset[str]:
    """Those of `FEATURES` that every core has; empty where the kernel tells none."""
    try:
        lines = (root / "proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    known = frozenset(name for names in FEATURES.values() for name in names)
    cores = [
        frozenset(value.split())
        for name, _, value in (line.partition(":") for line in lines)
        if name.strip() in ("flags", "Features")
    ]
    return known & frozenset.intersection(*cores) if cores else frozenset()
