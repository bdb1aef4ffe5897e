"""Packages missing, arriving, there × the model missing, arriving, there × three ways to ask.

What cannot be answered yet waits, says for what, and is answered when it can be. What nobody brings
is told with what to do, and nothing is lost.
"""

import os
from importlib import resources
from pathlib import Path

import pytest

from appliance.dialogue.tables import Input, Turn
from appliance.supervision.arrivals import model_of
from appliance.workers.supervisor import Status
from tests.whole.rig import run_box
from ui.screens.listening import ListeningView
from ui.screens.message import MessageView
from ui.screens.waiting import WaitingView
from ui.strings import Text

pytestmark = pytest.mark.models

ENGINE = {"llm": ("llama_cpp", "llama-cpp-python"), "asr": ("sherpa_onnx", "sherpa-onnx")}
ENGINE["tts"] = ENGINE["asr"]
STATES = ("missing", "arriving", "there")
TABLE = [(package, model) for package in STATES for model in STATES]
QUESTION = "你好"


class Machine:
    """A box with one engine of interest, whose package and model are in such a state."""

    def __init__(self, tmp_path, monkeypatch, models, role, package, model):
        self.role, self.package, self.model = role, package, model
        self._store = tmp_path / "models"
        self._store.mkdir()
        monkeypatch.setenv("LORY_MODELS", str(self._store))
        self._models = models
        self._link("vad")
        if model == "there":
            self._link(role)
        if package == "missing":
            module, _ = ENGINE[role]
            (tmp_path / "without" / module).mkdir(parents=True)
            (tmp_path / "without" / module / "__init__.py").write_text("raise ImportError('no')\n")
            path = [str(tmp_path / "without"), os.environ["PYTHONPATH"]]
            monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))

    def _link(self, role):
        folder = self._models[role]
        (self._store / folder.name).mkdir()
        for file in folder.iterdir():
            (self._store / folder.name / file.name).symlink_to(file)

    @property
    def things(self):
        package = [ENGINE[self.role][1]] if self.package == "arriving" else []
        return package + ([model_of(self.role)] if self.model == "arriving" else [])

    @property
    def works_in_the_end(self):
        return "missing" not in (self.package, self.model)

    def expect(self, world):
        world.arrivals.expect(self.things)

    def arrive(self, rig):
        """All comes that is on its way, in the order in which it is installed."""
        for thing in self.things:
            rig.app.team.arrivals.move(thing, 0.5)
        for thing in self.things:
            if thing.startswith("model-"):
                self._link(self.role)
            rig.app.team.arrivals.came(thing)
        for member in rig.app.team.members.values():
            if member.status in (Status.AWAITED, Status.REFUSED):
                member.retry()


@pytest.fixture
def machine(tmp_path, monkeypatch, default_models):
    return lambda *state: Machine(tmp_path, monkeypatch, default_models, *state)


async def known(rig, role):
    """What the box knows of an engine by now."""
    settled = (Status.AWAITED, Status.REFUSED, Status.READY)
    await rig.until(lambda: not rig.app.presenter.booting)
    await rig.until(lambda: rig.app.team.status(role) in settled)


@pytest.mark.parametrize(("package", "model"), TABLE)
def test_a_typed_question(machine, tmp_path, package, model):
    here = machine("llm", package, model)

    async def script(rig):
        await known(rig, "llm")
        rig.conductor.submit(QUESTION)
        if here.things:
            assert rig.conductor.turn.state is Turn.LOADING
            view = rig.app.screen().view
            assert isinstance(view, WaitingView) and "0%" in view.what
            here.arrive(rig)
        await rig.until(lambda: rig.conductor.turn.state in (Turn.NONE, Turn.FAULT))
        if here.works_in_the_end:
            assert rig.conductor.answer.text
        else:
            assert isinstance(rig.app.screen().view, MessageView)
            assert rig.app.editor.text == QUESTION

    run_box(script, tmp_path / "out", {"voice.enabled": False}, here.expect)


@pytest.mark.parametrize(("package", "model"), TABLE)
def test_a_spoken_question(machine, tmp_path, package, model):
    here = machine("asr", package, model)

    async def script(rig):
        # One package serves the ears and the microphone's worker: it is on its way for both.
        await known(rig, "asr")
        with resources.as_file(resources.files("appliance.commands") / "demo_question.wav") as wav:
            if here.package != "arriving":
                await rig.until(lambda: rig.app.team.ready("audio"))
            rig.conductor.talk(Path(wav))
            if here.package == "arriving":
                assert "0%" in rig.conductor.toasts.shown.text  # no microphone yet: told at once
                here.arrive(rig)
                await rig.until(lambda: rig.app.team.ready("audio"))
                await known(rig, "asr")
                rig.conductor.talk(Path(wav))
            elif here.model == "arriving":
                await rig.until(lambda: rig.conductor.input.state is Input.RECOGNISING)
                view = rig.app.screen().view
                assert isinstance(view, ListeningView) and "0%" in view.waits_for
                here.arrive(rig)
            if here.works_in_the_end:
                await rig.until(lambda: rig.conductor.ear.review is not None)
                assert rig.conductor.ear.review.text
            else:
                await rig.until(lambda: rig.conductor.input.state is Input.IDLE)
                assert rig.conductor.toasts.shown is not None

    run_box(script, tmp_path / "out", {"audio.review": -1.0}, here.expect)


@pytest.mark.parametrize(("package", "model"), TABLE)
def test_a_voice_that_is_tried_from_the_menu(machine, tmp_path, package, model):
    here = machine("tts", package, model)

    async def script(rig):
        await known(rig, "tts")
        rig.conductor.try_voice("")
        if not (package == model == "there"):
            assert rig.conductor.toasts.shown is not None
            if here.things:
                assert "0%" in rig.conductor.toasts.shown.text
                here.arrive(rig)
        if here.works_in_the_end:
            await rig.until(lambda: rig.app.team.ready("audio") and rig.app.team.ready("tts"))
            await rig.until(lambda: rig.conductor.mouth.devices.sink != "none")
            rig.conductor.try_voice("")
            await rig.until(lambda: list(rig.out.glob("answer-*.wav")))
        else:
            await rig.until(lambda: rig.app.team.status("tts") is Status.REFUSED)

    run_box(script, tmp_path / "out", None, here.expect)


def test_what_stands_still_is_told_to_the_question_that_waits_for_it(machine, tmp_path):
    here = machine("llm", "arriving", "there")
    why = Text("连不上软件源", "the package index cannot be reached")

    async def script(rig):
        await known(rig, "llm")
        rig.conductor.submit(QUESTION)
        rig.app.team.arrivals.halt("llama-cpp-python", why)
        assert rig.app.screen().view == WaitingView(QUESTION, why.zh)
        rig.conductor.stop()
        return rig.app.editor.text

    assert run_box(script, tmp_path / "out", None, here.expect) == QUESTION


def test_nothing_that_is_expected_leaves_a_traceback_in_the_log(machine, tmp_path, caplog):
    here = machine("llm", "arriving", "arriving")

    async def script(rig):
        await known(rig, "llm")
        for _ in range(5):  # as often as something else arrives
            for member in rig.app.team.members.values():
                member.retry()
            await known(rig, "llm")

    with caplog.at_level("INFO"):
        run_box(script, tmp_path / "out", None, here.expect)
    assert "Traceback" not in caplog.text
    assert not [line for line in caplog.records if line.name == "lory.llm" and line.levelno > 20]
