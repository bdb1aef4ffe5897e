"""How llama.cpp is compiled: for this CPU, and without what the compiler gets wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from appliance.engines import native_build
from appliance.engines.native_build import Build
from appliance.health import cpu
from appliance.provision import compiling
from appliance.provision.compiling import NO_AMX, Compiler, build_environment, build_to_be

RIGHT = [(12, 4), (12, 5), (13, 3), (14, 0), (15, 2), (10, 2), (9, 4)]
WRONG = [(11, 2), (11, 5), (12, 2), (12, 3), (13, 0), (13, 2)]

PLAIN = {"ssse3", "sse4_1", "sse4_2", "popcnt"}
WITHOUT = "-DGGML_AVX=OFF -DGGML_AVX2=OFF -DGGML_FMA=OFF -DGGML_BMI2=OFF -DGGML_F16C=OFF"

# What llama.cpp does before its first product of tiles.
TILES = """
#include <immintrin.h>
#include <string.h>
void configure(void) {
    struct {
        unsigned char palette, start, gap[14];
        unsigned short bytes[16];
        unsigned char rows[16];
    } __attribute__((aligned(64))) tiles;
    memset(&tiles, 0, sizeof tiles);
    tiles.palette = 1;
    for (int i = 0; i < 8; i++) { tiles.rows[i] = 90; tiles.bytes[i] = 64; }
#ifdef __AMX_TILE__
    _tile_loadconfig(&tiles);
#endif
}
"""


def on(monkeypatch, compiler, architecture="x86_64", features=("avx2", "amx_tile", "amx_int8")):
    monkeypatch.setattr(compiling, "find_compiler", lambda env: compiler)
    monkeypatch.setattr(cpu, "architecture", lambda: architecture)
    monkeypatch.setattr(cpu, "features", lambda: frozenset(features))


@pytest.mark.parametrize("version", WRONG)
def test_a_compiler_that_is_wrong_about_amx_is_told_not_to_use_it(monkeypatch, version):
    on(monkeypatch, Compiler("gcc", version))
    env = build_environment({"PATH": "/usr/bin"})
    for name in ("CFLAGS", "CXXFLAGS"):
        assert set(NO_AMX) <= set(env[name].split())
    assert Build.parse(env["SKBUILD_WHEEL_BUILD_TAG"]) == Build("x86_64", frozenset({"avx2"}))


@pytest.mark.parametrize(
    "compiler", [*(Compiler("gcc", v) for v in RIGHT), Compiler("clang", (14, 0))]
)
def test_a_compiler_that_is_right_uses_all_the_cpu_has(monkeypatch, compiler):
    on(monkeypatch, compiler)
    env = build_environment({"PATH": "/usr/bin"})
    assert "CFLAGS" not in env and "CXXFLAGS" not in env
    build = Build.parse(env["SKBUILD_WHEEL_BUILD_TAG"])
    assert build == Build("x86_64", frozenset({"avx2", "amx_tile", "amx_int8"}))


def test_an_arm_compiler_gets_no_flags_of_intel(monkeypatch):
    on(monkeypatch, Compiler("gcc", (12, 2)), "aarch64", ("asimddp", "atomics"))
    assert "CFLAGS" not in build_environment({"PATH": "/usr/bin"})


def test_what_the_user_set_is_kept_and_comes_last(monkeypatch):
    on(monkeypatch, Compiler("gcc", (12, 2)))
    env = build_environment({"CFLAGS": "-g", "CMAKE_ARGS": "-DGGML_BLAS=ON"})
    assert env["CFLAGS"].split() == [*NO_AMX, "-g"]
    assert env["CMAKE_ARGS"].endswith("-DGGML_BLAS=ON")


@pytest.mark.parametrize(
    "architecture, options, needed",
    [
        ("x86_64", "", PLAIN | {"avx", "avx2", "bmi1", "bmi2", "fma", "f16c"}),
        ("x86_64", WITHOUT, PLAIN),
        ("aarch64", "-DGGML_CPU_ARM_ARCH=armv8-a", set()),
        (
            "aarch64",
            "-DGGML_CPU_ARM_ARCH=armv8.2-a+dotprod",
            {"crc32", "atomics", "asimdrdm", "asimddp"},
        ),
        ("aarch64", "", set()),
    ],
)
def test_a_build_for_another_machine_says_what_that_needs(
    monkeypatch, architecture, options, needed
):
    on(monkeypatch, Compiler("gcc", (12, 2)), architecture)
    env = {"CMAKE_ARGS": f"-DGGML_NATIVE=OFF {options}"}
    assert build_to_be(env) == Build(architecture, frozenset(needed))


def assembled(compiler, folder, *flags):
    (folder / "tiles.c").write_text(TILES)
    done = subprocess.run(
        [compiler, "-O2", *flags, "-S", "-o", "-", str(folder / "tiles.c")],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"{compiler} knows no AMX: {done.stderr.splitlines()[:1]}")
    return done.stdout


@pytest.mark.skipif(cpu.architecture() != "x86_64", reason="AMX is x86")
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_the_list_of_wrong_compilers_agrees_with_the_compiler_here(compiler, tmp_path):
    """A wrong one drops the rows of 90 that it was to load into the tile configuration."""
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler} here")
    found = compiling.ask_compiler([compiler])
    assert found is not None and found.name == compiler
    code = assembled(compiler, tmp_path, "-march=sapphirerapids")
    assert "ldtilecfg" in code
    rows = str(0x5A5A5A5A5A5A5A5A), "90", "1515870810"
    assert found.wrong_about_amx == (not any(row in code for row in rows))


@pytest.mark.skipif(cpu.architecture() != "x86_64", reason="AMX is x86")
def test_the_flags_leave_no_tile_instruction(tmp_path):
    if shutil.which("gcc") is None:
        pytest.skip("no gcc here")
    for target in ("-march=sapphirerapids", "-march=native"):
        assert "tile" not in assembled("gcc", tmp_path, *NO_AMX, target).replace("tiles.c", "")


def test_the_compiler_here_is_known():
    found = compiling.find_compiler()
    if found is None:
        pytest.skip("no C++ compiler here")
    assert found.name in ("gcc", "clang")
    assert found.version > (3, 0)


def test_nothing_that_calls_itself_a_compiler_is_believed(tmp_path):
    fake = tmp_path / "c++"
    fake.write_text("#!/bin/sh\necho hello\n")
    fake.chmod(0o755)
    assert compiling.ask_compiler([str(fake)]) is None
    assert compiling.ask_compiler([str(tmp_path / "none")]) is None


def test_what_failed_in_every_way_is_compiled_plainly(monkeypatch, tmp_path):
    monkeypatch.setattr(native_build, "PLAIN_WISH", tmp_path / "wish")
    on(monkeypatch, Compiler("gcc", (14, 0)), features=(*PLAIN, "avx", "avx2", "bmi1", "bmi2"))
    assert "GGML_NATIVE" not in build_environment({})["CMAKE_ARGS"]
    native_build.wish_for_plain()
    env = build_environment({})
    assert "-DGGML_NATIVE=OFF -DGGML_FMA=OFF -DGGML_F16C=OFF" in env["CMAKE_ARGS"]
    build = Build.parse(env["SKBUILD_WHEEL_BUILD_TAG"])
    assert build == Build("x86_64", frozenset(PLAIN | {"avx", "avx2", "bmi1", "bmi2"}))


def test_a_wish_for_a_plain_build_is_granted_once(monkeypatch, tmp_path):
    monkeypatch.setattr(native_build, "PLAIN_WISH", tmp_path / "wish")
    monkeypatch.setattr(compiling, "installed", lambda: None)
    assert not compiling.must_be_compiled_anew()
    native_build.wish_for_plain()
    assert compiling.must_be_compiled_anew()
    plain = Build.parse(build_environment()["SKBUILD_WHEEL_BUILD_TAG"])
    monkeypatch.setattr(compiling, "installed", lambda: plain)
    assert not compiling.must_be_compiled_anew()


def test_an_environment_that_may_not_be_written_has_no_wish(monkeypatch, tmp_path):
    monkeypatch.setattr(native_build, "PLAIN_WISH", tmp_path / "none" / "wish")
    native_build.wish_for_plain()
    assert not native_build.wants_plain()


def test_where_tmp_runs_no_programs_pip_builds_in_the_environment(monkeypatch, tmp_path):
    assert "TMPDIR" not in build_environment({})
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(os, "statvfs", lambda place: SimpleNamespace(f_flag=os.ST_NOEXEC))
    env = build_environment({})
    assert Path(env["TMPDIR"]).is_dir()
    assert env["TMPDIR"].startswith(str(tmp_path))
