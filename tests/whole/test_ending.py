"""SIGTERM in every state: the box ends in good order, and nothing of it is left running."""

from pathlib import Path

import pytest

from tests.child import Child
from tests.waiting import PATIENCE
from tests.whole.rig import until_nothing_runs

PROGRAM = """
import asyncio, sys
from importlib import resources
from pathlib import Path
from appliance.box import serve
from appliance.dialogue.tables import Input, Turn
from appliance.commands.virtual_box import VirtualBox
from appliance.world import World

state, out, patience = sys.argv[1:]

async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)

async def reach(conductor, team):
    if state == "loading":
        await until(lambda: "llm" in conductor.reports.loading)
    elif state == "waiting":
        conductor.submit("你好")
    elif state == "listening":
        await until(lambda: team.ready("asr") and team.ready("audio"))
        with resources.as_file(resources.files("appliance.commands") / "demo_question.wav") as wav:
            conductor.talk(wav)
            await until(lambda: conductor.ear.level > 0)
    else:
        await until(lambda: team.ready("llm") and team.ready("tts"))
        conductor.submit("请详细介绍一下长城的历史，至少说二百字。")
        if state == "answering":
            await until(lambda: len(conductor.answer.text) > 5)
        elif state == "speaking":
            await until(lambda: conductor.mouth.voice and conductor.mouth.voice.spoken)

async def go(app):
    conductor, team = app.conductor, app.team
    try:
        async with asyncio.timeout(float(patience)):
            await reach(conductor, team)
        print("there", flush=True)
    except TimeoutError:
        workers = ", ".join(f"{name} {team.status(name).value}" for name in team.members)
        at = f"input {conductor.input.state.name}, turn {conductor.turn.state.name}, {workers}"
        print("not there, but at", at, flush=True)
    await asyncio.Event().wait()

with World.open(None) as world:
    print(world.runtime, flush=True)
    world.speak_into_files(Path(out), fast=False)
    box = VirtualBox(real_time=False)
    asyncio.run(serve(world, box.make_front, go))
"""


@pytest.mark.models
@pytest.mark.usefixtures("default_models")
@pytest.mark.parametrize(
    "state", ["loading", "waiting", "listening", "thinking", "answering", "speaking"]
)
def test_sigterm_ends_everything_from(state, tmp_path):
    with Child(PROGRAM, state, str(tmp_path / "out"), str(PATIENCE)) as child:
        runtime = Path(child.line())
        assert child.line(2 * PATIENCE) == "there"
        child.process.terminate()
        assert child.process.wait(PATIENCE) == 0
        assert not runtime.exists()
        until_nothing_runs(child.process.pid)
