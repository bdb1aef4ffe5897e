"""One job with the box's engines, when an engine dies."""

import pytest

from appliance import cli
from appliance.supervision import team
from appliance.supervision.narrowing import Narrowing
from appliance.world import World
from tests.tiny.llama import write_model

DYING = """
import os, signal, sys
from appliance.messages import *
from appliance.engines.llm import LlmOptions
from appliance.workers.host import Worker, run

class Dying(Worker[LlmOptions]):
    def start(self):
        if "load" in {way!r}:
            os.kill(os.getpid(), signal.SIGSEGV)
        self.send(Ready("dying", "none", 0.0, {{}}))
    def handle(self, message):
        if isinstance(message, Ask):
            if self.options.repack or "always" in {way!r}:
                os.kill(os.getpid(), signal.SIGSEGV)
            self.send(Token(message.turn, "长城", 1))
            self.send(Answered(message.turn, "stop", b"", 1, 0, 1, 0.1, 0.1))

sys.exit(run(Dying, LlmOptions))
"""


@pytest.fixture
def dying(tmp_path, monkeypatch):
    """`lory ask` with an LLM worker that dies by SIGSEGV."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    package = tmp_path / "dying_workers"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    import os

    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}")
    monkeypatch.setattr(team, "WORKERS", "dying_workers")
    monkeypatch.setattr("appliance.workers.supervisor.BACKOFF_SECONDS", (0.01,))
    from appliance.engines.llm import LlmOptions

    model = write_model(tmp_path / "tiny.gguf")
    monkeypatch.setattr(
        World, "plain_options", lambda self, name: LlmOptions(str(model), threads=2)
    )

    def prepare(way: str) -> None:
        (package / "llm.py").write_text(DYING.format(way=way))

    return prepare


def test_an_engine_that_works_in_a_leaner_way_answers_all_the_same(dying, capsys):
    dying("first")
    assert cli.main(["ask", "长城有多长？"]) == 0
    assert capsys.readouterr().out == "长城\n"
    with World.open(None) as world:
        kept = Narrowing(world.state / "engines.json", world.narrowing._key_of).kept("llm")
    assert kept.way == "no-repack"
    assert kept.why == "SIGSEGV at work"


@pytest.mark.parametrize("way", ["first always", "load always"])
def test_an_engine_that_always_dies_is_told_in_one_line(dying, capsys, way):
    dying(way)
    assert cli.main(["ask", "长城有多长？"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.strip().splitlines()
    assert "SIGSEGV" in line and "llm" in line and "lory doctor" in line
