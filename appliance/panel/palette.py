"""The colours of the panel in a terminal."""

from __future__ import annotations

DESK = "#101418"
GLASS = "#06141c"
PIXEL = "#d8f6ff"
FRAME = "#3c4c56"
KEY = ("#2b3138", "#343b43")  # two shades, so that neighbours without a gap are told apart
KEY_INK = "#d0d4d8"
LETTER_KEY = ("#3a3128", "#433930")
LETTER_INK = "#ffd9a0"
KEY_DOWN = "#7fe3ff"
TEXT = "#c8d0d6"
FAINT = "#8a98a2"
