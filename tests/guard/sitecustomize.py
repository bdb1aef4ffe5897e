"""Put on PYTHONPATH by the test suite: a Python process that opens a socket to the outside dies.

Python imports `sitecustomize` at start-up, so the workers that tests start are guarded too.
"""

import sys


def _forbid(event: str, arguments: tuple) -> None:
    if event == "socket.__new__":
        family = int(arguments[1])
        if family not in (-1, 1):  # AF_UNIX; -1: taken from a file descriptor
            raise RuntimeError(f"a socket of family {family} was opened: this box is offline")


sys.addaudithook(_forbid)
