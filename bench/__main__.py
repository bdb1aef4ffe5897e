"""Every bench there is, one after the other: `make bench`.

    python -m bench [--list] [NAME]...

A bench is a file or a folder of this package that can be run: it prints a table, or with `--json`
one object. A bench that fails does not keep the next from running.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
_IS_RUN = 'if __name__ == "__main__":'


def benches() -> list[str]:
    """Their names, as in `python -m bench.NAME`."""
    files = [path for path in HERE.glob("*.py") if not path.name.startswith("__")]
    runnable = [path.stem for path in files if _IS_RUN in path.read_text(encoding="utf-8")]
    return sorted([*runnable, *(path.parent.name for path in HERE.glob("*/__main__.py"))])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--list", action="store_true", help="only say which there are")
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    arguments = parser.parse_args()
    names = arguments.names or benches()
    if arguments.list:
        print("\n".join(names))
        return 0
    failed = []
    for name in names:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
