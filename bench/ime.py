"""The input method on a file of sentences: accuracy, keystrokes, time, memory.

    python -m bench.ime [FILE.tsv] [--json] [--fallback] [--limit N] [--no-learning] [--rerank llm]

Columns of the file: sentence, pinyin, keys, source; lines with `#` are comments. Without a file,
the development set. The keystroke model is of the keys as they are: those typed, and D to accept;
to repair a word, `#` or `*` to choose and one for each word on the way (a pick goes on to the next
word in doubt by itself), one for each page turned, B from words to hanzi, one to pick; the nearest
wrong word is repaired first (`kspc_sentence`).
`kspc_sentence_or_next` also lets key 0 show the next two sentences. Beside ours stand typing word
by word, and hanzi by hanzi as the closest peer does. `marked_wrong`: of the sentences with wrong
words, how many have one of them marked as the least certain. librime, where it is installed, types
the same sentences with the same keys in the same run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from appliance.engines.llm import LlmError
from appliance.models.errors import ModelError
from bench.ime_learning import learning
from bench.ime_repair import keystrokes
from bench.ime_rows import (
    DEV,
    Json,
    Row,
    distance,
    percent,
    quantile,
    rates,
    read_rows,
    segment,
    type_keys,
    wrong_words,
)
from bench.rime import Rime, RimeMissingError
from ui.input.editing.pages import PER_PAGE
from ui.input.engine import DATA, Engine
from ui.input.learning.user import MemoryWords
from ui.input.rerank import WEIGHT

LONG_KEYS = 40

# ---------------------------------------------------------------- accuracy


def accuracy(engine: Engine, rows: Sequence[Row]) -> Json:
    shown: list[str] = []
    nbest = first = wrong = marked = 0
    for row in rows:
        composition = type_keys(engine, row.keys)
        top = composition.text()
        shown.append(top)
        wrong += top != row.sentence
        marked += composition.weakest() in wrong_words(composition, row)
        nbest += any(composition.text_of(p.words) == row.sentence for p in composition.sentences())
        word = segment(engine, row)[0]
        near = composition.candidates(0)[:10]
        first += any(word[0] in (c.text, c.text[: len(word[0])]) for c in near)
    return rates(rows, shown) | {
        "nbest10": percent(nbest, len(rows)),
        "first_word_top10": percent(first, len(rows)),
        "marked_wrong": percent(marked, wrong),
    }


# ---------------------------------------------------------------- second pass


def second_pass(engine: Engine, rows: Sequence[Row]) -> Json:
    """The LLM's opinion on the best sentences. Raises LlmError or ModelError without an LLM."""
    # Imported here: nothing else in this bench needs an engine or a model.
    from bench.ime_rerank import LlmJudge, second_opinions

    found = []
    for row in rows:
        composition = type_keys(engine, row.keys)
        paths = composition.sentences()
        found.append([(composition.text_of(path.words), path.cost) for path in paths])
    judge = LlmJudge()
    try:
        shown, times = second_opinions(judge, found)
    finally:
        judge.close()
    return rates(rows, shown) | {
        "plain": rates(rows, [candidates[0][0] for candidates in found]),
        "weight": WEIGHT,
        "ms_p50": round(quantile(times, 0.5), 1),
        "ms_p95": round(quantile(times, 0.95), 1),
    }


# ---------------------------------------------------------------- time and memory


def speed(engine: Engine, rows: Sequence[Row]) -> Json:
    """Milliseconds per key: the first time over everything, and the median of three more, of the
    sentences and of all their keys cut into inputs of `LONG_KEYS`."""
    typed = [row.keys for row in rows]
    keys = "".join(typed)
    long = [keys[at : at + LONG_KEYS] for at in range(0, len(keys) - LONG_KEYS + 1, LONG_KEYS)]
    cold = timed(engine, typed)
    return (
        percentiles(cold, "_cold")
        | percentiles(medians(engine, typed), "")
        | percentiles(medians(engine, long), f"_{LONG_KEYS}")
    )


def timed(engine: Engine, inputs: Sequence[str]) -> list[float]:
    times: list[float] = []
    for keys in inputs:
        type_keys(engine, keys, times)
    return times


def medians(engine: Engine, inputs: Sequence[str]) -> list[float]:
    """By key, so that what else the machine does falls out."""
    passes = [timed(engine, inputs) for _ in range(3)]
    return [sorted(times)[1] for times in zip(*passes, strict=True)]


def percentiles(times: Sequence[float], suffix: str) -> Json:
    result: Json = {
        f"ms_per_key_p{int(100 * share)}{suffix}": round(quantile(times, share), 3)
        for share in (0.5, 0.95, 0.99)
    }
    result[f"ms_per_key_max{suffix}"] = round(max(times, default=0.0), 3)
    return result


def resident(path: Path, compiled: bool) -> tuple[float, float]:
    """Peak resident megabytes of a process that opens the engine and types the whole file: what
    it has more than a bare interpreter, and all of it. Kernels that map page cache in large folios
    count the whole data file as soon as a part is touched."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ui.input.composition import Composition\n"
        "from ui.input.engine import Engine\n"
        "from ui.input.learning.user import MemoryWords\n"
        "engine = Engine(MemoryWords(), compiled=sys.argv[2] == '1')\n"
        "for line in Path(sys.argv[1]).read_text(encoding='utf-8').splitlines():\n"
        "    if line.startswith('#'):\n"
        "        continue\n"
        "    composition = Composition(engine)\n"
        "    for key in line.split('\\t')[2]:\n"
        "        composition.type(int(key))\n"
        "        composition.text()\n"
        "for line in Path('/proc/self/status').read_text().splitlines():\n"
        "    if line.startswith('VmHWM'):\n"
        "        print(line.split()[1])\n"
    )
    command = [sys.executable, "-c", code, str(path), "1" if compiled else "0"]
    output = subprocess.run(command, capture_output=True, text=True, check=True)
    peak = int(output.stdout) / 1024
    report = code[code.index("for line in Path('/proc") :]
    bare = "from pathlib import Path\n" + report
    output = subprocess.run(
        [sys.executable, "-c", bare], capture_output=True, text=True, check=True
    )
    return round(peak - int(output.stdout) / 1024, 1), round(peak, 1)


def load_ms() -> float:
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        Engine(MemoryWords())
        times.append(1e3 * (time.perf_counter() - begin))
    return round(quantile(times, 0.5), 1)


# ---------------------------------------------------------------- librime


def rime_result(rows: Sequence[Row]) -> Json | None:
    """librime with the same keys; None where it is not installed."""
    try:
        rime = Rime()
    except RimeMissingError:
        return None
    hits = errors = hanzi = 0
    times: list[float] = []
    with rime:
        for row in rows:
            for key in row.keys:
                begin = time.perf_counter()
                rime.press(key)
                top = rime.top()
                times.append(1e3 * (time.perf_counter() - begin))
            rime.clear()
            hits += top == row.sentence
            errors += min(distance(row.sentence, top), len(row.sentence))
            hanzi += len(row.sentence)
    result: Json = {
        "sentence_top1": percent(hits, len(rows)),
        "char_top1": percent(hanzi - errors, hanzi),
        "version": rime.version,
    }
    return result | percentiles(times, "")


def table(result: Json, indent: str = "") -> str:
    lines = []
    for name, value in result.items():
        if isinstance(value, dict):
            lines.append(f"{indent}{name}")
            lines.append(table(value, indent + "  "))
        else:
            lines.append(f"{indent}{name:<{28 - len(indent)}} {value}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ime", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=DEV)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--fallback", action="store_true", help="the pure-Python lattice")
    parser.add_argument("--limit", type=int, help="only the first N sentences")
    parser.add_argument("--no-learning", action="store_true")
    parser.add_argument("--rerank", choices=["llm"], help="also with the LLM's second opinion")
    arguments = parser.parse_args()
    try:
        rows = read_rows(arguments.file)[: arguments.limit]
    except (OSError, ValueError) as error:
        print(f"bench.ime: {error}", file=sys.stderr)
        return 1
    compiled = not arguments.fallback
    engine = Engine(MemoryWords(), compiled=compiled)
    result: Json = {"sentences": len(rows), "core": "C" if engine.compiled else "Python"}
    result |= speed(engine, rows)
    result |= accuracy(engine, rows)
    result |= keystrokes(engine, rows)
    result["page"] = PER_PAGE
    result["load_ms"] = load_ms()
    result["rss_mb"], result["rss_process_mb"] = resident(arguments.file, compiled)
    result["data_mb"] = round(DATA.stat().st_size / 1e6, 2)
    if not arguments.no_learning:
        result["learning"] = learning(rows, compiled)
    if arguments.rerank:
        try:
            result["rerank"] = second_pass(engine, rows)
        except (LlmError, ModelError) as error:
            print(f"bench.ime: {error}", file=sys.stderr)
            return 1
    result["librime"] = rime_result(rows)
    print(json.dumps(result, ensure_ascii=False) if arguments.json else table(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
