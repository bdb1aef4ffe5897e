"""What TeX's commands stand for: one table for what is shown and what is read aloud.

Source of the names: "Comprehensive LaTeX Symbol List"; their signs are those of Unicode's
mathematical operators.
"""

from __future__ import annotations

from collections.abc import Mapping

SIGNS: Mapping[str, str] = {
    "times": "×", "div": "÷", "cdot": "·", "pm": "±", "mp": "∓", "ast": "*",
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡",
    "infty": "∞", "sum": "∑", "prod": "∏", "int": "∫", "partial": "∂",
    "in": "∈", "cup": "∪", "cap": "∩", "subset": "⊂", "angle": "∠", "triangle": "△",
    "perp": "⊥", "parallel": "∥", "because": "∵", "therefore": "∴", "circ": "°",
    "to": "→", "rightarrow": "→", "Rightarrow": "⇒", "implies": "⇒", "leftarrow": "←",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "Delta": "Δ", "theta": "θ",
    "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "phi": "φ", "omega": "ω",
    "ldots": "…", "cdots": "…", "dots": "…", "quad": " ", "qquad": " ",
}  # fmt: skip
