"""What each turn of a conversation evaluates anew."""

from __future__ import annotations

from appliance.engines.llama.engine import LlamaEngine
from appliance.messages import Ask, Exchange, Message, Token
from bench.dialogue.scene import GREEDY, SYSTEM, never


def prefill_by_turn(engine: LlamaEngine, turns: int) -> tuple[list[int], list[int]]:
    """Tokens that each turn evaluates before it answers, and the length of its prompt."""
    engine._timeline.clear()
    history: tuple[Exchange, ...] = ()
    new, whole = [], []
    for turn in range(turns):
        question = f"{turn + 3}月的花有哪些？"
        texts: list[str] = []

        def take(message: Message, texts: list[str] = texts) -> None:
            if isinstance(message, Token):
                texts.append(message.text)

        engine.begin(turn)
        answered = engine.answer(Ask(turn, SYSTEM, history, question, 16, False, GREEDY), take)
        new.append(answered.tokens_in - answered.tokens_reused)
        whole.append(answered.tokens_in)
        history += (Exchange(question, "".join(texts), answered.ids),)
        engine.tidy(never)
    return new, whole


def turns_of(engine: LlamaEngine, turns: int) -> dict[str, object]:
    new, whole = prefill_by_turn(engine, turns)
    return {"prefill_tokens_by_turn": new, "naive_prefill_tokens_by_turn": whole}
