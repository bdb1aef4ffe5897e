"""Installing behind a running box: who waits for what, what is told, what is tried again."""

import asyncio
from types import SimpleNamespace

import pytest

from appliance.commands import provisioning
from appliance.commands.provisioning import Installer
from appliance.provision import Plan, Progress, Step
from appliance.provision.lock import Lock
from appliance.supervision.arrivals import Arrivals
from appliance.workers.supervisor import Status
from ui.strings import Language, Text

WHEELS = Step("wheels", ("numpy>=1.26", "sherpa-onnx>=2"), 1, 1, 0.1)
LLM = Step("llm", ("llama-cpp-python>=0.3.36,<0.4",), 1, 1, 0.1)
MODELS = Step("models", ("a-llm 1117 MB", "an-asr 146 MB"), 1, 1, 0.1)
ROLES = {"a-llm": "llm", "an-asr": "asr"}
AWAY = Text("连不上软件源", "the package index cannot be reached")


class Member:
    def __init__(self):
        self.status = Status.AWAITED
        self.retries = 0
        self.outdated = False
        self.restarts = 0

    def retry(self):
        self.retries += 1

    def restart(self):
        self.restarts += 1
        self.outdated = False


class App:
    """As much of a running box as an installer touches."""

    def __init__(self):
        self.members = {name: Member() for name in ("audio", "asr", "tts", "llm")}
        self.pages, self.notes, self.plans = [], [], 0
        self.provisioning = SimpleNamespace(text="", fraction=0.0)
        self.team = SimpleNamespace(
            members=self.members,
            status=lambda name: self.members[name].status,
            replan=lambda: setattr(self, "plans", self.plans + 1),
        )
        teller = SimpleNamespace(tell=self.notes.append)
        self.conductor = SimpleNamespace(language=Language.EN, busy=False, teller=teller)

    def changed(self):
        pass

    def show_text(self, title, text):
        self.pages.append((title, text))


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """An installer whose plans and whose installing are a script; nobody waits for a clock."""
    box = SimpleNamespace(app=App(), arrivals=Arrivals(), plans=[], script=[], slept=[])
    catalogue = SimpleNamespace(model=lambda name: SimpleNamespace(role=ROLES[name]))
    world = SimpleNamespace(arrivals=box.arrivals, roster=SimpleNamespace(catalogue=catalogue))

    async def provision(plan, tell, *, keep_open):
        assert keep_open  # children keep the lock
        return box.script.pop(0)(tell)

    async def sleep(seconds):
        box.slept.append(seconds)
        for step in box.while_asleep[:1]:
            box.while_asleep.remove(step)
            step()

    box.while_asleep = []
    box.better = [Plan(())]
    monkeypatch.setattr(provisioning, "plan", lambda: box.plans.pop(0))
    monkeypatch.setattr(provisioning, "better", lambda: box.better.pop(0))
    monkeypatch.setattr(provisioning, "provision", provision)
    monkeypatch.setattr(provisioning, "clear_halves", lambda: [])
    monkeypatch.setattr(provisioning, "environment_lock", lambda: Lock(tmp_path))
    monkeypatch.setattr(provisioning.asyncio, "sleep", sleep)
    box.lock = Lock(tmp_path)

    def run(*plans):
        box.plans = list(plans)
        installer = Installer(world)
        box.before = [box.arrivals.package_for(name) for name in ("audio", "llm")]
        asyncio.run(installer.run(box.app))

    box.run = run
    return box


def test_before_the_box_starts_it_is_known_who_waits_for_what(stage):
    stage.script = [lambda tell: True]
    stage.run(Plan((WHEELS, LLM)))
    assert stage.before == ["numpy", "numpy"]


def test_what_arrives_wakes_those_that_wait_and_the_end_is_told(stage):
    def install(tell):
        tell(Progress("wheels", "running", Text("", ""), 0.4, pieces={"numpy": 1.0}))
        assert stage.arrivals.package_for("audio") == "sherpa-onnx"
        assert stage.arrivals.get("sherpa-onnx").fraction == 0.4
        tell(Progress("wheels", "done", Text("", ""), 1.0))
        assert stage.arrivals.package_for("audio") is None
        assert stage.arrivals.package_for("llm") == "llama-cpp-python"
        tell(Progress("models", "running", Text("", ""), 0.5, pieces={"an-asr": 1.0}))
        assert stage.arrivals.model_for("asr") is None
        assert stage.arrivals.model_for("llm") == "model-llm"
        return True

    stage.script = [install]
    stage.run(Plan((WHEELS, LLM, MODELS)))
    assert all(member.retries for member in stage.app.members.values())
    assert stage.app.notes == ["toast.installed"]
    assert stage.app.plans == 1  # what fits into memory may be less than what came


def test_a_failure_is_told_once_kept_in_sight_and_tried_again(stage):
    def fail(tell):
        tell(Progress("wheels", "failed", AWAY, remedy=AWAY, pieces={"numpy": 0.0}))
        return False

    stage.script = [fail, fail, lambda tell: True]
    seen = []
    stage.while_asleep = [lambda: seen.append(stage.arrivals.get("numpy").trouble)] * 2
    stage.run(*[Plan((WHEELS,))] * 3)
    assert [title for title, _ in stage.app.pages] == [AWAY.en]
    assert "again by itself" in stage.app.pages[0][1]
    assert seen == [AWAY, AWAY]
    assert stage.slept[:2] == [provisioning.RETRY_SECONDS] * 2
    assert stage.app.notes == ["toast.installed"]


def test_a_system_package_that_cannot_be_had_is_told_and_keeps_nothing(stage):
    def install(tell):
        tell(Progress("system", "failed", Text("没有 apt", "no apt"), remedy=AWAY))
        return True

    stage.script = [install]
    stage.run(Plan((Step("system", ("libportaudio2",), 1, 1, 0.5),)))
    assert [title for title, _ in stage.app.pages] == ["no apt"]


def test_while_another_one_installs_here_it_says_so_and_uses_what_comes(stage):
    stage.lock.take()
    said = []

    def look():
        said.append((stage.app.provisioning.text, stage.arrivals.get("numpy").trouble))

    stage.while_asleep = [look]
    stage.run(Plan((WHEELS,)), Plan(()))
    assert said[0][0] == said[0][1].en == "another make run installs"
    assert stage.app.provisioning.text == ""
    assert all(member.retries for member in stage.app.members.values())


def test_when_the_other_one_is_killed_it_goes_on_with_what_is_missing(stage):
    stage.lock.take()
    stage.while_asleep = [stage.lock.release]
    stage.script = [lambda tell: True]
    stage.run(Plan((WHEELS, LLM)), Plan((LLM,)))
    assert stage.app.notes == ["toast.installed"]


def test_what_began_with_less_begins_anew_once_it_is_at_leisure(stage):
    stage.app.members["audio"].outdated = True  # it began before there was a VAD
    stage.app.conductor.busy = True
    stage.while_asleep = [lambda: setattr(stage.app.conductor, "busy", False)]
    stage.script = [lambda tell: True]
    stage.run(Plan((MODELS,)))
    assert stage.app.members["audio"].restarts == 1
    assert stage.app.members["llm"].restarts == 0


def test_where_nothing_is_missing_nothing_is_said(stage):
    stage.run(Plan(()))
    assert stage.app.notes == [] and stage.app.pages == []


BETTER = Plan((Step("models", ("better-asr 240 MB",), 240, 280, 1.0),))


def test_what_is_better_is_taken_where_it_can_be_had_and_used(stage):
    def fetch(tell):
        tell(Progress("models", "running", Text("", "fetching models"), 0.0))
        assert stage.app.provisioning.text == ""
        tell(Progress("models", "running", Text("", "fetching 1/240 MB"), 0.1, 24_000_000))
        assert "fetching 1/240 MB" in stage.app.provisioning.text
        stage.app.members["asr"].outdated = True
        return True

    stage.script = [fetch]
    stage.better = [BETTER, Plan(())]
    stage.run(Plan(()))
    assert stage.app.members["asr"].restarts == 1
    assert stage.app.provisioning.text == ""
    assert stage.app.pages == []


@pytest.mark.parametrize("fails", [False, True])
def test_where_nothing_better_can_be_had_nothing_is_said(stage, fails):
    def fetch(tell):
        tell(Progress("models", "running", Text("", "fetching models"), 0.0))
        if fails:
            tell(Progress("models", "failed", AWAY, remedy=AWAY))
        return not fails

    stage.script = [fetch]
    stage.better = [BETTER, BETTER]
    stage.run(Plan(()))
    assert stage.app.notes == [] and stage.app.pages == []
    assert stage.app.provisioning.text == ""
