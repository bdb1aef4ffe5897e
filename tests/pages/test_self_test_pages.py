"""The self-test's pages: keys, glass, buses."""

import asyncio
from types import SimpleNamespace

from appliance import messages as m
from appliance.configuration.settings import Settings
from appliance.pages.buses import BusesPage
from appliance.pages.context import Context
from appliance.pages.glasstest import GlassTestPage
from appliance.pages.keytest import KeyTestPage
from appliance.pages.page import Pop
from appliance.pages.sound import SoundPage
from drivers.keys import Edge
from ui.framebuffer import HEIGHT, WIDTH, Framebuffer
from ui.render import Screen, render
from ui.screens.glasstest import GlassTestView, Pattern
from ui.screens.keytest import KeyTestView
from ui.screens.selftest import Check
from ui.strings import Language


def test_every_key_lights_up_and_stays_marked():
    page = KeyTestPage()
    assert page.takes_keys
    for key in range(16):
        assert page.key(key, Edge.PRESS) is None
        assert page.view().down == key
        assert page.key(key, Edge.RELEASE) is None
    assert page.view() == KeyTestView(frozenset(range(16)), None)


def test_any_key_held_leaves_so_that_a_dead_one_locks_nobody_in():
    for key in range(16):
        page = KeyTestPage()
        page.key(key, Edge.PRESS)
        assert isinstance(page.key(key, Edge.LONG), Pop)


def test_the_picture_changes_with_every_key():
    def frame(seen, down):
        return render(Screen(KeyTestView(frozenset(seen), down)), Language.ZH)

    frames = [frame((), None)]
    for key in range(16):
        frames += [frame({key}, key), frame({key}, None)]
    assert len({one.to_bytes() for one in frames}) == 33


def drawn(pattern):
    return render(Screen(GlassTestView(pattern)), Language.ZH)


def test_the_checkers_together_light_every_pixel_once():
    one, other = drawn(Pattern.CHECKER), drawn(Pattern.OTHER_CHECKER)
    assert one.bits & other.bits == 0
    assert Framebuffer(one.bits | other.bits) == drawn(Pattern.LIT)
    assert drawn(Pattern.LIT).to_bytes() == b"\xff" * (WIDTH * HEIGHT // 8)
    assert drawn(Pattern.DARK) == Framebuffer()


def test_a_shifted_picture_loses_an_edge_of_the_grid():
    grid = drawn(Pattern.GRID)
    corners = [(0, 0), (WIDTH - 1, 0), (0, HEIGHT - 1), (WIDTH - 1, HEIGHT - 1)]
    assert all(grid.pixel(x, y) for x, y in corners)


def test_the_patterns_go_round():
    page = GlassTestPage()
    seen = []
    for _ in Pattern:
        seen.append(page.view().pattern)
        page.enter()
    assert seen == list(Pattern)
    assert page.view().pattern is seen[0]
    page.move(-1)
    assert page.view().pattern is seen[-1]


class FakeParts:
    """Two buses that answer at once, on whatever thread asks."""

    def __init__(self, found):
        self.found = found

    def scan(self, then):
        for bus, addresses in self.found.items():
            then(bus, addresses)


class FakeConductor:
    language = Language.EN


class FakeApp:
    conductor = FakeConductor()
    settings = Settings()

    def changed(self):
        """Nothing is drawn here."""


def rows_on(found):
    async def look():
        page = BusesPage(Context(FakeApp(), None, None, FakeParts(found)))
        before = page.view().rows
        await asyncio.sleep(0)
        after = page.view().rows
        page.enter()
        assert page.view().rows == before
        return after

    return {row.label: (row.value, row.check) for row in asyncio.run(look())}


def test_what_answers_is_named_what_is_missing_is_marked_and_strangers_are_shown():
    assert rows_on({"i2c-1": [0x27, 0x50], "i2c-2": []}) == {
        "i2c-1 0x27": ("Keypad", Check.OK),
        "i2c-1 0x3C": ("Display", Check.FAILED),
        "i2c-1 0x50": ("?", Check.WARN),
    }


def test_before_a_bus_was_looked_at_the_page_says_so():
    assert rows_on({}) == {"looking": ("", Check.WAITING)}


def sound_page(devices):
    sent = []
    conductor = SimpleNamespace(
        language=Language.EN,
        next_turn=lambda: 7,
        mouth=SimpleNamespace(devices=devices),
        ear=SimpleNamespace(level=0.6),
    )
    team = SimpleNamespace(send=lambda name, message: sent.append((name, message)))
    app = SimpleNamespace(conductor=conductor, settings=Settings(), team=team)
    return SoundPage(Context(app, None, None, None)), sent


def test_the_microphones_level_is_live_and_nobody_is_given_what_it_hears():
    page, sent = sound_page(m.AudioDevices("USB mic", 16000, "USB speaker", 48000, "speaker"))
    ((name, listen),) = sent
    assert name == "audio"
    assert listen.private
    microphone, level, speaker = page.view().rows
    assert (microphone.value, microphone.check) == ("USB mic", Check.OK)
    assert level.level == 0.6
    assert (speaker.value, speaker.check) == ("USB speaker", Check.OK)
    page.enter()
    assert sent[-1] == ("audio", m.Chime("listen"))
    page.closed()
    assert sent[-1] == ("audio", m.EndListen(7, discard=True))


def test_a_box_without_sound_says_so():
    page, _ = sound_page(m.AudioDevices("", 0, "", 0, "none"))
    assert [row.check for row in page.view().rows] == [Check.FAILED] * 3
