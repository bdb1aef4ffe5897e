"""A box with little memory, and the real default models: hearing, thinking, speaking in turns."""

import asyncio
from pathlib import Path

import pytest

from appliance.dialogue.tables import Input, Turn
from appliance.supervision.residency import Residency
from appliance.workers.supervisor import Status
from tests.whole.rig import run_box

pytestmark = [
    pytest.mark.models,
    pytest.mark.long,
    pytest.mark.usefixtures("default_models"),
]
QUESTION = Path(__file__).parents[2] / "appliance" / "commands" / "demo_question.wav"


def test_a_spoken_question_is_heard_answered_and_spoken_with_one_engine_in_memory(tmp_path):
    inside = set()

    async def watch(team):
        while True:
            alive = [
                name for name in ("llm", "asr", "tts") if team.status(name) is not Status.STOPPED
            ]
            assert len(alive) <= 1
            inside.update(alive)
            await asyncio.sleep(0.02)

    async def script(rig):
        team = rig.app.team
        assert isinstance(team, Residency)
        watcher = asyncio.create_task(watch(team))
        await rig.until(lambda: team.ready("llm") and team.ready("audio"))
        rig.conductor.talk(QUESTION)
        await rig.until(lambda: rig.conductor.input.state is Input.LISTENING)
        await rig.until(lambda: rig.app.screen().toast is not None)  # what is being swapped
        await rig.until(lambda: rig.conductor.answer is not None)
        answer = rig.conductor.answer
        await rig.until(lambda: rig.conductor.turn.state in (Turn.NONE, Turn.FAULT))
        await rig.until(lambda: team.ready("llm"))
        assert not watcher.done()
        watcher.cancel()
        return answer

    answer = run_box(script, tmp_path / "out", {"models.residency": "turns"})
    assert answer.question and answer.text
    assert inside == {"llm", "asr", "tts"}
    assert list((tmp_path / "out").glob("answer-*.wav"))
