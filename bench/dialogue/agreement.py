"""How far greedy answers depend on the cut of the prompt, and that ours does not on the way to it.

The canonical schedule gives up the fastest cut, one batch, for answers that are the same whether
the prompt was reused, restored, predicted or evaluated afresh. Here both are compared.
"""

from __future__ import annotations

from appliance.engines.llama.context import Context
from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.generation import Generation
from appliance.engines.llama.sampler import Sampler
from appliance.engines.llama.schedule import Timeline, common_prefix
from appliance.messages import Prefill
from bench.dialogue.scene import GREEDY, SYSTEM, never

TOKENS = 32
QUESTIONS = (
    "天空为什么是蓝色的？",
    "怎么才能睡得好一点？",
    "给我讲讲长城。",
    "西红柿炒鸡蛋怎么做？",
    "为什么猫喜欢睡觉？",
    "学习外语有什么好办法？",
    "春天适合种什么菜？",
    "请用一句话介绍李白。",
    "下雨天可以在家做什么？",
    "什么是月食？",
)


def agreement(engine: LlamaEngine) -> dict[str, object]:
    """Share of questions with the same first 32 tokens, and mean tokens up to a difference."""
    threads = engine._threads
    context = Context(engine._model, 1024, 512, threads, threads, engine._control.flag)
    unblocked, predicted, common = 0, 0, 0
    for question in QUESTIONS:
        prompt = engine._prompt(SYSTEM, (), question, False).tokens
        engine._timeline.clear()
        engine._timeline.evaluate(prompt)
        canonical = _decode(engine._timeline, engine)
        context.remove(0, 0)
        whole = Timeline(context, 512)
        whole.evaluate(prompt)
        other = _decode(whole, engine)
        unblocked += other == canonical
        common += common_prefix(other, canonical)
        engine._timeline.clear()
        for length in (0, 4, len(question)):
            engine.prefill(Prefill(SYSTEM, (), question[:length]), never)
        engine._timeline.evaluate(prompt)
        predicted += _decode(engine._timeline, engine) == canonical
    context.close()
    count = len(QUESTIONS)
    return {
        "agreement": {
            "predicted": predicted / count,
            "unblocked": unblocked / count,
            "unblocked_common_tokens": common / count,
        }
    }


def _decode(timeline: Timeline, engine: LlamaEngine) -> list[int]:
    sampler = Sampler(engine._model, GREEDY)
    tokens = Generation(timeline, sampler).draw(TOKENS)
    sampler.close()
    timeline.logits_lost()
    return tokens
