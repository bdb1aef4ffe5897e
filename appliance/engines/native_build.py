"""What llama.cpp was compiled for, written into the wheel, read before it is loaded.

A wheel compiled for this CPU ends with SIGILL on another one: pip's cache in a home folder that
two machines share, a disk that moved, a tree for a router. So a build carries its instruction set
as the build tag of its wheel (the field `Build` of the file WHEEL: Python packaging guide, binary
distribution format), wherever that wheel goes. Standard library only: provisioning reads it, too.
"""

from __future__ import annotations

import contextlib
import re
import sys
from dataclasses import dataclass
from email import message_from_string
from importlib import metadata
from pathlib import Path
from typing import Self

from appliance.errors import LoryError
from appliance.health import cpu

DISTRIBUTION = "llama-cpp-python"
_TAG = re.compile(r"1lory_(?P<architecture>\w+?)_(?P<mask>[0-9a-f]+)")


# In the environment itself: whoever compiles next reads it.
PLAIN_WISH = Path(sys.prefix) / "lory-plain-llama"


@dataclass(frozen=True, slots=True)
class Build:
    """An instruction set: the architecture, and those of `cpu.FEATURES` that the code may use."""

    architecture: str
    features: frozenset[str]

    @property
    def tag(self) -> str:
        """As a wheel's build tag: one bit a feature."""
        known = cpu.FEATURES.get(self.architecture, ())
        mask = sum(1 << place for place, name in enumerate(known) if name in self.features)
        return f"1lory_{self.architecture}_{mask:x}"

    @classmethod
    def parse(cls, tag: str) -> Self | None:
        """What a build tag says; None where it is not one of ours."""
        found = _TAG.fullmatch(tag)
        if found is None:
            return None
        mask, architecture = int(found["mask"], 16), found["architecture"]
        known = cpu.FEATURES.get(architecture, ())
        if mask >> len(known):
            # Written by a later version of this program: it uses something that we cannot name.
            return cls(architecture, frozenset({*known, "?"}))
        return cls(
            architecture, frozenset(name for place, name in enumerate(known) if mask >> place & 1)
        )

    def lacking(self, architecture: str, features: frozenset[str]) -> tuple[str, ...]:
        """What a machine lacks to run this build; empty: it runs."""
        if self.architecture != architecture:
            return (self.architecture,)
        return tuple(sorted(self.features - features))


def installed() -> Build | None:
    """The build that is installed; None where there is none, or its wheel was made elsewhere."""
    try:
        wheel = metadata.distribution(DISTRIBUTION).read_text("WHEEL")
    except metadata.PackageNotFoundError:
        return None
    return Build.parse(message_from_string(wheel or "").get("Build", "").strip())


def wish_for_plain() -> None:
    """What was compiled for this very CPU fails in every way: the next one shall be plainer.

    Where the environment may not be written, as on a box, `lory doctor` says what to do.
    """
    with contextlib.suppress(OSError):
        PLAIN_WISH.touch()


def wants_plain() -> bool:
    """Whether llama.cpp is to be compiled without looking at the CPU."""
    return PLAIN_WISH.exists()


class ForeignBuildError(LoryError, ImportError):
    """The installed llama.cpp was compiled for another CPU."""


def check_installed() -> None:
    """Raises: ForeignBuildError, where loading the installed build would end with SIGILL."""
    if lacking := lacking_here():
        raise ForeignBuildError(
            f"llama.cpp was compiled for another CPU: this one has no {', '.join(lacking)}"
        )


def lacking_here() -> tuple[str, ...]:
    """What this CPU lacks to run the installed build; empty where nothing speaks against it."""
    build = installed()
    return build.lacking(cpu.architecture(), cpu.features()) if build is not None else ()


if __name__ == "__main__":  # for Makefile: exit status 1 where it has to be compiled anew
    sys.exit(bool(lacking_here()))
