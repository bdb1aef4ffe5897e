"""The parrot, the endpoint tuning and the wake-word trial: what is sent, shown and set."""

from types import SimpleNamespace

import pytest

from appliance import messages as m
from appliance.configuration.settings import Settings
from appliance.pages.context import Context
from appliance.pages.endpointing import EndpointPage
from appliance.pages.parrot import ParrotPage
from appliance.pages.wake_word import WakeTrial, take, wake_menu
from appliance.workers.supervisor import Status
from tests.dialogue.rig import Box
from ui import font
from ui.layout import TEXT_WIDTH
from ui.sample import Sample


class Desk(Box):
    """A box with a page that tries its microphone out."""

    def __init__(self, engine):
        super().__init__(engine)
        self.settings = self.conductor.settings
        app = SimpleNamespace(
            team=self.team,
            conductor=self.conductor,
            settings=self.settings,
            editor=self.editor,
        )
        self.context = Context(app, None, None, None)

    @property
    def listen(self):
        return self.team.told("audio", m.Listen)[-1]

    def level(self, dbfs, speech, gain=0.0):
        self.hear("audio", m.Level(dbfs, dbfs + 6, speech, 1.0, gain))

    def end(self, heard=True, reason="endpoint", flaw=""):
        self.hear("audio", m.SpeechEnded(self.listen.turn, 1.8, heard, reason, flaw))


@pytest.fixture
def desk(engine):
    return Desk(engine)


# ------------------------------------------------------------------ the parrot


def test_the_parrot_listens_while_d_is_held_then_repeats_and_writes(desk):
    page = ParrotPage(desk.context)
    page.confirm()
    assert not desk.listen.endpoint
    assert desk.listen.preroll == pytest.approx(0.9), "what came before the hold was one is kept"
    assert desk.team.told("asr", m.Recognise)[-1].turn == desk.listen.turn
    desk.level(-20.0, True)
    page.release()
    assert desk.team.told("audio", m.EndListen) == [m.EndListen(desk.listen.turn)]
    desk.end(reason="key")
    assert len(desk.team.told("audio", m.PlayRecorded)) == 1
    desk.hear("asr", m.Transcript(desk.listen.turn, "鹦鹉学舌", 1.8, 0.3))
    view = page.view()
    assert view.text == "鹦鹉学舌"
    assert view.samples[-1] == Sample(pytest.approx(0.667, abs=0.01), True)
    page.enter()
    assert len(desk.team.told("audio", m.PlayRecorded)) == 2, "D says it once more"


@pytest.mark.parametrize(("flaw", "text"), [("dead", "静音"), ("", "没听到")])
def test_the_parrot_says_what_is_wrong_and_repeats_no_silence(desk, flaw, text):
    page = ParrotPage(desk.context)
    page.confirm()
    desk.end(heard=False, reason="key", flaw=flaw)
    assert text in page.view().text
    assert desk.team.told("audio", m.PlayRecorded) == []


def test_the_parrot_starts_no_turn_of_the_conversation(desk):
    page = ParrotPage(desk.context)
    page.confirm()
    desk.end(reason="key")
    desk.hear("asr", m.Transcript(desk.listen.turn, "长城有多长？", 1.8, 0.3))
    assert desk.conductor.ear.review is None and desk.team.told("llm", m.Ask) == []


def test_leaving_the_parrot_is_silence(desk):
    page = ParrotPage(desk.context)
    page.confirm()
    page.closed()
    assert desk.team.told("audio", m.EndListen)[-1].discard
    assert desk.team.told("audio", m.Stop)[-1].turn > desk.listen.turn
    assert desk.conductor.ear.trial is None
    desk.end(reason="discard")
    assert desk.team.told("audio", m.PlayRecorded) == []


def test_the_parrot_silences_the_box_first(desk):
    turn = desk.ask()
    desk.hear("llm", m.Token(turn, "长城很长，", 1))
    ParrotPage(desk.context).confirm()
    assert desk.team.told("llm", m.Stop)


def test_a_missing_microphone_is_told_on_the_page(desk):
    page = ParrotPage(desk.context)
    page.confirm()
    desk.hear("audio", m.Fault("no-microphone", "none", desk.listen.turn))
    assert "没有麦克风" in desk.conductor.toasts.shown.text
    assert "松开" not in page.view().hint


# ------------------------------------------------------------------ endpoint tuning


def test_the_tuning_page_listens_all_the_time_and_gives_no_sample_away(desk):
    page = EndpointPage(desk.context)
    first = desk.listen
    assert first.private and first.endpoint and first.times.patience > 1e6
    assert desk.team.told("asr", m.Recognise) == []
    desk.level(-30.0, True, gain=6.0)
    assert page.view().right == "+6dB"
    desk.end()
    assert page.view().right == "1.8s"
    assert desk.listen.turn > first.turn, "and the next one"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_time_is_shown_with_its_value(desk, language):
    desk.settings.change("ui.language", language)
    page = EndpointPage(desk.context)
    for _ in range(4):
        assert font.body().width(page.view().text) <= TEXT_WIDTH
        page.enter()


def test_a_changed_time_is_in_force_at_once(desk):
    page = EndpointPage(desk.context)
    page.move(1)
    assert desk.listen.times.hangover == pytest.approx(0.48)
    assert "0.48秒" in page.view().text
    page.enter()
    page.move(-1)
    assert desk.listen.times.onset == pytest.approx(0.096)
    page.closed()
    assert desk.conductor.ear.trial is None


# ------------------------------------------------------------------ the wake word's trial


def test_the_trial_shows_the_score_of_what_was_just_said(desk):
    page = WakeTrial(desk.context)
    turn = desk.listen.turn
    desk.hear("audio", m.SpeechStarted(turn))
    assert desk.team.told("asr", m.Spot) == [m.Spot(turn, "你好小鹿")]
    desk.end()
    desk.hear("asr", m.Spotted(turn, "你好小路", 0.97))
    view = page.view()
    assert (view.score, view.needed) == (0.97, 0.8)
    assert "你好小路" in view.text and view.right == "97%"
    page.move(1)
    assert page.view().needed == pytest.approx(0.85)


def test_the_phrase_is_taken_from_the_text_box(desk):
    assert "2到8个汉字" in take(desk.context)
    desk.editor.set_text("小鹿，小鹿！")
    assert "小鹿小鹿" in take(desk.context)
    assert desk.settings.text("talk.wake_phrase") == "小鹿小鹿"


def test_the_wake_word_is_off_until_it_is_switched_on(desk):
    assert not Settings().flag("talk.wake")
    menu = wake_menu(desk.context)
    menu.jump(1)
    assert desk.settings.flag("talk.wake")


@pytest.mark.parametrize("page_of", [EndpointPage, WakeTrial])
@pytest.mark.parametrize("loss", ["unplugged", "worker"])
def test_a_page_whose_microphone_went_away_says_so_and_listens_again_on_d(desk, page_of, loss):
    page = page_of(desk.context)
    attentive = page.view().hint
    if loss == "unplugged":
        desk.end(reason="lost")
    else:
        desk.become("audio", Status.WAITING, Status.STARTING, Status.READY)
    assert "没在听" in page.view().hint
    before = desk.listen
    page.enter()
    assert desk.listen.turn > before.turn
    assert page.view().hint == attentive


def test_a_parrot_whose_audio_worker_died_waits_for_the_next_hold(desk):
    page = ParrotPage(desk.context)
    idle = page.view().hint
    page.confirm()
    desk.become("audio", Status.WAITING)
    assert page.view().hint == idle
