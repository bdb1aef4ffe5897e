"""Engines broken on purpose: a library that is loaded first takes some functions' place."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

CRASH = "*(volatile int *)0 = 1;"
WRONG = "for (int r = 0; r < nr; r++) for (int c = 0; c < nc; c++) s[r * bs + c] = 0.5f;"
_SIGNATURE = "int n, float *s, size_t bs, const void *vx, const void *vy, int nr, int nc"


def repacked_products() -> list[str]:
    """The functions of ggml that multiply repacked weights."""
    spec = find_spec("llama_cpp")
    assert spec is not None and spec.origin is not None
    library = Path(spec.origin).parent / "lib/libggml-cpu.so"
    names = set(re.findall(rb"\0(ggml_gem[mv]_\w+)(?=\0)", library.read_bytes()))
    return sorted(name.decode() for name in names if not name.endswith(b"_generic"))


def preload(folder: Path, body: str) -> str:
    """A library in which the products of repacked weights do this instead."""
    if shutil.which("gcc") is None or not repacked_products():
        pytest.skip("no compiler here, or no repacked weights on this processor")
    source = folder / "broken.c"
    functions = "\n".join(f"void {name}({_SIGNATURE}) {{ {body} }}" for name in repacked_products())
    source.write_text(f"#include <stddef.h>\n{functions}\n")
    library = folder / "broken.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    return str(library)
