"""Binary-coded decimals: two digits in a byte, as clock chips keep them."""

from __future__ import annotations


def decode(byte: int) -> int:
    """0-99.

    Raises:
        ValueError: a half of `byte` is no digit.
    """
    tens, ones = byte >> 4, byte & 0x0F
    if tens > 9 or ones > 9:
        raise ValueError(f"0x{byte:02X} is no decimal number")
    return tens * 10 + ones


def encode(number: int) -> int:
    """A byte. Raises ValueError outside 0-99."""
    if not 0 <= number <= 99:
        raise ValueError(f"{number} has not two digits")
    return number // 10 << 4 | number % 10
