"""A sum worked out exactly, or why it cannot be: nothing grows without bound.

Precedence is that of school: brackets, powers (from the right), times and divided, plus and minus.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from appliance.errors import LoryError
from appliance.understanding.arithmetic.lexer import Operand, Piece, Sign

MOST_DIGITS = 4000
"""Digits of any number on the way; what has more is told to be too big."""
DEEPEST = 40
_ROOT_DIGITS = 12


class Wrong(Enum):
    """Why there is no result."""

    ZERO = "zero"
    BIG = "big"
    ROOT = "root"


class SumError(LoryError):
    """There is no result, for `reason`."""

    def __init__(self, reason: Wrong) -> None:
        super().__init__(reason.value)
        self.reason = reason


class NoSumError(LoryError):
    """The pieces do not make a sum."""


@dataclass(frozen=True, slots=True)
class Result:
    """`shown` is what was computed, in signs. `exact`: `value` is no rounded root."""

    value: Fraction
    shown: str
    exact: bool = True


def evaluate(pieces: list[Piece]) -> Result:
    """What the pieces come to.

    Raises:
        SumError: it cannot be worked out.
        NoSumError: it is no sum.
    """
    work = _Work(pieces)
    result = work.sum(0)
    if work.at != len(pieces):
        raise NoSumError
    return result


class _Work:
    """Recursive descent over the pieces."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces, self.at = pieces, 0

    def _next(self) -> str:
        piece = self._pieces[self.at] if self.at < len(self._pieces) else None
        return piece.name if isinstance(piece, Sign) else ""

    def _take(self) -> Piece:
        if self.at >= len(self._pieces):
            raise NoSumError
        self.at += 1
        return self._pieces[self.at - 1]

    def sum(self, depth: int) -> Result:
        left = self._product(depth)
        while self._next() in ("+", "-", "off", "split"):
            sign = self._next()
            self.at += 1
            share = self._is_share()
            right = self._product(depth)
            left = _added(left, sign, right, share)
        return left

    def _is_share(self) -> bool:
        piece = self._pieces[self.at] if self.at < len(self._pieces) else None
        return isinstance(piece, Operand) and piece.share

    def _product(self, depth: int) -> Result:
        left = self._power(depth)
        while self._next() in ("*", "/", "of", "under"):
            sign = self._next()
            self.at += 1
            if sign == "of" and self.at == len(self._pieces):
                break  # 三的两倍: the times are said already
            left = _multiplied(left, sign, self._power(depth))
        return left

    def _power(self, depth: int) -> Result:
        base = self._atom(depth)
        if self._next() in ("root-after", "cube-after"):
            degree = 2 if self._next() == "root-after" else 3
            self.at += 1
            base = _root(base, degree)
        while self._next() == "^":
            self.at += 1
            exponent = self._power(depth + 1) if depth < DEEPEST else self._atom(depth)
            base = _raised(base, exponent)
        return base

    def _atom(self, depth: int) -> Result:
        if depth > DEEPEST:
            raise NoSumError
        piece = self._take()
        if isinstance(piece, Operand):
            return Result(piece.value, _operand(piece))
        match piece.name:
            case "(":
                inner = self.sum(depth + 1)
                if self._next() == ")":
                    self.at += 1
                elif self.at < len(self._pieces):
                    raise NoSumError
                return Result(inner.value, f"({inner.shown})", inner.exact)
            case "-":
                inner = self._power(depth + 1)
                return Result(-inner.value, f"-{inner.shown}", inner.exact)
            case "root" | "cube":
                return _root(self._power(depth + 1), 2 if piece.name == "root" else 3)
        raise NoSumError


def _operand(piece: Operand) -> str:
    if piece.share:
        return f"{shown_number(piece.value * 100)}%"
    if piece.ratio:
        return f"{piece.value.numerator}/{piece.value.denominator}"
    return shown_number(piece.value)


def shown_number(value: Fraction) -> str:
    """A number as it is written: 12, 0.5, 1/3; very long ones by their beginning."""
    if value.denominator == 1:
        if abs(value.numerator) >= 10**MOST_DIGITS:
            return "…"
        text = str(value.numerator)
        return text if len(text) <= 30 else f"{text[:12]}…（{len(text.lstrip('-'))}位）"
    decimals = terminating(value, 12)
    return decimals if decimals is not None else f"{value.numerator}/{value.denominator}"[:40]


def terminating(value: Fraction, most: int) -> str | None:
    """The decimals of a number that has no more than so many; None of all others."""
    scaled = value * 10**most
    if scaled.denominator != 1 or abs(scaled.numerator) >= 10**MOST_DIGITS:
        return None
    whole, rest = divmod(abs(scaled.numerator), 10**most)
    digits = f"{rest:0{most}}".rstrip("0")
    return f"{'-' * (value < 0)}{whole}" + (f".{digits}" if digits else "")


def _bounded(value: Fraction) -> Fraction:
    if max(abs(value.numerator), value.denominator).bit_length() > MOST_DIGITS * 3.33:
        raise SumError(Wrong.BIG)
    return value


def _added(left: Result, sign: str, right: Result, share: bool) -> Result:
    exact = left.exact and right.exact
    match sign:
        case "off":
            value = left.value * right.value
            return Result(_bounded(value), f"{left.shown} × {right.shown}", exact)
        case "split":
            return _multiplied(left, "/", right)
    amount = left.value * right.value if share else right.value
    value = left.value + (amount if sign == "+" else -amount)
    shown = f"{left.shown} {'+' if sign == '+' else '−'} {right.shown}"
    return Result(_bounded(value), shown, exact)


def _multiplied(left: Result, sign: str, right: Result) -> Result:
    if sign == "under":
        left, right, sign = right, left, "/"
    exact = left.exact and right.exact
    if sign == "/":
        if right.value == 0:
            raise SumError(Wrong.ZERO)
        return Result(_bounded(left.value / right.value), f"{left.shown} ÷ {right.shown}", exact)
    return Result(_bounded(left.value * right.value), f"{left.shown} × {right.shown}", exact)


def _raised(base: Result, exponent: Result) -> Result:
    shown = f"({base.shown})" if "/" in base.shown and base.shown[0] != "(" else base.shown
    shown = f"{shown}^{exponent.shown}"
    if exponent.value.denominator == 2 and abs(exponent.value) == Fraction(1, 2):
        return _root(base, 2)
    if exponent.value.denominator != 1:
        raise NoSumError
    power = exponent.value.numerator
    if base.value == 0:
        if power < 0:
            raise SumError(Wrong.ZERO)
        return Result(Fraction(int(power == 0)), shown, base.exact)
    size = max(abs(base.value.numerator), base.value.denominator).bit_length() - 1
    if abs(power) > 20_000 and size == 0:
        return Result(Fraction(1 if power % 2 == 0 else base.value.numerator), shown, base.exact)
    if size * abs(power) > MOST_DIGITS * 3.33:
        raise SumError(Wrong.BIG)
    return Result(_bounded(base.value**power), shown, base.exact)


def _root(of: Result, degree: int) -> Result:
    """Exact where it is rational, else to twelve decimals."""
    shown = f"√{of.shown}" if degree == 2 else f"∛{of.shown}"
    sign = -1 if of.value < 0 else 1
    if sign < 0 and degree == 2:
        raise SumError(Wrong.ROOT)
    top, bottom = abs(of.value.numerator), of.value.denominator
    found = _whole_root(top, degree), _whole_root(bottom, degree)
    if found[0] ** degree == top and found[1] ** degree == bottom:
        return Result(sign * Fraction(*found), shown, of.exact)
    scale = 10**_ROOT_DIGITS
    scaled = _whole_root(top * scale**degree // bottom, degree)
    return Result(sign * Fraction(scaled, scale), shown, False)


def _whole_root(value: int, degree: int) -> int:
    """The greatest whole number whose power is not above `value` (Newton)."""
    if degree == 2 or value < 2:
        return math.isqrt(value) if degree == 2 else value
    guess = 1 << -(-value.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better
