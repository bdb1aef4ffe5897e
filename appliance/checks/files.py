"""The files that a user writes: settings, models and personas of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from appliance.checks.finding import Finding, ok, warn
from appliance.configuration.checking import Complaint
from appliance.models.catalogue_file import read_catalogue
from appliance.personas.persona import read_personas


def check_files(settings: Sequence[Complaint], models_d: Path, personas: Path) -> Iterator[Finding]:
    """Each mistake with its place. The box runs without what is wrong."""
    found = [complaint.why for complaint in settings]
    read_catalogue(models_d, found.append)
    broken = read_personas(personas).broken
    found += [f"{personas / name}: {why}" for name, why in broken.items()]
    for why in found:
        yield warn(
            "files",
            f"写错了，已跳过：{why}",
            f"a mistake, left out: {why}",
            "改正那一处，再重启",
            "mend that place, then restart",
        )
    if not found:
        yield ok("files", "设置、模型、角色的文件都读得懂", "settings, models, personas: in order")
