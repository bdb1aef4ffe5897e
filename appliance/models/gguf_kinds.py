"""Whether a GGUF file is of a kind that the engine runs, told before a gigabyte is copied.

Split files, kinds of weights that llama.cpp has dropped, architectures it does not know: it would
say so at the first load, or not at all, and the model would be broken for ever. Sources:
gguf-split's keys (`split.no`, `split.count`) and ggml.h's enum ggml_type, in llama.cpp.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from appliance.models.errors import ImportRefusedError
from appliance.models.gguf import KNOWN_KINDS, Header

_PART = re.compile(r"(?P<stem>.*)-\d{5}-of-\d{5}\Z")


def check_runnable(path: Path, header: Header) -> None:
    """Raises: ImportRefusedError: the engine will not run it; says what is wanted instead."""
    _refuse_parts(path, header)
    kind = header.text("general.type") or "model"
    if kind != "model":
        raise ImportRefusedError(f"{path.name}: it is no language model but of type {kind!r}")
    strange = sorted({tensor.kind for tensor in header.tensors} - KNOWN_KINDS)
    if strange:
        kinds = ", ".join(map(str, strange))
        raise ImportRefusedError(
            f"{path.name}: weights of type {kinds}, which llama.cpp does not run; "
            "Q4_0 or Q4_K_M is wanted"
        )
    _refuse_architecture(path, header.architecture)


def _refuse_parts(path: Path, header: Header) -> None:
    count = header.metadata.get("split.count", 0)
    number = header.metadata.get("split.no", 0)
    if not isinstance(count, int) or not isinstance(number, int) or count < 2:
        return
    stem = match["stem"] if (match := _PART.match(path.stem)) else path.stem
    names = [f"{stem}-{each:05}-of-{count:05}.gguf" for each in range(1, min(count, 100) + 1)]
    others = [name for index, name in enumerate(names) if index != number]
    raise ImportRefusedError(
        f"{path.name} is part {number + 1} of {count} of a model; it needs {', '.join(others)}: "
        f"put them together with llama-gguf-split --merge {names[0]} {stem}.gguf and import that"
    )


def _refuse_architecture(path: Path, name: str) -> None:
    library = _engine_library()
    if not name:
        raise ImportRefusedError(f"{path.name} does not say its architecture")
    if library is not None and name.encode() + b"\0" not in library:
        raise ImportRefusedError(
            f"{path.name}: architecture {name!r} is not known to the installed llama.cpp"
        )


def _engine_library() -> bytes | None:
    """The installed llama.cpp's own bytes, which hold the names of its architectures; nothing of it
    is loaded. None where it is not installed.
    """
    try:
        spec = importlib.util.find_spec("llama_cpp")
        folders = list(spec.submodule_search_locations or ()) if spec is not None else []
        found = [path for folder in folders for path in Path(folder).glob("lib/libllama.so*")]
        return found[0].read_bytes() if found else None
    except (OSError, ValueError):
        return None
