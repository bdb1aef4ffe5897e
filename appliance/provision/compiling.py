"""How llama.cpp is compiled here: the one place that says so. Standard library only.

For this very CPU, which is worth half of its speed, with these exceptions:

* AMX only where the compiler is right about it. GCC before 12.4, 13.3 and 14 takes 8 of the 64
  bytes of `_tile_loadconfig`'s operand for read: the rest of the tile configuration is optimised
  away and the first prefill ends with SIGSEGV (llama.cpp issues 20824 and 26954). Debian 12 has
  12.2, and most cloud machines have AMX.
* Without the libraries for pictures and sound, which are a third of the work and used by nobody.

* Plainly, for what every processor of some age has, once the proof failed in every way
  (`native_build.PLAIN_WISH`, a file in the environment: without it the next build is a fast one).

Where /tmp may run no programs pip builds in the environment. `CMAKE_ARGS`, `CFLAGS` and `CXXFLAGS`
of the user are kept and come last.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appliance.engines.native_build import Build, installed, lacking_here, wants_plain
from appliance.health import cpu
from appliance.health.machine import memory

NO_AMX = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")
_SMALL = ("-DLLAVA_BUILD=OFF",)
_FIRST_WITH_AMX = (11, 0)  # an older GCC knows neither the instructions nor the options
_BYTES_PER_COMPILER = 900_000_000  # the largest file of llama.cpp, with room

# What ggml compiles for on x86 where it is told not to look at the machine (its CMakeLists.txt).
_PLAIN_X86 = {
    "SSE42": {"ssse3", "sse4_1", "sse4_2", "popcnt"},
    "AVX": {"avx"},
    "AVX2": {"avx2"},
    "BMI2": {"bmi1", "bmi2"},
    "FMA": {"fma"},
    "F16C": {"f16c"},
}
_ARM_LEVELS = (
    ({"armv8.1-a", "armv8.2-a", "armv8.3-a", "armv8.4-a"}, {"crc32", "atomics", "asimdrdm"}),
    ({"armv8.3-a", "armv8.4-a"}, {"jscvt", "fcma", "lrcpc", "paca"}),
    ({"armv8.4-a"}, {"asimddp", "flagm", "ilrcpc"}),
)
_ARM_EXTENSIONS = {
    "crc": {"crc32"},
    "lse": {"atomics"},
    "fp16": {"fphp", "asimdhp"},
    "dotprod": {"asimddp"},
    "i8mm": {"i8mm"},
    "bf16": {"bf16"},
    "sve": {"sve"},
    "sve2": {"sve", "sve2"},
    "sme": {"sme"},
}


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C++ compiler by its own word: `gcc` or `clang`, and its version."""

    name: str
    version: tuple[int, int]

    @property
    def wrong_about_amx(self) -> bool:
        if self.name != "gcc" or self.version < _FIRST_WITH_AMX:
            return False
        major, minor = self.version
        return minor < {12: 4, 13: 3}.get(major, 0) or major < 12


def find_compiler(env: Mapping[str, str] = os.environ) -> Compiler | None:
    """The one CMake will take: CXX, else the first that is there; None where there is none."""
    for command in (env.get("CXX", ""), "c++", "g++", "clang++"):
        words = shlex.split(command)
        if words and shutil.which(words[0]):
            return ask_compiler(words)
    return None


def ask_compiler(words: list[str]) -> Compiler | None:
    """Name and version, from the macros that every compiler sets; None: it does not compile."""
    try:
        done = subprocess.run(
            [*words, "-dM", "-E", "-x", "c++", "-"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    macros = dict(re.findall(r"#define __(\w+?)__ (\d+)$", done.stdout, re.MULTILINE))
    if "clang" in macros:
        return Compiler("clang", (int(macros["clang_major"]), int(macros["clang_minor"])))
    if "GNUC" in macros:
        return Compiler("gcc", (int(macros["GNUC"]), int(macros.get("GNUC_MINOR", 0))))
    return None


def build_environment(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What is added to the environment in which pip compiles llama.cpp."""
    here = cpu.architecture()
    compiler = find_compiler(env)
    doubtful = here == "x86_64" and compiler is not None and compiler.wrong_about_amx
    flags = NO_AMX if doubtful else ()
    added = {
        name: " ".join(filter(None, (*flags, env.get(name, "")))) for name in ("CFLAGS", "CXXFLAGS")
    }
    own = env.get("CMAKE_ARGS", "")
    plain = _plain_arguments() if wants_plain() and "GGML_NATIVE" not in own else ()
    added["CMAKE_ARGS"] = " ".join(filter(None, (*_SMALL, *plain, own)))
    added["TMPDIR"] = _place_to_build()
    added["CMAKE_BUILD_PARALLEL_LEVEL"] = _compilers_at_once(env)
    added["SKBUILD_WHEEL_BUILD_TAG"] = build_to_be({**env, **added}).tag
    return {name: value for name, value in added.items() if value}


def must_be_compiled_anew() -> bool:
    """Whether the llama.cpp that is installed is of no use here."""
    if lacking_here():
        return True
    if not wants_plain():
        return False
    found = installed()
    return found is None or found.tag != build_environment()["SKBUILD_WHEEL_BUILD_TAG"]


def _plain_arguments() -> tuple[str, ...]:
    """Without looking at the machine, and without what it has not."""
    if cpu.architecture() != "x86_64":
        return ("-DGGML_NATIVE=OFF",)
    here = cpu.features()
    absent = (f"-DGGML_{key}=OFF" for key, names in _PLAIN_X86.items() if not names <= here)
    return ("-DGGML_NATIVE=OFF", *absent)


def _place_to_build() -> str:
    """Empty: where pip builds anyway. pip runs the build tools from there."""
    place = Path(tempfile.gettempdir())
    if not os.statvfs(place).f_flag & os.ST_NOEXEC:
        return ""
    ours = Path(sys.prefix) / "tmp"
    ours.mkdir(exist_ok=True)
    return str(ours)


def build_to_be(env: Mapping[str, str] = os.environ) -> Build:
    """What a llama.cpp that is compiled in this environment will need."""
    here = cpu.architecture()
    options = dict(re.findall(r"-DGGML_(\w+?)(?::\w+)?=(\S+)", env.get("CMAKE_ARGS", "")))
    if options.get("NATIVE", "ON").upper() in ("OFF", "0", "NO", "FALSE"):
        return Build(here, frozenset(_told_to_use(here, options)))
    native = cpu.features()
    if NO_AMX[0] in shlex.split(env.get("CXXFLAGS", "")):
        native -= cpu.AMX
    return Build(here, native)


def _told_to_use(architecture: str, options: Mapping[str, str]) -> set[str]:
    """The features of a build that does not look at the machine."""
    if architecture == "x86_64":
        wanted = (names for key, names in _PLAIN_X86.items() if options.get(key, "ON") == "ON")
        return set().union(*wanted)
    level, *extensions = options.get("CPU_ARM_ARCH", "armv8-a").split("+")
    names = [names for levels, names in _ARM_LEVELS if level in levels]
    names += [_ARM_EXTENSIONS.get(extension, set()) for extension in extensions]
    return set().union(*names) if architecture == "aarch64" else set()


def _compilers_at_once(env: Mapping[str, str]) -> str:
    """As many as the memory carries; the user's own setting wins."""
    own = env.get("CMAKE_BUILD_PARALLEL_LEVEL")
    cores = os.cpu_count() or 1
    found = memory()
    fitting = found.available // _BYTES_PER_COMPILER if found else cores
    return own or str(max(1, min(cores, fitting)))
