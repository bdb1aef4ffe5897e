"""What all measurements of the mind share: prompts, and how a question is asked."""

from __future__ import annotations

import time
from collections.abc import Callable

from appliance.engines.llama.engine import LlamaEngine
from appliance.messages import Ask, Exchange, Message, Sampling, Token
from appliance.personas.persona import system_prompt

SYSTEM = system_prompt("zh")
QUESTION = "请你告诉我从北京坐火车到上海大概要多长时间路上会经过哪些比较大的城市和省份呢"
STORY = "写一篇很长的文章介绍长城。"
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
FULL = Sampling(seed=1)


def never() -> bool:
    return False


def ignore(message: Message) -> None:
    return None


def first_token(
    engine: LlamaEngine,
    sent: float,
    turn: int,
    question: str,
    history: tuple[Exchange, ...] = (),
) -> float:
    """Milliseconds from `sent` to the first token of an answer."""
    came: list[float] = []

    def take(message: Message) -> None:
        if isinstance(message, Token) and not came:
            came.append(time.perf_counter())

    engine.begin(turn)
    engine.answer(Ask(turn, SYSTEM, history, question, 1, False, GREEDY), take)
    return (came[0] - sent) * 1000 if came else float("nan")


def answer(
    engine: LlamaEngine,
    question: str,
    turn: int = 1,
    history: tuple[Exchange, ...] = (),
    limit: int = 16,
    ids: Callable[[bytes], None] = lambda ids: None,
) -> str:
    """A greedy answer's text; its token ids go to `ids`."""
    texts: list[str] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            texts.append(message.text)

    engine.begin(turn)
    ids(engine.answer(Ask(turn, SYSTEM, history, question, limit, False, GREEDY), take).ids)
    return "".join(texts)
