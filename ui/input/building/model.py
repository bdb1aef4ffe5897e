"""The language model of `t9.bin`: two trigram models mixed, and pruned to the bytes there are.

The background is libime's model. The other is made here of conversational clauses: Kneser-Ney
with three discounts, interpolated (Chen and Goodman 1999). Their n-grams are united, each with the
mixture's probability; back-off weights make every context sum to one again. The background knows
neither begin nor end of a sentence: what follows the begin is the conversation's alone, and the
end's probability is the conversation's. N-grams that the back-off nearly predicts are dropped by
relative entropy (Stolcke 1998). An n-gram's key is its word ids, `BITS` bits each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ui.input.model import BOS, EOS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

BITS = 18  # of a word id in a key
WORD = (1 << BITS) - 1
PAIR = (1 << 2 * BITS) - 1
DISCOUNTS = (0.7, 1.1, 1.4)  # of what was counted once, twice, more often
CONTINUED = 0.5  # share of the number of contexts, against the number of times, in a word's own p
UNSEEN = 0.02  # of all words' p, shared evenly
SHARE = 0.5  # of the conversation in the mixture
SHARE_OF_PAIR = (0.4, 0.7)  # the same after two words, by how often the conversation has the two
HALFWAY = 20.0  # times it has them when the share is half-way between
SHARE_OF_BEGIN = 0.95
TOPIC = 0.7  # of the conversation in what is worth keeping
BIGRAM_BYTES = 4
TRIGRAM_BYTES = 6  # with its share of the context's record
END_LOSS = 0.3  # ends of sentences nearer than this (log10) to the shorter context's are dropped
LEAST = 1e-4  # mass that a context leaves to its back-off


def find(keys: Ints, wanted: Ints) -> tuple[Ints, Mask]:
    """Where `wanted` stands in sorted `keys`, and whether it does."""
    at = np.searchsorted(keys, wanted)
    at[at >= len(keys)] = 0
    return at, keys[at] == wanted


@dataclass
class Background:
    """A back-off model: log10 p and log10 back-off, by sorted keys."""

    unigram: Floats
    backoff: Floats
    bigrams: Ints
    bigram_p: Floats
    bigram_backoff: Floats
    trigrams: Ints
    trigram_p: Floats

    def p2(self, keys: Ints) -> Floats:
        at, hit = find(self.bigrams, keys)
        backed = self.backoff[keys >> BITS] + self.unigram[keys & WORD]
        return np.asarray(10 ** np.where(hit, self.bigram_p[at], backed))

    def p3(self, keys: Ints) -> Floats:
        at, hit = find(self.trigrams, keys)
        pair, known = find(self.bigrams, keys >> BITS)
        backed = 10 ** np.where(known, self.bigram_backoff[pair], 0) * self.p2(keys & PAIR)
        return np.asarray(np.where(hit, 10 ** self.trigram_p[at], backed))


def discounted(counts: Floats) -> Floats:
    once, twice, more = DISCOUNTS
    discount = np.where(counts < 1.5, once, np.where(counts < 2.5, twice, more))
    return np.asarray(np.maximum(counts - discount, 0))


def sums(at: Ints, values: Floats, size: int) -> Floats:
    """By place: the sum of the values that stand there."""
    return np.bincount(at, values, size).astype(np.float64)


def summed(keys: Ints, counts: Floats) -> tuple[Ints, Floats]:
    """The distinct keys, sorted, and the sums of their counts."""
    distinct, at = np.unique(keys, return_inverse=True)
    return distinct, sums(at, counts, len(distinct))


class Conversation:
    """Kneser-Ney trigram of segmented clauses, with their begin and end.

    `texts`: clauses as word ids, and what each of them counts; `size`: number of word ids.
    """

    def __init__(self, texts: Iterable[tuple[Sequence[Sequence[int]], float]], size: int) -> None:
        pairs: list[int] = []
        triples: list[int] = []
        counts2: list[float] = []
        counts3: list[float] = []
        for clauses, weight in texts:
            for clause in clauses:
                padded = [BOS, *clause, EOS]
                own = [padded[i] << BITS | padded[i + 1] for i in range(len(padded) - 1)]
                pairs += own
                triples += [own[i] << BITS | padded[i + 2] for i in range(len(own) - 1)]
            counts2 += [weight] * (len(pairs) - len(counts2))
            counts3 += [weight] * (len(triples) - len(counts3))
        self.bigrams, count2 = summed(np.array(pairs, np.int64), np.array(counts2))
        self.trigrams, count3 = summed(np.array(triples, np.int64), np.array(counts3))

        first, last = self.bigrams >> BITS, self.bigrams & WORD
        times = np.bincount(last, count2, size)
        contexts = np.bincount(last, minlength=size)
        words = (1 - CONTINUED) * times / times.sum() + CONTINUED * contexts / contexts.sum()
        self.unigram = (1 - UNSEEN) * words + UNSEEN / size
        self.times = np.bincount(first, count2, size)

        # A pair's p by itself is of its counts; below a triple, of the words that come before it.
        tails, number = np.unique(self.trigrams & PAIR, return_counts=True)
        at, hit = find(tails, self.bigrams)
        self._below = self._row(np.where(hit, number[at], count2))
        self._alone = self._row(count2)
        self.heads, at = np.unique(self.trigrams >> BITS, return_inverse=True)
        self._kept = discounted(count3)
        self._times2 = np.bincount(at, count3)
        self._left2 = np.bincount(at, count3 - self._kept)

    def _row(self, counts: Floats) -> tuple[Floats, Floats, Floats]:
        """Discounted counts by bigram; counts and what was taken off them by first word."""
        kept = discounted(counts)
        first, size = self.bigrams >> BITS, len(self.unigram)
        return kept, sums(first, counts, size), sums(first, counts - kept, size)

    def _p2(self, keys: Ints, row: tuple[Floats, Floats, Floats]) -> Floats:
        kept, times, left = row
        last, lower = keys >> BITS, self.unigram[keys & WORD]
        at, hit = find(self.bigrams, keys)
        p = (np.where(hit, kept[at], 0) + left[last] * lower) / np.maximum(times[last], 1e-9)
        return np.asarray(np.where(times[last] > 0, p, lower))

    def p2(self, keys: Ints) -> Floats:
        return self._p2(keys, self._alone)

    def p3(self, keys: Ints) -> Floats:
        head, known = find(self.heads, keys >> BITS)
        at, hit = find(self.trigrams, keys)
        lower = self._p2(keys & PAIR, self._below)
        p = (np.where(hit, self._kept[at], 0) + self._left2[head] * lower) / self._times2[head]
        return np.asarray(np.where(known, p, self.p2(keys & PAIR)))

    def times2(self, pairs: Ints) -> Floats:
        """How often each pair was followed by anything."""
        at, hit = find(self.heads, pairs)
        return np.asarray(np.where(hit, self._times2[at], 0.0))


@dataclass
class Mixture:
    """The model as shipped: p by key, back-off weights by context, end of sentence apart."""

    unigram: Floats
    backoff: Floats
    bigrams: Ints
    bigram_p: Floats
    trigrams: Ints
    trigram_p: Floats
    pairs: Ints
    pair_backoff: Floats
    end: Floats
    ends: Ints
    end_p: Floats


class Mixer:
    """p of any n-gram by both models together."""

    def __init__(self, background: Background, conversation: Conversation) -> None:
        self.background, self.conversation = background, conversation
        size = len(background.unigram)
        unigram = (1 - SHARE) * 10**background.unigram + SHARE * conversation.unigram
        unigram[[BOS, EOS]] = 1e-9
        self.unigram = unigram / unigram.sum()
        self.share = np.full(size, SHARE)
        self.share[BOS] = SHARE_OF_BEGIN
        words = np.arange(size, dtype=np.int64)
        self.end = np.maximum(conversation.p2(words << BITS | EOS), 1e-9)
        self.end[BOS] = 1e-9

    def share2(self, pairs: Ints) -> Floats:
        low, high = SHARE_OF_PAIR
        times = self.conversation.times2(pairs)
        return np.asarray(low + (high - low) * times / (times + HALFWAY))

    def end2(self, pairs: Ints) -> Floats:
        return self.conversation.p3(pairs << BITS | EOS)

    def p2(self, keys: Ints) -> Floats:
        share = self.share[keys >> BITS]
        p = (1 - share) * self.background.p2(keys) + share * self.conversation.p2(keys)
        return np.asarray(p)

    def p3(self, keys: Ints) -> Floats:
        share = self.share2(keys >> BITS)
        p = (1 - share) * self.background.p3(keys) + share * self.conversation.p3(keys)
        return np.asarray(p)


@dataclass
class _Backed:
    """What the back-off makes of each n-gram, and the weights that it needs for that."""

    backoff: Floats
    bigram: Floats
    pairs: Ints
    pair_backoff: Floats
    trigram: Floats


def back_off(mixer: Mixer, bigrams: Ints, p2: Floats, trigrams: Ints, p3: Floats) -> _Backed:
    """Back-off weights: the mass that what is explicit leaves, over what the back-off covers."""
    size = len(mixer.unigram)
    first, word = bigrams >> BITS, bigrams & WORD
    end = mixer.share * mixer.end
    left = 1 - end - sums(first, p2, size)
    base = 1 - sums(first, mixer.unigram[word], size)
    backoff = np.clip(left, LEAST, None) / np.clip(base, LEAST, None)

    suffix = trigrams & PAIR
    at, hit = find(bigrams, suffix)
    lower = np.where(hit, p2[at], backoff[suffix >> BITS] * mixer.unigram[suffix & WORD])
    pairs, pair_at = np.unique(trigrams >> BITS, return_inverse=True)
    end2 = SHARE * mixer.end2(pairs)
    left = 1 - end2 - sums(pair_at, p3, len(pairs))
    base = 1 - end[pairs & WORD] - sums(pair_at, lower, len(pairs))
    pair_backoff = np.clip(left, LEAST, None) / np.clip(base, LEAST, None)
    return _Backed(
        backoff,
        backoff[first] * mixer.unigram[word],
        pairs,
        pair_backoff,
        pair_backoff[pair_at] * lower,
    )


def mix(background: Background, conversation: Conversation, size: int) -> Mixture:
    """The mixture of both in at most `size` bytes of n-gram records."""
    mixer = Mixer(background, conversation)
    is_end2 = (conversation.bigrams & WORD) == EOS
    is_end3 = (conversation.trigrams & WORD) == EOS
    bigrams = np.union1d(background.bigrams, conversation.bigrams[~is_end2])
    trigrams = np.union1d(background.trigrams, conversation.trigrams[~is_end3])
    p2, p3 = mixer.p2(bigrams), mixer.p3(trigrams)

    backed = back_off(mixer, bigrams, p2, trigrams, p3)
    history = (1 - TOPIC) * 10**background.unigram + TOPIC * conversation.unigram
    history[BOS] = TOPIC * conversation.times[BOS] / conversation.times.sum()
    loss2 = history[bigrams >> BITS] * p2 * np.abs(np.log(p2 / backed.bigram))
    heads = trigrams >> BITS
    loss3 = history[heads >> BITS] * mixer.p2(heads) * p3 * np.abs(np.log(p3 / backed.trigram))
    keep2, keep3 = worth_keeping(loss2, loss3, size)
    bigrams, p2, trigrams, p3 = bigrams[keep2], p2[keep2], trigrams[keep3], p3[keep3]
    backed = back_off(mixer, bigrams, p2, trigrams, p3)

    ends = conversation.trigrams[is_end3]
    end_p = conversation.p3(ends)
    told = np.abs(np.log10(end_p / mixer.end[(ends >> BITS) & WORD])) > END_LOSS
    return Mixture(
        mixer.unigram, backed.backoff, bigrams, p2, trigrams, p3, backed.pairs,
        backed.pair_backoff, mixer.end, ends[told], end_p[told],
    )  # fmt: skip


def worth_keeping(loss2: Floats, loss3: Floats, size: int) -> tuple[Mask, Mask]:
    """Masks of the bigrams and trigrams that lose most per byte, within `size` bytes."""
    worth = np.concatenate([loss2 / BIGRAM_BYTES, loss3 / TRIGRAM_BYTES])
    each = np.concatenate([np.full(len(loss2), BIGRAM_BYTES), np.full(len(loss3), TRIGRAM_BYTES)])
    order = np.argsort(-worth, kind="stable")
    mask = np.zeros(len(worth), bool)
    mask[order[np.cumsum(each[order]) <= size]] = True
    return mask[: len(loss2)], mask[len(loss2) :]
