"""The set that skills are measured on is large enough, and its figures have the names promised."""

from __future__ import annotations

import json

import pytest

from bench.skills.__main__ import main
from bench.skills.sentences import sentences, transcripts


def test_the_set_is_large_and_two_in_five_must_not_be_claimed() -> None:
    known = sentences()
    assert len(known) >= 400
    assert len({one.text for one in known}) == len(known)
    assert sum(not one.claimed for one in known) >= 0.4 * len(known)
    assert sum(one.fresh for one in known) >= len(known) / 7


def test_every_transcript_is_of_a_sentence_of_the_set_by_one_of_two_voices() -> None:
    texts = {one.text for one in sentences()}
    assert {row.text for row in transcripts()} <= texts
    assert len({row.voice for row in transcripts()}) == 2


def test_the_figures_are_one_json_object_and_what_is_typed_meets_its_targets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    for kind, least in (("typed", (0.99, 0.95, 0.99)), ("heard", (0.98, 0.85, 0.95))):
        for name, bound in zip(("precision", "recall", "time_exact"), least, strict=True):
            assert found[kind][name] >= bound, (kind, name)
