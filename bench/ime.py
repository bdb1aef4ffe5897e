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
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from appliance.engines.llm import LlmError
from appliance.models.errors import ModelError
from bench.rime import Rime, RimeMissingError
from ui.input.alternatives import Candidate
from ui.input.certainty import cells_of
from ui.input.composition import Composition
from ui.input.editing.pages import PER_PAGE, paginate
from ui.input.engine import DATA, Engine
from ui.input.lattice import Kind
from ui.input.learning.user import MemoryWords
from ui.input.model import UNK
from ui.input.rerank import WEIGHT
from ui.input.syllables import keys_of

DEV = Path(__file__).resolve().parent.parent / "tests" / "ui" / "input" / "data" / "t9_dev.tsv"
LONG_KEYS = 40
NOT_FOUND_PAGES = 3  # what a word that is in no list costs
SWITCH = 1  # B, from words to hanzi
LOST = 10  # keystrokes of a place that cannot be repaired
LONGEST_WORD = 8
LEAFED = 2  # other sentences a person looks at before repairing words
UNSEEN = 8 * 1024  # cost of a hanzi that the model does not hold

Json = dict[str, "float | int | str | Json | None"]


@dataclass(frozen=True)
class Row:
    """One sentence of the set."""

    sentence: str
    pinyin: tuple[str, ...]
    keys: str
    source: str

    def hanzi_at(self, key: int) -> int:
        """Which hanzi begins at this key; -1: none."""
        starts = [0, *accumulate(len(syllable) for syllable in self.pinyin)]
        return starts.index(key) if key in starts else -1


def read_rows(path: Path) -> list[Row]:
    """ValueError names the first line that is not of the form."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) < 3 or not set(fields[2]) <= set("23456789") or not fields[2]:
            raise ValueError(f"{path}:{number}: not sentence, pinyin, keys, source")
        source = fields[3] if len(fields) > 3 else ""
        rows.append(Row(fields[0], tuple(fields[1].split(" ")), fields[2], source))
    if not rows:
        raise ValueError(f"{path}: no sentences")
    return rows


def distance(a: str, b: str) -> int:
    """Levenshtein's."""
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            current.append(min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (x != y)))
        previous = current
    return previous[-1]


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def type_keys(engine: Engine, keys: str, times: list[float] | None = None) -> Composition:
    """Type keys as the editor does; `times` takes milliseconds from key to text."""
    composition = Composition(engine)
    for key in keys:
        begin = time.perf_counter()
        composition.type(int(key))
        composition.text()
        if times is not None:
            times.append(1e3 * (time.perf_counter() - begin))
    return composition


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


def rates(rows: Sequence[Row], shown: Sequence[str]) -> Json:
    """Sentences and characters that are right, of all and by source."""
    hits: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row, text in zip(rows, shown, strict=True):
        count = hits[row.source]
        count[0] += text == row.sentence
        count[1] += 1
        count[2] += min(distance(row.sentence, text), len(row.sentence))
        count[3] += len(row.sentence)
    total = [sum(count[n] for count in hits.values()) for n in range(4)]
    return {
        "sentence_top1": percent(total[0], total[1]),
        "char_top1": percent(total[3] - total[2], total[3]),
        "sources": {
            source: {
                "sentences": count[1],
                "sentence_top1": percent(count[0], count[1]),
                "char_top1": percent(count[3] - count[2], count[3]),
            }
            for source, count in sorted(hits.items())
        },
    }


def wrong_words(composition: Composition, row: Row) -> set[int]:
    """The places of the words shown whose keys the reference reads as other hanzi."""
    at, right = 0, set()
    for hanzi, syllable in zip(row.sentence, row.pinyin, strict=True):
        right.add((at, hanzi, len(syllable)))
        at += len(syllable)
    return {
        place
        for place, word in enumerate(composition.words())
        if not cells_of(word, composition.word_text(word), composition.reading(word)) <= right
    }


def percent(part: int, whole: int) -> float:
    return round(100 * part / max(whole, 1), 2)


def segment(engine: Engine, row: Row) -> list[tuple[str, str]]:
    """The likeliest words of the reference by unigram, with the keys of each."""
    model, text = engine.model, row.sentence
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(text)
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + LONGEST_WORD) + 1):
            word = model.word(text[start:end])
            if word == UNK and end > start + 1:
                continue
            cost = best[start][0] + (UNSEEN if word == UNK else model.unigram[word])
            if cost < best[end][0]:
                best[end] = (cost, start)
    words: list[tuple[str, str]] = []
    end = len(text)
    while end:
        start = best[end][1]
        words.append((text[start:end], keys_of("".join(row.pinyin[start:end]))))
        end = start
    return words[::-1]


# ---------------------------------------------------------------- keystrokes


def page_of(candidates: Sequence[Candidate], text: str) -> int | None:
    """The page, from 0, on which a candidate stands."""
    for number, page in enumerate(paginate([c.text for c in candidates])):
        if any(candidates[at].text == text for at in page):
            return number
    return None


def word_cost(engine: Engine, row: Row) -> int:
    """Word by word: its keys, one to accept or open the list, pages, one to pick."""
    cost, done = 0, ""
    for word, keys in segment(engine, row):
        composition = Composition(engine, done)
        for key in keys:
            composition.type(int(key))
        cost += len(keys) + 1
        if composition.text() != word:
            page = page_of(composition.candidates(0), word)
            cost += 1 + (NOT_FOUND_PAGES if page is None else page)
        done += word
    return cost


def sentence_cost(engine: Engine, row: Row) -> tuple[int, int, Composition]:
    """The whole sentence, repaired word by word, the nearest wrong one first: keystrokes, repairs,
    what was typed."""
    composition = type_keys(engine, row.keys)
    wanted = wanted_words(engine, row)
    cost, fixes = len(row.keys) + 1, 0
    choosing: int | None = None  # the place that choosing stands at
    for _ in row.sentence:
        places = repairable(composition, row)
        if not places:
            break
        fixes += 1
        keys, place = min((reach(composition, place, choosing), place) for place in places)
        at = row.hanzi_at(composition.words()[place].start)
        picked = repair(composition, place, row.sentence[at:], wanted.get(at, ""))
        if picked is None:
            cost += LOST
            break
        cost += keys + picked + 1
        choosing = composition.doubted_after(place)
    return cost, fixes, composition


def wanted_words(engine: Engine, row: Row) -> dict[int, str]:
    """The reference's words by where they begin, in hanzi."""
    wanted, at = {}, 0
    for word, _ in segment(engine, row):
        wanted[at] = word
        at += len(word)
    return wanted


def repairable(composition: Composition, row: Row) -> set[int]:
    """The places of wrong words that begin where a hanzi of the reference does; of wrong words in
    a row, which hang together, the first."""
    words = composition.words()
    wrong = wrong_words(composition, row)
    aligned = {place for place in wrong if row.hanzi_at(words[place].start) >= 0}
    return {place for place in aligned if place - 1 not in wrong}


def reach(composition: Composition, place: int, choosing: int | None) -> int:
    """Keys to the word at `place`: from where choosing stands; else `#` opens it at the word that
    is marked, `*` at the last one."""
    if choosing is not None:
        return abs(place - choosing)
    last = len(composition.words()) - 1
    marked = composition.weakest()
    return 1 + min(last - place, abs(place - (last if marked is None else marked)))


def next_cost(engine: Engine, row: Row) -> int | None:
    """Keystrokes when one of the next `LEAFED` sentences (key 0) is right; None when none is."""
    composition = type_keys(engine, row.keys)
    for presses, path in enumerate(composition.sentences()[: LEAFED + 1]):
        if composition.text_of(path.words) == row.sentence:
            return len(row.keys) + presses + 1
    return None


def repair(composition: Composition, place: int, rest: str, word: str) -> int | None:
    """Pick what fits and is longest on the first page, no shorter than the reference's word; else
    that word, or what fits, or its first hanzi after B, whatever is nearest. The keys it takes
    beside the pick, or None when nothing fits."""
    candidates = composition.candidates(place)
    fitting = [c for c in candidates if rest.startswith(c.text)]
    first = [c for c in fitting if page_of(candidates, c.text) == 0 and len(c.text) >= len(word)]
    choices = [(0, c) for c in first]
    if not first:
        exact = [c for c in fitting if c.text == word]
        choices = [(page_of(candidates, c.text) or 0, c) for c in (exact + fitting)[:2]]
        characters = composition.characters(place)
        single = [c for c in characters if rest.startswith(c.text)][:1]
        choices += [(SWITCH + (page_of(characters, c.text) or 0), c) for c in single]
    if not choices:
        return None
    keys, chosen = min(choices, key=lambda choice: (choice[0], -len(choice[1].text)))
    composition.pick(chosen)
    return keys


def hanzi_cost(engine: Engine, row: Row, ranks: dict[str, list[str]]) -> int:
    """Hanzi by hanzi from lists in order of frequency: keys, pages of ten, one to pick."""
    cost = 0
    for character, syllable in zip(row.sentence, row.pinyin, strict=True):
        keys = keys_of(syllable)
        if keys not in ranks:
            composition = Composition(engine)
            for key in keys:
                composition.type(int(key))
            whole = (c for c in composition.characters(0) if c.word.end == len(keys))
            found = {c.text: engine.model.word(c.text) for c in whole if c.word.kind is Kind.FULL}
            found = {c: w for c, w in found.items() if w != UNK}
            ranks[keys] = sorted(found, key=lambda c: engine.model.unigram[found[c]])
        hanzi = ranks[keys]
        rank = hanzi.index(character) if character in hanzi else len(hanzi)
        cost += len(keys) + 1 + rank // 10 + 1
    return cost


def keystrokes(engine: Engine, rows: Sequence[Row]) -> Json:
    hanzi = sum(len(row.sentence) for row in rows)
    sentence = [sentence_cost(engine, row)[:2] for row in rows]
    leafed = [next_cost(engine, row) for row in rows]
    either = [
        cost if other is None else min(cost, other)
        for (cost, _), other in zip(sentence, leafed, strict=True)
    ]
    ranks: dict[str, list[str]] = {}
    return {
        "keys_per_hanzi": round(sum(len(row.keys) for row in rows) / hanzi, 3),
        "kspc_sentence": round(sum(cost for cost, _ in sentence) / hanzi, 3),
        "kspc_sentence_or_next": round(sum(either) / hanzi, 3),
        "kspc_word": round(sum(word_cost(engine, row) for row in rows) / hanzi, 3),
        "kspc_hanzi": round(sum(hanzi_cost(engine, row, ranks) for row in rows) / hanzi, 3),
        "fixes_per_sentence": round(sum(fixes for _, fixes in sentence) / len(rows), 3),
        "no_fix": percent(sum(fixes == 0 for _, fixes in sentence), len(rows)),
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
        # Imported here: it measures with what stands above.
        from bench.ime_learning import learning

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
