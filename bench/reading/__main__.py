"""How well Chinese is read aloud: polyphones, everyday sentences, mixed text.

    python -m bench.reading [FILE.sent FILE.lb] [--json] [--wrong]

Accuracy is the share of marked characters with the right reading (of mixed texts: of texts said
right as a whole). Milliseconds are of this process's own processor time, a clause each.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.speech.normalise import normalise
from appliance.speech.reading.reader import Reader, reader
from bench.reading.cases import Case, CasesError, read_cases

HERE: Final = Path(__file__).parent
SETS: Final = {"polyphones": "cpp", "everyday": "everyday"}
MIXED: Final = HERE / "mixed.tsv"  # written, said


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wrong` holds a line for each case that was not read right."""

    cases: int
    milliseconds: float
    wrong: list[str]

    @property
    def accuracy(self) -> float:
        return 1 - len(self.wrong) / self.cases if self.cases else 0.0


def measure(cases: list[Case]) -> Outcome:
    """Every sentence read once."""
    voice = reader()
    voice.read("我们都会读书")  # what is loaded when it is first needed
    wrong = []
    began = time.process_time()
    for case in cases:
        said = said_at(voice, case)
        if said != case.reading:
            wrong.append(f"{case.sentence}\t{case.sentence[case.place]}\t{case.reading}\t{said}")
    return Outcome(len(cases), _each(began, cases), wrong)


def said_at(voice: Reader, case: Case) -> str:
    """The syllable of the marked character; "" where it is no hanzi."""
    for run in voice.read(case.sentence):
        syllables = [syllable for word in run.syllables for syllable in word]
        if run.start <= case.place < run.start + len(syllables):
            return syllables[case.place - run.start]
    return ""


def measure_mixed() -> Outcome:
    """Digits, signs, formulas and Latin among hanzi, put into words."""
    texts = [line.split("\t") for line in MIXED.read_text(encoding="utf-8").splitlines()]
    began = time.process_time()
    wrong = [
        f"{written}\t{wanted}\t{said}"
        for written, wanted in texts
        if (said := normalise(written)) != wanted
    ]
    return Outcome(len(texts), _each(began, texts), wrong)


def _each(began: float, cases: list[Case] | list[list[str]]) -> float:
    return (time.process_time() - began) * 1000 / max(len(cases), 1)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.sent FILE.lb")
    parser.add_argument("--json", action="store_true", help="one object, and nothing else")
    parser.add_argument("--wrong", action="store_true", help="list what was read wrong")
    options = parser.parse_args()
    if len(options.files) not in (0, 2):
        parser.error("two files are wanted, the sentences and the readings")
    try:
        outcomes = _outcomes(options.files)
    except CasesError as error:
        print(f"bench.reading: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(_object(outcomes)))
    else:
        _table(outcomes, options.wrong)
    return 0


def _outcomes(files: list[Path]) -> dict[str, Outcome]:
    if files:
        return {files[0].stem: measure(read_cases(*files))}
    sets = {
        name: measure(read_cases(HERE / f"{stem}.sent", HERE / f"{stem}.lb"))
        for name, stem in SETS.items()
    }
    return {**sets, "mixed": measure_mixed()}


def _object(outcomes: dict[str, Outcome]) -> dict[str, object]:
    sets = {name: _numbers([outcome]) for name, outcome in outcomes.items()}
    total = _numbers(list(outcomes.values()))
    return {**total, "sets": sets} if len(sets) > 1 else dict(total)


def _numbers(outcomes: list[Outcome]) -> dict[str, float]:
    cases = sum(outcome.cases for outcome in outcomes)
    right = cases - sum(len(outcome.wrong) for outcome in outcomes)
    milliseconds = sum(outcome.milliseconds * outcome.cases for outcome in outcomes)
    return {
        "accuracy": right / max(cases, 1),
        "ms_per_clause": milliseconds / max(cases, 1),
        "cases": cases,
    }


def _table(outcomes: dict[str, Outcome], wrong: bool) -> None:
    print(f"{'set':<12} {'cases':>6} {'right %':>8} {'ms a clause':>12}")
    for name, outcome in outcomes.items():
        accuracy = f"{100 * outcome.accuracy:.2f}"
        print(f"{name:<12} {outcome.cases:>6} {accuracy:>8} {outcome.milliseconds:>12.2f}")
    for outcome in outcomes.values() if wrong else ():
        print(*outcome.wrong, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
