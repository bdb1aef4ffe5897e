"""The model menu: name, size, whether it fits, and which one is in use."""

import pytest

from appliance.models.catalogue import LlmModel
from appliance.models.catalogue_file import read_catalogue
from appliance.pages.models import ModelMenu
from ui.screens.menu import MenuView


class FakeStore:
    def __init__(self, installed):
        self.installed = installed

    def state(self, model):
        return "installed" if model.name in self.installed else "missing"


class FakeRoster:
    def __init__(self, models, installed):
        self.store = FakeStore(installed)
        self._models = models

    def candidates(self, kind):
        return sorted(self._models, key=lambda model: self.store.state(model) != "installed")


@pytest.fixture
def models(tmp_path):
    catalogue = read_catalogue(tmp_path)
    return [model for model in catalogue.models.values() if isinstance(model, LlmModel)]


def test_a_model_whose_memory_cannot_be_taken_back_is_marked(models):
    roster = FakeRoster(models, {model.name for model in models})
    menu = ModelMenu(
        roster,
        "",
        lambda model: "model.fits",
        lambda key: key,
        print,
        lambda model: model is models[1],
    )
    marked = ["model.snapshot" in item.note for item in menu.view().items]
    assert marked == [model is models[1] for model in models]


def test_the_model_in_use_is_ticked_and_selected_and_absent_ones_cannot_be_entered(models):
    installed = {models[1].name, models[2].name}
    used = []
    roster = FakeRoster(models, installed)
    menu = ModelMenu(
        roster, models[2].name, lambda model: "model.fits", lambda key: key, used.append
    )
    view = menu.view()
    assert isinstance(view, MenuView)
    assert [item.checked for item in view.items].index(True) == view.selected
    assert view.items[view.selected].label == models[2].title
    assert all("GB" in item.note and "model.fits" in item.note for item in view.items)
    assert not any(item.enabled for item in view.items[2:])
    assert all("model.missing" in item.note for item in view.items[2:])
    menu.jump(3)
    assert used == []
    menu.jump(1)
    assert used == [models[1].name]
