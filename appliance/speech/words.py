"""Prosodic words: where the voice may breathe, and how far tone sandhi reaches.

pypinyin's phrases find what has a reading of its own; what they leave as single characters is
joined in pairs, the rhythm of spoken Chinese, except around function words. Against a full
segmenter (jieba, 42 MB) the transcribed error of the voice was the same within noise.
"""

from __future__ import annotations

from collections.abc import Iterator

from pypinyin.seg import mmseg

_ALONE = frozenset(
    "的了着过得地吗呢吧啊呀嘛是在有和跟与或我你他她它这那就都也还很不没把被让给从到对"
)


def split_words(hanzi: str) -> list[str]:
    """Words of a run of Chinese characters; joined they are the run again."""
    words: list[str] = []
    pending = ""
    for piece in mmseg.seg.cut(hanzi):
        if len(piece) > 1 or piece in _ALONE:
            words += _flush(pending)
            pending = ""
            words.append(piece)
        else:
            pending += piece
    words += _flush(pending)
    return words


def _flush(singles: str) -> Iterator[str]:
    """Pairs, and three at the end rather than a pair and a lone character."""
    while len(singles) > 3:
        yield singles[:2]
        singles = singles[2:]
    if singles:
        yield singles
