"""The screen: bytes and wire time per update against two baselines, key to glass, layout.

    python -m bench.screen [--json] [--only PART]... [--rounds N]

The updates are those of one recorded conversation (`bench/scenarios/conversation.toml`).
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bench.key_to_glass import Latencies, measure
from bench.scenario import PHASES, Update, play, read_conversation
from bench.wire import Cost, FullFrame, Luma, Ours
from drivers.sh1106 import SH1106
from drivers.virtual.sh1106 import VirtualSh1106
from ui.reader import Reader
from ui.render import Screen, render
from ui.screens.answer import AnswerView
from ui.strings import Language

PARTS = ("wire", "layout", "keys")
LENGTHS = (100, 300, 1000, 3000, 10_000, 20_000)
TOKENS = 200  # appended at each length
ROUNDS = 3
_RATIOS = {"full_frame": "bytes_ratio_vs_full_frame", "luma": "bytes_ratio_vs_luma"}
_STEPS = (1, 2, 1, 3, 2, 2)  # characters of a token

Report = dict[str, Any]


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` of all values do not exceed. Raises IndexError if none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


# ---------------------------------------------------------------- the wire


def wire(updates: Sequence[Update]) -> Report:
    """Every way of drawing the same updates; ratios of bytes over the whole and by phase."""
    frames = [update.frame for update in updates]
    ways = {
        "ours": Ours().costs(frames),
        "ours_sh1106": Ours(SH1106, VirtualSh1106()).costs(frames),
        "full_frame": FullFrame().costs(frames),
        "luma": Luma().costs(frames),
    }
    phases = {
        phase: _phase(ways, [n for n, update in enumerate(updates) if update.phase == phase])
        for phase in PHASES
    }
    whole = _phase(ways, range(len(updates)))
    return {**{key: whole[key] for key in _RATIOS.values()}, "phases": {"whole": whole, **phases}}


def _phase(ways: Mapping[str, Sequence[Cost]], numbers: Sequence[int]) -> Report:
    """What the updates with these numbers cost, drawn each way."""
    report: Report = {"updates": len(numbers)}
    for baseline, key in _RATIOS.items():
        report[key] = round(_bytes(ways["ours"], numbers) / _bytes(ways[baseline], numbers), 4)
    report |= {way: _summary([costs[n] for n in numbers]) for way, costs in ways.items()}
    return report


def _bytes(costs: Sequence[Cost], numbers: Sequence[int]) -> int:
    return sum(costs[n].wire_bytes for n in numbers)


def _summary(costs: Sequence[Cost]) -> Report:
    sizes = [cost.wire_bytes for cost in costs]
    wire_ms = [1000 * cost.wire_seconds for cost in costs]
    return {
        "bytes_total": sum(sizes),
        "bytes_p50": percentile(sizes, 50),
        "bytes_p99": percentile(sizes, 99),
        "wire_ms_p50": round(percentile(wire_ms, 50), 3),
        "wire_ms_p99": round(percentile(wire_ms, 99), 3),
        "cpu_ms_per_frame": round(1000 * statistics.mean(cost.cpu_seconds for cost in costs), 3),
    }


# ---------------------------------------------------------------- layout


def layout(text: str) -> Report:
    """Microseconds of CPU a token costs once so much text stands above it, and to draw it."""
    curve: dict[str, dict[str, float]] = {
        "layout_us_per_token": {},
        "draw_us_per_frame": {},
        "scroll_us_per_line": {},
    }
    endless = itertools.cycle(text)
    for length in LENGTHS:
        for key, microseconds in _at_length(endless, length).items():
            curve[key][str(length)] = microseconds
    return curve


def _at_length(characters: itertools.cycle[str], length: int) -> dict[str, float]:
    reader = Reader("问")
    reader.append("".join(itertools.islice(characters, length)))
    tokens = _tokens(characters)
    view = AnswerView(reader)
    return {
        "layout_us_per_token": _median_us(lambda: reader.append(next(tokens)), TOKENS),
        "draw_us_per_frame": _median_us(lambda: render(Screen(view), Language.ZH), TOKENS),
        "scroll_us_per_line": _median_us(lambda: reader.scroll(-1), TOKENS),
    }


def _tokens(characters: itertools.cycle[str]) -> Iterator[str]:
    for step in itertools.cycle(_STEPS):
        yield "".join(itertools.islice(characters, step))


def _median_us(act: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time_ns()
        act()
        taken.append((time.process_time_ns() - began) / 1000)
    return round(statistics.median(taken), 1)


# ---------------------------------------------------------------- key to glass


def keys(rounds: int) -> Report:
    """Milliseconds from the acting edge to the first and to the last changed byte, by load."""
    return {load: _latencies(result) for load, result in measure(rounds).items()}


def _ms(seconds: Sequence[float], percent: int) -> float:
    return round(1000 * percentile(seconds, percent), 1)


def _latencies(result: Latencies) -> Report:
    return {
        "keys": len(result.first),
        "key_to_glass_ms_p50": _ms(result.first, 50),
        "key_to_glass_ms_p99": _ms(result.first, 99),
        "key_to_glass_ms_max": _ms(result.first, 100),
        "last_byte_ms_p50": _ms(result.last, 50),
        "last_byte_ms_p99": _ms(result.last, 99),
        "tokens_per_second": round(result.tokens / result.seconds, 1),
    }


# ---------------------------------------------------------------- report


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of keys, idle and busy each")
    args = parser.parse_args()
    conversation = read_conversation()
    parts: dict[str, Callable[[], Report]] = {
        "wire": lambda: wire(play(conversation)),
        "layout": lambda: layout("".join(conversation.tokens)),
        "keys": lambda: keys(args.rounds),
    }
    report: Report = {}
    for part in args.only or PARTS:
        print(f"screen: {part}", file=sys.stderr)
        report |= parts[part]()
    print(json.dumps(report, indent=2) if args.json else format_report(report))
    return 0


def format_report(report: Report) -> str:
    """The report as text for people."""
    lines = _wire_lines(report["phases"]) if "phases" in report else []
    for key in ("layout_us_per_token", "draw_us_per_frame", "scroll_us_per_line"):
        if key in report:
            curve = "  ".join(f"{length}: {us}" for length, us in report[key].items())
            lines.append(f"{key:22} {curve}")
    lines += [_keys_line(load, report[load]) for load in ("idle", "busy") if load in report]
    return "\n".join(lines)


def _wire_lines(phases: Report) -> list[str]:
    header = f"{'phase':10} {'updates':>7} {'bytes p50':>9} {'p99':>5} {'ms p50':>7} {'p99':>6}"
    lines = [f"{header}  of full frame  of luma"]
    for name, phase in phases.items():
        ours = phase["ours"]
        lines.append(
            f"{name:10} {phase['updates']:7} {ours['bytes_p50']:9} {ours['bytes_p99']:5}"
            f" {ours['wire_ms_p50']:7.2f} {ours['wire_ms_p99']:6.2f}"
            f" {phase['bytes_ratio_vs_full_frame']:14.3f} {phase['bytes_ratio_vs_luma']:8.3f}"
        )
    for way in ("ours", "ours_sh1106", "full_frame", "luma"):
        whole = phases["whole"][way]
        lines.append(
            f"{way:12} {whole['bytes_total']} bytes, CPU {whole['cpu_ms_per_frame']} ms/frame"
        )
    return lines


def _keys_line(load: str, found: Report) -> str:
    return (
        f"key to glass, {load}: first changed byte p50 {found['key_to_glass_ms_p50']}"
        f" p99 {found['key_to_glass_ms_p99']} ms, last p50 {found['last_byte_ms_p50']}"
        f" p99 {found['last_byte_ms_p99']} ms ({found['keys']} keys,"
        f" {found['tokens_per_second']} tok/s)"
    )


if __name__ == "__main__":
    sys.exit(main())
