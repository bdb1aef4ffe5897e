"""A folder of recordings through the recogniser: CER, RTF, memory.

    python -m bench.asr DIR [--json] [--model NAME] [--threads N] [--show]

DIR holds WAV files (any rate, any channels) and `truth.tsv`: file name, tab, what was said.
The model is one of the store, by default the one the box would choose. CER counts what is spoken
(7点 is 七点); RTF is computing time over audio time, endpoint wait excluded.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from appliance import paths
from appliance.configuration.settings import Settings
from appliance.engines.asr import RATE, AsrConfig, Recogniser
from appliance.engines.errors import EngineError
from appliance.engines.recognisers import load_recogniser
from appliance.models.catalogue_file import read_catalogue
from appliance.models.errors import ModelError
from appliance.models.store import Store
from appliance.sound.resample import resample
from appliance.sound.wav import WavError, read_wav
from appliance.supervision.roster import Roster
from appliance.supervision.worker_options import WorkerOptions
from appliance.workers.host import resident_bytes
from bench.cer import Errors, errors, total


class BenchError(Exception):
    """One line for people."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One file's result; times in seconds."""

    name: str
    truth: str
    text: str
    audio: float
    compute: float

    @property
    def errors(self) -> Errors:
        return errors(self.truth, self.text)


def read_truth(directory: Path) -> list[tuple[Path, str]]:
    """Files and what is said in them.

    Raises:
        BenchError: no truth.tsv, or a line that is not file, tab, text.
    """
    path = directory / "truth.tsv"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(f"{path}: {error}") from error
    pairs = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, tab, text = line.partition("\t")
        if not tab:
            raise BenchError(f"{path}:{number}: expected a file name, a tab and the text")
        pairs.append((directory / name.strip(), text.strip()))
    if not pairs:
        raise BenchError(f"{path} names no files")
    return pairs


def box_config(name: str, threads: int) -> tuple[str, AsrConfig]:
    """What the box would run: the model of that name, or the one it would choose.

    Raises:
        ModelError: no such model, or it is not installed.
    """
    settings = Settings(overlay={"models.asr": name})
    roster = Roster(settings, read_catalogue(), Store(paths.default_root()))
    options = WorkerOptions(settings, roster, Path(), Path()).asr()
    return roster.asr().name, replace(options.config, threads=threads)


def hear(recogniser: Recogniser, path: Path, truth: str) -> Heard:
    """Transcribe one file.

    Raises:
        BenchError: the file is no usable WAV.
    """
    try:
        samples, rate = read_wav(path)
    except WavError as error:
        raise BenchError(str(error)) from error
    samples = resample(samples, rate, RATE)
    began = time.perf_counter()
    recogniser.reset()
    recogniser.accept(samples, RATE)
    text = recogniser.finish()
    return Heard(path.name, truth, text, len(samples) / RATE, time.perf_counter() - began)


def summary(name: str, threads: int, load: float, results: list[Heard]) -> dict[str, object]:
    """The figures of one run."""
    errors_of_all = total(result.errors for result in results)
    audio = sum(result.audio for result in results)
    return {
        "model": name,
        "threads": threads,
        "files": len(results),
        "audio_seconds": round(audio, 2),
        "cer": round(errors_of_all.rate, 4),
        "rtf": round(sum(result.compute for result in results) / audio, 4),
        "seconds_per_file_median": round(statistics.median(r.compute for r in results), 3),
        "load_seconds": round(load, 2),
        "rss_mb": round(resident_bytes() / 1e6, 1),
    }


def run(directory: Path, model: str, threads: int, show: bool) -> dict[str, object]:
    """Load, transcribe all, sum up.

    Raises:
        BenchError: see above.
    """
    pairs = read_truth(directory)
    try:
        name, config = box_config(model, threads)
        began = time.perf_counter()
        recogniser = load_recogniser(config)
    except (EngineError, ModelError) as error:
        raise BenchError(str(error)) from error
    load = time.perf_counter() - began
    results = [hear(recogniser, path, truth) for path, truth in pairs]
    if show:
        for result in results:
            print(f"{result.errors.rate:6.1%}  {result.name}\t{result.text}", file=sys.stderr)
    return summary(name, threads, load, results)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.asr", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--model", default="", help="a model of the catalogue")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="each file's text, on stderr")
    arguments = parser.parse_args(argv)
    try:
        figures = run(arguments.directory, arguments.model, arguments.threads, arguments.show)
    except BenchError as error:
        print(f"bench.asr: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(figures))
    else:
        for key, value in figures.items():
            print(f"{key:24} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
