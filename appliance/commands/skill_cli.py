"""`lory skill try`: which skill claims a sentence, what it understood, and who else would."""

from __future__ import annotations

import argparse
import json
from datetime import datetime

from appliance.clock import local_time
from appliance.errors import CommandError
from appliance.skills.registry import Skills
from appliance.skills.skill import Claim, Said


def try_(arguments: argparse.Namespace) -> int:
    """Say who claims a sentence and why; nothing is done of it."""
    now = _moment(arguments.at) if arguments.at else local_time()
    skills = Skills()
    said = Said(arguments.text, now=now, heard=arguments.heard)
    claims = skills.claims(said)
    claim = skills.claim(said)
    if arguments.json:
        print(json.dumps(_fields(claim), ensure_ascii=False))
        return 0
    if claim is None:
        print("nobody: the model answers")
        return 0
    for name, value in _fields(claim).items():
        if value is not None:
            print(f"{name:10} {value}")
    if claim.said.text != arguments.text:
        print(f"{'heard as':10} {claim.said.text}")
    if others := ", ".join(one.skill for one in claims[1:]):
        print(f"{'also':10} {others}")
    return 0


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--at {text}: a time like 2026-11-24T08:30 is wanted") from error


def _fields(claim: Claim | None) -> dict[str, object]:
    """What the JSON object holds: all null where nobody claims."""
    names = ("claimed", "intent", "due", "seconds", "repeat", "text", "said_back")
    if claim is None:
        return dict.fromkeys(names)
    due = claim.due.replace(tzinfo=None).isoformat() if claim.due else None
    values = (
        claim.skill,
        claim.intent,
        due,
        claim.seconds,
        claim.repeat or None,
        claim.text or None,
        claim.said_back or claim.reply or None,
    )
    return dict(zip(names, values, strict=True))
