"""Who claims what, on sentences typed and heard: precision, recall, the time that is understood.

    python -m bench.skills [--json] [--fresh] [--show]

Two in five of the sentences must not be claimed: near misses, emergencies, quotations, questions
about alarms. `--fresh` lets two voices of the default TTS say them all again and the default
recogniser hear them; without it the committed transcripts are used. `--show` names every sentence
that was taken for something else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

from appliance.engines.errors import EngineError
from appliance.models.errors import ModelError
from appliance.skills.registry import Skills
from bench.skills.hearing import listen
from bench.skills.measure import Row, ask, figures, p99
from bench.skills.sentences import sentences, transcripts

_ROUNDS = 3


def typed_rows(skills: Skills) -> list[Row]:
    """Every sentence as it is written."""
    return [ask(skills, one, one.text, heard=False) for one in sentences()]


def heard_rows(skills: Skills) -> list[Row]:
    """Every utterance as the recogniser wrote it down."""
    known = {one.text: one for one in sentences()}
    return [
        ask(skills, known[row.text], row.heard, heard=True)
        for row in transcripts()
        if row.text in known
    ]


def run(show: bool) -> dict[str, object]:
    """All figures; `show`: what went wrong, on stderr."""
    skills = Skills()
    typed, heard = typed_rows(skills), heard_rows(skills)
    if show:
        _tell("typed", typed)
        _tell("heard", heard)
    timed = [row for _ in range(_ROUNDS) for row in (*typed_rows(skills), *heard_rows(skills))]
    return {
        "typed": figures(typed),
        "heard": figures(heard),
        "fresh_typed": figures(row for row in typed if row.sentence.fresh),
        "fresh_heard": figures(row for row in heard if row.sentence.fresh),
        "p99_ms": p99(timed),
    }


def _tell(name: str, rows: Iterable[Row]) -> None:
    for row in rows:
        wanted = row.sentence.intent if row.sentence.claimed else "-"
        got = row.claim.intent if row.claim else "-"
        right = row.right if row.sentence.claimed else row.claim is None
        if not right or (row.sentence.claimed and not row.exact):
            claim = row.claim
            times = (claim.due, claim.seconds, claim.repeat) if claim else ()
            said = f" <{row.sentence.text}>" if row.text != row.sentence.text else ""
            print(f"{name}: {row.text}{said}: {wanted} → {got} {times}", file=sys.stderr)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.skills",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--fresh", action="store_true", help="speak and hear everything anew")
    parser.add_argument("--show", action="store_true", help="name what was mistaken, on stderr")
    arguments = parser.parse_args(argv)
    if arguments.fresh:
        try:
            listen(fresh=True)
        except (EngineError, ModelError) as error:
            print(f"bench.skills: {error}", file=sys.stderr)
            return 1
    found = run(arguments.show)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for name, value in found.items():
        print(f"{name:12} {json.dumps(value, ensure_ascii=False)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
