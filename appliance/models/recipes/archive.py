"""Files out of tar archives, and files that are carried beside them."""

from __future__ import annotations

import tarfile
from pathlib import Path, PurePosixPath

from appliance.models.catalogue import AnyModel
from appliance.models.errors import ConversionError
from appliance.models.hashing import CHUNK


def build(model: AnyModel, collected: Path, built: Path) -> None:
    """Files named by `member`: inside a tar of any compression, or collected as they are.

    Raises:
        ConversionError: one of them is in none, or an archive is damaged.
    """
    wanted = {file.member: built / file.path for file in model.files}
    for path in sorted(collected.rglob("*")):
        if not path.is_file():
            continue
        if path.name in wanted:
            path.replace(_ready(wanted.pop(path.name)))
        elif ".tar" in path.name:
            _extract(path, wanted)
    if wanted:
        raise ConversionError(f"{model.name}: the archive holds no {', '.join(sorted(wanted))}")


def _extract(path: Path, wanted: dict[str, Path]) -> None:
    """Write the wanted members and take them off `wanted`; nothing else is unpacked."""
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = str(PurePosixPath(member.name))
                stream = archive.extractfile(member) if name in wanted else None
                if stream is None:
                    continue
                with stream, _ready(wanted.pop(name)).open("wb") as output:
                    while chunk := stream.read(CHUNK):
                        output.write(chunk)
    except (tarfile.TarError, EOFError) as error:
        raise ConversionError(f"{path.name} is damaged: {error}") from error


def _ready(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
