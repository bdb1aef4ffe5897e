"""The history browser: paged, readable to the first word, continuable, deletable."""

import pytest

from appliance.configuration.settings import Settings
from appliance.memory.conversations import StoredTurn, Summary
from appliance.pages.confirm import Confirm
from appliance.pages.context import Context
from appliance.pages.history import HistoryPage
from appliance.pages.page import Home, Pages
from ui.screens.answer import AnswerView
from ui.strings import Language

PAGE = 50


class FakeStore:
    """Answers at once, as the storage thread does later."""

    def __init__(self, count):
        self.conversations = [
            Summary(number, 1.8e9 + number, f"问题{number}", 2) for number in range(count, 0, -1)
        ]
        self.turns = [StoredTurn(f"第{number}问", f"第{number}答" * 40) for number in range(1, 60)]
        self.resumed = None
        self.present = None

    def list_conversations(self, then, before=None):
        older = [it for it in self.conversations if before is None or it.id < before]
        then(older[:PAGE])

    def read_conversation(self, conversation, then):
        then(self.turns)

    def goes_on(self, conversation):
        return conversation == self.present

    def delete_conversation(self, conversation):
        self.conversations = [it for it in self.conversations if it.id != conversation]

    def resume(self, conversation, turns):
        self.resumed = (conversation, turns)


class FakeConductor:
    language = Language.ZH
    continued = False
    forgotten = False

    def continue_conversation(self, resume):
        resume()
        self.continued = True

    def begin_anew(self):
        self.forgotten = True


class FakeApp:
    def __init__(self):
        self.conductor = FakeConductor()
        self.settings = Settings()

    def changed(self):
        """Nothing is drawn here."""


def browse(count):
    store = FakeStore(count)
    context = Context(FakeApp(), None, store, None)
    pages = Pages()
    pages.open(HistoryPage(context))
    return store, context, pages


def labels(pages):
    return [item.label for item in pages.top.view().items]


def test_older_conversations_are_read_before_the_end_is_reached():
    _, _, pages = browse(120)
    for _ in range(119):
        pages.follow(pages.top.move(1))
    assert labels(pages) == [f"问题{number}" for number in range(120, 0, -1)]
    assert pages.top.view().selected == 119
    pages.follow(pages.top.move(1))
    assert pages.top.view().selected == 0


def test_every_turn_can_be_read_though_the_models_context_has_dropped_it():
    store, _, pages = browse(1)
    pages.follow(pages.top.enter())
    view = pages.top.view()
    assert isinstance(view, AnswerView)
    assert view.reader.top == 0
    assert view.reader.total > len(store.turns) * 4
    pages.follow(pages.top.leap(1))
    assert view.reader.top == view.reader.rows - 1


@pytest.mark.parametrize(
    ("reason", "said"), [("length", "答案：光是"), ("stop", "什么也"), ("cancelled", "")]
)
def test_a_turn_to_which_no_answer_came_says_so(reason, said):
    store, _, pages = browse(1)
    store.turns = [StoredTurn("为什么？", "", reason=reason, thought="想一想")]
    pages.follow(pages.top.enter())
    reader = pages.top.view().reader
    shown = [row.line.text for row in map(reader._row, range(reader.total)) if row.line is not None]
    assert said in "".join(shown)
    assert ("没有答案" in "".join(shown)) == bool(said)


def test_d_goes_on_with_the_conversation_and_leaves_the_pages():
    store, context, pages = browse(3)
    pages.follow(pages.top.move(1))
    pages.follow(pages.top.enter())
    pages.follow(pages.top.enter())
    assert store.resumed == (2, store.turns)
    assert context.conductor.continued
    assert not pages


def test_a_conversation_is_deleted_only_when_that_was_confirmed():
    store, _, pages = browse(3)
    pages.follow(pages.top.move(1))
    pages.follow(pages.top.confirm())
    assert isinstance(pages.top, Confirm)
    assert "问题2" in pages.top.view().text
    pages.back()
    assert labels(pages) == ["问题3", "问题2", "问题1"]
    pages.follow(pages.top.confirm())
    pages.follow(pages.top.confirm())
    assert labels(pages) == ["问题3", "问题1"]
    assert [it.id for it in store.conversations] == [3, 1]


@pytest.mark.parametrize(("number", "forgotten"), [(2, True), (3, False)])
def test_nothing_of_the_conversation_one_is_in_is_left_once_it_is_deleted(number, forgotten):
    store, context, pages = browse(3)
    store.present = number
    pages.follow(pages.top.move(1))
    pages.follow(pages.top.confirm())
    pages.follow(pages.top.confirm())
    assert context.conductor.forgotten is forgotten


def test_the_last_one_can_be_deleted_and_nothing_is_left_to_act_on():
    _, _, pages = browse(1)
    pages.follow(pages.top.confirm())
    pages.follow(pages.top.confirm())
    assert labels(pages) == []
    assert pages.top.enter() is None
    assert pages.top.confirm() is None
    assert pages.top.move(1) is None


@pytest.mark.parametrize("hints", [True, False])
def test_the_date_of_the_selected_one_is_shown_and_how_to_delete_it_where_hints_are_on(hints):
    store = FakeStore(1)
    app = FakeApp()
    app.settings.change("ui.hints", hints)
    page = HistoryPage(Context(app, None, store, None))
    note = page.view().items[0].note
    assert "2027" in note
    assert ("长按D" in note) is hints


def test_nothing_is_continued_before_it_was_read():
    store, context, pages = browse(1)
    store.read_conversation = lambda conversation, then: None
    pages.follow(pages.top.enter())
    assert not isinstance(pages.top.enter(), Home)
    assert not context.conductor.continued
