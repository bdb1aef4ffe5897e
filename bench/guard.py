"""The quality guard: does the model still answer right, briefly and plainly?

    python -m bench.guard [MODEL.gguf] [--json] [--write FILE] [--against FILE]

Greedy, under the canonical schedule, with the default persona's prompt: two runs of one build give
the same answers, so what an optimisation changes shows. `--write` keeps the answers, `--against`
counts those that are equal to kept ones.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmError, LlmOptions
from appliance.memory.recollection import reminder
from appliance.messages import Ask, Message, Sampling, Token
from appliance.models.errors import ModelError
from appliance.personas.persona import system_prompt
from bench.default_llm import add_model_argument, default_llm

GREEDY = Sampling(temperature=0.0, repeat_penalty=1.05, seed=1)
MOST_TOKENS = 192
MARKS = ("**", "##", "\n- ", "\n* ", "\n1. ", "\n1、", "```", "\ufffd", "<|")


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked, and what its answer must and must not hold; see guard.toml."""

    kind: str
    ask: str
    told: str = ""
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    most: int = 240
    dozen: bool = False

    def complaint(self, answer: str, reason: str) -> str:
        """What is wrong with an answer; "" for nothing."""
        if reason != "stop":
            return f"ended by {reason}"
        if self.any and not any(word in answer for word in self.any):
            return "wrong"
        if missing := [word for word in self.all if word not in answer]:
            return f"without {missing[0]}"
        if marks := [mark for mark in (*MARKS, *self.none) if mark in answer]:
            return f"holds {marks[0]!r}"
        return f"{len(answer)} characters" if len(answer) > self.most else ""


class Verdict(msgspec.Struct, frozen=True):
    question: Question
    answer: str
    complaint: str


def questions() -> list[Question]:
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return msgspec.convert(raw["question"], list[Question])


def judge(engine: LlamaEngine, asked: Sequence[Question], system: str) -> Iterator[Verdict]:
    """Ask each question in a conversation of its own."""
    for turn, question in enumerate(asked, 1):
        texts: list[str] = []

        def take(message: Message, texts: list[str] = texts) -> None:
            if isinstance(message, Token) and not message.thought:
                texts.append(message.text)

        engine.begin(turn)
        asked_so = question.ask + reminder([question.told], "zh")
        ask = Ask(turn, system, (), asked_so, MOST_TOKENS, False, GREEDY)
        reason = engine.answer(ask, take).reason
        answer = "".join(texts).strip()
        yield Verdict(question, answer, question.complaint(answer, reason))


def summary(verdicts: Sequence[Verdict]) -> dict[str, object]:
    kinds = {verdict.question.kind: [0, 0] for verdict in verdicts}
    for verdict in verdicts:
        kinds[verdict.question.kind][0] += not verdict.complaint
        kinds[verdict.question.kind][1] += 1
    passed = sum(not verdict.complaint for verdict in verdicts)
    return {
        "score": passed / len(verdicts),
        "passed": passed,
        "of": len(verdicts),
        "kinds": {kind: f"{good}/{whole}" for kind, (good, whole) in kinds.items()},
        "failed": [
            {"ask": one.question.ask, "answer": one.answer, "why": one.complaint}
            for one in verdicts
            if one.complaint
        ],
    }


def agreement(verdicts: Sequence[Verdict], kept: Path) -> float:
    """The share of answers that are equal to those of a run before."""
    before = msgspec.json.decode(kept.read_bytes(), type=dict[str, str])
    equal = [before.get(one.question.ask) == one.answer for one in verdicts]
    return sum(equal) / len(equal)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add_model_argument(parser)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, help="keep the answers here")
    parser.add_argument("--against", type=Path, help="compare with answers kept before")
    parser.add_argument("--system", default=system_prompt("zh"), help="another system prompt")
    args = parser.parse_args()
    try:
        engine = LlamaEngine(LlmOptions(str(args.model or default_llm()), context=2048))
    except (LlmError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    verdicts = list(judge(engine, questions(), args.system))
    engine.close()
    result = summary(verdicts)
    if args.against:
        result["equal_answers"] = agreement(verdicts, args.against)
    if args.write:
        answers = {one.question.ask: one.answer for one in verdicts}
        args.write.write_text(json.dumps(answers, ensure_ascii=False, indent=1), encoding="utf-8")
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    for one in verdicts:
        if one.complaint:
            print(f"{one.complaint:<16}{one.question.ask}  {one.answer!r}")
    print(f"{result['passed']} of {result['of']} ({result['score']:.1%}): {result['kinds']}")
    if args.against:
        print(f"answers equal to {args.against}: {result['equal_answers']:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
