"""What the project itself requires, and what of that this environment lacks.

`packaging` is one of the requirements: on the first run it is not there, and all is missing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from appliance.provision.compiling import must_be_compiled_anew
from appliance.provision.halfway import is_half

PROJECT = "lory"
TREE = Path(__file__).parents[2]
EXTRAS = ("fetch",)  # the default models are converted here

_EXTRA = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""")


def project_requirements(tree: Path | None = None) -> list[str]:
    """Requirements of the project with `EXTRAS`: from the source tree, else from the metadata.

    Raises `importlib.metadata.PackageNotFoundError` where there is neither.
    """
    pyproject = (tree or TREE) / "pyproject.toml"
    if pyproject.is_file():
        project = _read(pyproject)["project"]
        if project["name"] == PROJECT:
            optional = project.get("optional-dependencies", {})
            extras = [line for extra in EXTRAS for line in optional.get(extra, ())]
            return [*project["dependencies"], *extras]
    return [
        line.partition(";")[0].strip() if _EXTRA.search(line) else line
        for line in metadata.requires(PROJECT) or []
        if _is_wanted(line)
    ]


def panel_requirements(tree: Path | None = None) -> list[str]:
    """What the front panel opens with: the dependency group `panel`.

    Raises:
        OSError: this is no source tree.
    """
    return list(_read((tree or TREE) / "pyproject.toml")["dependency-groups"]["panel"])


def name_of(requirement: str) -> str:
    """The distribution's name, without version and extras, as indexes spell it (PEP 503)."""
    found = re.match(r"[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else requirement


def _read(pyproject: Path) -> dict[str, Any]:
    return tomllib.loads(pyproject.read_text(encoding="utf-8"))


def _is_wanted(line: str) -> bool:
    extra = _EXTRA.search(line)
    return extra is None or extra[1] in EXTRAS


def missing(requirements: Iterable[str]) -> list[str]:
    """Those that no installed distribution satisfies, or that is of no use on this CPU."""
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return list(requirements)
    lacking = []
    for line in requirements:
        wanted = Requirement(line)
        applies = wanted.marker is None or wanted.marker.evaluate()
        usable = _is_installed(wanted.name, wanted.specifier) and not _is_of_no_use(line)
        if applies and not usable:
            lacking.append(line)
    return lacking


def _is_installed(name: str, specifier: object) -> bool:
    from packaging.specifiers import SpecifierSet

    assert isinstance(specifier, SpecifierSet)
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return not is_half(found) and specifier.contains(found.version, prereleases=True)


def _is_of_no_use(requirement: str) -> bool:
    return is_llm_engine(requirement) and must_be_compiled_anew()


def is_llm_engine(requirement: str) -> bool:
    """Whether this is the requirement that is compiled on the machine."""
    return requirement.startswith("llama-cpp-python")
