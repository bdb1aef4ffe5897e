"""A missing, truncated or changed model costs its own room only: the rest of the box goes on."""

import os
from pathlib import Path

import pytest

from appliance.dialogue.tables import Turn
from appliance.workers.supervisor import Status
from tests.whole.rig import Key, keys_of, run_box
from ui.screens.message import MessageView

pytestmark = pytest.mark.models

NAMES = {
    "llm": ("qwen2.5-coder-1.5b-instruct-q4_k_m", "model.gguf"),
    "asr": ("whisper-base-int8", "encoder.onnx"),
    "tts": ("kokoro-82m-zh", "model.onnx"),
}


@pytest.fixture
def store(tmp_path, monkeypatch, default_models):
    """A store of links to the real models, in which one file can be replaced."""
    root = tmp_path / "models"
    for folder in default_models.values():
        (root / folder.name).mkdir(parents=True)
        for file in folder.iterdir():
            (root / folder.name / file.name).symlink_to(file)
    monkeypatch.setenv("LORY_MODELS", str(root))
    return root


def truncate(file: Path) -> None:
    start = file.read_bytes()[:1_000_000] if file.stat().st_size < 10**8 else b""
    if not start:
        with file.open("rb") as source:
            start = source.read(1_000_000)
    file.unlink()
    file.write_bytes(start)


def overwrite(file: Path) -> None:
    """The same size, other content: only the hash or the engine can tell."""
    size = file.stat().st_size
    file.unlink()
    with file.open("wb") as target:
        target.write(os.urandom(4096))
        target.truncate(size)


async def typed(rig):
    await rig.until(lambda: not rig.app.presenter.booting)
    await rig.hand.tap(*keys_of("ni hao"), Key.D)
    return rig.app.editor.text


@pytest.mark.parametrize("damage", [truncate, overwrite, Path.unlink])
@pytest.mark.parametrize("role", NAMES)
def test_the_room_is_refused_and_told_and_typing_goes_on(store, tmp_path, role, damage):
    folder, file = NAMES[role]
    damage(store / folder / file)

    async def script(rig):
        await rig.until(lambda: rig.app.team.status(role) in (Status.REFUSED, Status.WAITING))
        fault = rig.app.team.members[role].fault
        return await typed(rig), fault

    text, fault = run_box(script, tmp_path / "out")
    assert text == "你好"
    assert fault is not None
    assert fault.code in ("model-corrupt", "model-missing")


def test_without_a_voice_the_answer_is_shown(store, tmp_path):
    truncate(store / NAMES["tts"][0] / NAMES["tts"][1])

    async def script(rig):
        await rig.until(lambda: rig.app.team.ready("llm"))
        rig.conductor.submit("中国的首都是哪里？")
        await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)
        return rig.conductor.answer

    answer = run_box(script, tmp_path / "out")
    assert "北京" in answer.text
    assert answer.timing.first_audio is None


def test_with_a_broken_mind_the_question_comes_back_and_the_page_says_what_to_do(store, tmp_path):
    truncate(store / NAMES["llm"][0] / NAMES["llm"][1])

    async def script(rig):
        await rig.until(lambda: rig.app.team.status("llm") is Status.REFUSED)
        await rig.until(lambda: not rig.app.presenter.booting)
        rig.conductor.submit("月亮有多远？")
        view = rig.app.screen().view
        assert isinstance(view, MessageView)
        return view.text, rig.app.editor.text

    text, kept = run_box(script, tmp_path / "out")
    assert "模型文件坏了" in text
    assert kept == "月亮有多远？"
