"""What is asked: the words, and how they came."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """`heard`: spoken, and no key has touched it since. What was said into a text is typed."""

    text: str = ""
    heard: bool = False
