"""What the model is told to be. Short, because every token of it is prefilled on a cold start."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

# At most 60 tokens each with the default model's vocabulary; tests hold that.
SYSTEM_PROMPTS: dict[Language, str] = {
    "zh": (
        "你是离线语音助手小鹿。用一两句口语直接回答，不用列表和符号。"
        "不知道就说不知道。你不能定闹钟、查天气新闻、打电话，被要求时要直说做不到。"
    ),
    "en": (
        "You are Lory, an offline voice assistant. Answer in one or two plain spoken sentences, "
        "no lists. Admit what you don't know. You cannot set alarms, check weather or news, or "
        "make calls; say so."
    ),
}


def system_prompt(language: str) -> str:
    """The system prompt for a UI language; Chinese for one that is not known."""
    return SYSTEM_PROMPTS["en" if language == "en" else "zh"]
