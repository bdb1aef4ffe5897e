"""Learning shows: what a domain's first half teaches saves repairs in its second."""

from __future__ import annotations

from bench.ime_learning import learn
from bench.ime_rows import DEV, read_rows
from ui.input.engine import Engine


def test_half_a_domain_saves_a_sixth_of_the_repairs_and_spoils_nothing_else(engine: Engine) -> None:
    """With a hundred sentences seen; with several hundred, a fortnight's, it is more than a
    third (`bench.ime` on a file that large)."""
    rows = read_rows(DEV)
    domain = [row for row in rows if row.source == "crosswoz"]
    others = [row for row in rows if row.source != "crosswoz"][::3]
    counts = learn(engine, domain[::2], domain[1::2], others)
    assert counts["after"] <= 5 / 6 * counts["before"]
    assert counts["again"] >= 0.97 * counts["repaired"] > 20
    assert counts["others_after"] >= 0.97 * counts["others_before"]
