"""From `git clone` to the panel, the first hanzi, the first answer, the first spoken answer.

    python -m bench.first_hour [--caches warm|cold|both] [--json] [--folder FOLDER]

`warm`: pip's cache and the model store of this user, as for a second clone. `cold`: neither, as for
a newcomer; llama.cpp is compiled and 1.6 GB are fetched. In either case an environment, a home of
state and a panel of its own, on a pseudo-terminal. What is cloned is the last commit. The first
question is asked as soon as it is typed and waits for what it needs; one that were asked at minute
one would be answered at the same moment, so its wait follows from that.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.first_hour.newcomer import Newcomer, StuckError

MINUTE = 60.0
PATIENCE = 3600.0  # seconds: llama.cpp on a slow and busy machine
ROWS = {
    "clone": "git clone",
    "panel": "panel open",
    "hanzi": "first typed hanzi on the glass",
    "asked": "first question sent",
    "answer": "first token of its answer",
    "sound": "first sound of it",
    "waits_from_minute_one": "a question of minute one waits",
}


def environment(folder: Path, cold: bool) -> dict[str, str]:
    """That of a newcomer: no state, and where `cold` neither pip's cache nor a model."""
    own = {
        "XDG_STATE_HOME": folder / "state",
        "XDG_RUNTIME_DIR": folder / "run",
        **({"PIP_CACHE_DIR": folder / "pip", "LORY_MODELS": folder / "models"} if cold else {}),
    }
    for path in own.values():
        path.mkdir(mode=0o700)
    # A make above us must not hand down its options, nor the caller's environment its packages.
    left_out = ("MAKE", "MFLAGS", "VIRTUAL_ENV", "PYTHONPATH", "PYTHON")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return env | {name: str(path) for name, path in own.items()} | {"TERM": "xterm-256color"}


def first_hour(folder: Path, cold: bool, patience: float) -> dict[str, float]:
    """Moments in seconds from the beginning of `git clone`; a name of `ROWS` each.

    Raises:
        StuckError: something never came.
    """
    with Newcomer(folder, environment(folder, cold), patience) as newcomer:
        moments = {"clone": newcomer.clone(), "panel": newcomer.open_panel()}
        moments["hanzi"] = newcomer.type_hello()
        moments["asked"] = newcomer.ask()
        steps = newcomer.answered(moments["asked"])
    moments["answer"] = steps["first_token"]
    if "first_audio" in steps:
        moments["sound"] = steps["first_audio"]
    moments["waits_from_minute_one"] = max(0.0, steps["first_token"] - MINUTE)
    return moments


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """One column a state of the caches."""
    lines = [f"{'seconds from git clone on':<34}" + "".join(f"{name:>10}" for name in found)]
    for key, title in ROWS.items():
        cells = (f"{row[key]:10.1f}" if key in row else f"{'-':>10}" for row in found.values())
        lines.append(f"{title:<34}" + "".join(cells))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.first_hour", description=__doc__)
    parser.add_argument("--caches", choices=("warm", "cold", "both"), default="warm")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--folder", type=Path, help="where the clones go (default: /var/tmp)")
    parser.add_argument("--patience", type=float, default=PATIENCE, metavar="SECONDS")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nothing is left running
    states = ("warm", "cold") if arguments.caches == "both" else (arguments.caches,)
    found: dict[str, dict[str, float]] = {}
    for state in states:
        place = arguments.folder or Path("/var/tmp")
        folder = Path(tempfile.mkdtemp(prefix="lory-first-hour-", dir=place))
        try:
            found[state] = first_hour(folder, state == "cold", arguments.patience)
        except StuckError as error:
            print(f"bench.first_hour: {state}: {error}", file=sys.stderr)
            return 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found) if arguments.json else table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
