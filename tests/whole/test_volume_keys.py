"""C 7, C 8 and C 9: the volume, and the silence that remembers it."""

import pytest

from appliance.configuration.loudness import loudness
from tests.whole.rig import Key, run_box


@pytest.fixture(autouse=True)
def no_models(tmp_path, monkeypatch):
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))


def pressing(*digits):
    """A script that presses C and each of these, and says how loud the box is after each."""

    async def script(rig):
        await rig.until(lambda: not rig.app.presenter.booting)
        heard = []
        for digit in digits:
            await rig.hand.tap(Key.C, Key(digit))
            heard.append(round(loudness(rig.app.settings), 2))
            assert rig.conductor.toasts.shown.fraction == pytest.approx(heard[-1])
        return heard

    return script


@pytest.mark.parametrize(("digit", "louder"), [(8, 0.6), (9, 0.7), (7, 0.5)])
def test_each_volume_key_ends_the_silence_from_the_volume_before(tmp_path, digit, louder):
    settings = {"audio.volume": 0.6}
    assert run_box(pressing(8, digit), tmp_path / "out", settings) == [0.0, louder]


def test_a_muted_box_is_muted_and_remembers_its_volume_after_a_restart(tmp_path):
    assert run_box(pressing(7, 8), tmp_path / "out") == [0.7, 0.0]
    assert run_box(pressing(9), tmp_path / "out") == [0.8]


def test_what_was_turned_down_to_nothing_is_turned_up_from_nothing(tmp_path):
    settings = {"audio.volume": 0.1}
    assert run_box(pressing(7, 9), tmp_path / "out", settings) == [0.0, 0.1]


def test_mute_makes_a_box_audible_that_was_turned_down_to_nothing(tmp_path):
    settings = {"audio.volume": 0.0}
    assert run_box(pressing(8), tmp_path / "out", settings) == [0.8]


def test_the_volume_in_the_settings_ends_the_silence_too(tmp_path):
    async def script(rig):
        rig.app.settings.change("audio.muted", True)
        assert loudness(rig.app.settings) == 0.0
        rig.app.settings.change("audio.volume", 0.3)
        return loudness(rig.app.settings)

    assert run_box(script, tmp_path / "out") == pytest.approx(0.3)
