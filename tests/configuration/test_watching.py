"""A change of a setting: stored once, announced once, in one place."""

import pytest

from appliance.configuration.settings import SettingError, Settings


class Store:
    """What lasts."""

    def __init__(self):
        self.kept = []

    def store_setting(self, key, value):
        self.kept.append((key, value))

    def reset_setting(self, key):
        self.kept.append((key, None))


@pytest.fixture
def settings():
    settings = Settings({"audio.volume": 0.5})
    settings.keeper = Store()
    return settings


def test_a_change_is_stored_and_told_to_whoever_watches_that_key(settings):
    heard = []
    settings.watch(("audio.volume", "audio.muted"), lambda: heard.append(settings["audio.volume"]))
    settings.watch(("ui.hints",), lambda: heard.append("hints"))
    settings.change("audio.volume", 0.7)
    assert heard == [0.7]
    assert settings.keeper.kept == [("audio.volume", 0.7)]


def test_setting_what_is_in_force_is_stored_and_told_to_nobody(settings):
    heard = []
    settings.watch(("audio.volume",), lambda: heard.append(1))
    settings.change("audio.volume", 0.5)
    assert heard == []
    assert settings.keeper.kept == [("audio.volume", 0.5)]


def test_taking_a_change_back_is_one_too(settings):
    heard = []
    settings.change("audio.volume", 0.7)
    settings.watch(("audio.volume",), lambda: heard.append(settings["audio.volume"]))
    settings.reset("audio.volume")
    assert heard == [0.5]
    assert settings.keeper.kept[-1] == ("audio.volume", None)


def test_a_change_that_is_not_to_last_is_told_and_not_stored(settings):
    heard = []
    settings.watch(("models.llm",), lambda: heard.append(settings["models.llm"]))
    settings.change("models.llm", "bigger", lasting=False)
    assert heard == ["bigger"]
    assert settings.keeper.kept == []
    settings.change("models.llm", "bigger")
    assert settings.keeper.kept == [("models.llm", "bigger")]


def test_what_the_schema_does_not_allow_changes_and_tells_nothing(settings):
    heard = []
    settings.watch(("audio.volume",), lambda: heard.append(1))
    with pytest.raises(SettingError):
        settings.change("audio.volume", 7)
    assert (heard, settings.keeper.kept, settings["audio.volume"]) == ([], [], 0.5)


def test_a_watcher_may_change_the_same_setting_until_it_comes_to_rest(settings):
    heard = []

    def at_most_half():
        if settings.number("audio.volume") > 0.5:
            settings.change("audio.volume", 0.5)

    settings.change("audio.volume", 0.2)
    settings.watch(("audio.volume",), at_most_half)
    settings.watch(("audio.volume",), lambda: heard.append(settings["audio.volume"]))
    settings.change("audio.volume", 0.9)
    assert settings["audio.volume"] == 0.5
    assert heard == [0.5, 0.5], "each change is told, with what is in force by then"


def test_watchers_that_never_come_to_rest_are_left_alone(settings, caplog):
    settings.watch(
        ("ui.hints",), lambda: settings.change("ui.hints", not settings.flag("ui.hints"))
    )
    settings.change("ui.hints", False)
    assert "ui.hints never comes to rest" in caplog.text
    heard = []
    settings.watch(("audio.volume",), lambda: heard.append(1))
    settings.change("audio.volume", 0.1)
    assert heard == [1], "and the next change is told as ever"


def test_a_watcher_may_change_another_setting_which_is_told_after_the_first(settings):
    heard = []
    settings.watch(("audio.volume",), lambda: settings.change("audio.muted", True))
    settings.watch(("audio.muted",), lambda: heard.append("muted"))
    settings.watch(("audio.volume",), lambda: heard.append("volume"))
    settings.change("audio.volume", 0.1)
    assert heard == ["volume", "muted"]


def test_a_watcher_that_raises_is_logged_and_the_others_hear(settings, caplog):
    heard = []
    settings.watch(("audio.volume",), lambda: 1 / 0)
    settings.watch(("audio.volume",), lambda: heard.append(1))
    settings.change("audio.volume", 0.1)
    assert heard == [1]
    assert "a watcher of audio.volume failed" in caplog.text


def test_whoever_stops_watching_hears_no_more_even_while_a_change_is_told(settings):
    heard = []

    def once():
        heard.append(1)
        stop()

    stop = settings.watch(("audio.volume",), once)
    settings.change("audio.volume", 0.1)
    settings.change("audio.volume", 0.2)
    assert heard == [1]


def test_an_unknown_key_cannot_be_watched(settings):
    with pytest.raises(KeyError):
        settings.watch(("audio.volumen",), lambda: None)


def test_what_was_stored_is_adopted_in_silence(settings):
    heard = []
    settings.watch(("audio.volume",), lambda: heard.append(1))
    settings.adopt({"audio.volume": 0.3})
    assert (heard, settings.keeper.kept) == ([], [])
