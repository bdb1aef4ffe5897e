"""The sections of `t9.bin` that say which words follow which."""

from __future__ import annotations

import numpy as np

from ui.input.building.costs import COST_BITS, cost, row_starts, signed_cost
from ui.input.building.model import BITS, WORD, Mixture, find
from ui.input.model import Section


def language_sections(model: Mixture) -> dict[Section, bytes]:
    size = len(model.unigram)
    # Ends of sentences stand in the trigram rows too, so that contexts cover both.
    trigrams = np.concatenate([model.trigrams, model.ends])
    trigram_p = np.concatenate([model.trigram_p, model.end_p])
    order = np.argsort(trigrams, kind="stable")
    trigrams, trigram_p = trigrams[order], trigram_p[order]
    pairs = np.unique(trigrams >> BITS)
    at, hit = find(model.pairs, pairs)
    backoff = np.where(hit, model.pair_backoff[at], 1.0)
    half = 1 << (COST_BITS - 1)
    pair_records = (pairs & WORD).astype(np.uint32) << COST_BITS | (
        signed_cost(backoff) + half
    ).astype(np.uint32)
    return {
        Section.UNIGRAM: cost(model.unigram).astype("<u2").tobytes(),
        Section.BACKOFF: signed_cost(model.backoff).astype("<i2").tobytes(),
        Section.END: cost(model.end).astype("<u2").tobytes(),
        Section.BIGRAM_START: row_starts(model.bigrams >> BITS, size),
        Section.BIGRAM: (
            (model.bigrams & WORD).astype(np.uint32) << COST_BITS | cost(model.bigram_p)
        )
        .astype("<u4")
        .tobytes(),
        Section.PAIR_START: row_starts(pairs >> BITS, size),
        Section.PAIR: pair_records.astype("<u4").tobytes(),
        Section.TRIGRAM_START: row_starts(np.searchsorted(pairs, trigrams >> BITS), len(pairs)),
        Section.TRIGRAM: ((trigrams & WORD).astype(np.uint32) << COST_BITS | cost(trigram_p))
        .astype("<u4")
        .tobytes(),
    }
