"""Burn-in protection: what an untouched glass does, and when."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from appliance.configuration.settings import Settings
from appliance.front.idle import SHIFT_SECONDS, Idle, Light
from appliance.front.quiet import STEP_SECONDS, QuietPicture
from ui import life
from ui.framebuffer import HEIGHT, WIDTH, Framebuffer
from ui.render import Screen, render
from ui.strings import Language


class Nobody:
    """A dialogue in which nothing goes on."""

    busy = False


def idle_box(steps):
    """Untouched since the clock stood at 0, where it stands still."""
    return Idle(Settings(steps), lambda: 0.0, Nobody())


STEPS = {"ui.dim_after": 60, "ui.life_after": 180, "ui.off_after": 600}


def test_an_untouched_glass_dims_then_plays_life_then_goes_dark():
    idle = idle_box(STEPS)
    seen = {}
    for second in range(0, 700, 10):
        idle.tick(float(second))
        seen.setdefault(idle.light, second)
    assert seen == {Light.BRIGHT: 0, Light.DIM: 60, Light.QUIET: 180, Light.OFF: 600}


def test_zero_leaves_a_step_out():
    idle = idle_box(STEPS | {"ui.life_after": 0, "ui.off_after": 0})
    idle.tick(1e6)
    assert idle.light is Light.DIM


def test_touching_brings_everything_back():
    idle = idle_box(STEPS)
    idle.tick(601.0)
    assert idle.asleep
    idle.active(602.0)
    assert idle.light is Light.BRIGHT
    assert idle.shift(602.0) == (0, 0)


@given(st.floats(0.0, 1e5))
def test_nothing_changes_before_the_next_deadline(now):
    moment = 0.0
    idle = Idle(Settings(STEPS), lambda: moment, Nobody())
    moment = now
    idle.tick(now)
    light, shift, deadline = idle.light, idle.shift(now), idle.next_deadline
    if deadline is None:
        assert light is Light.OFF
        return
    assert deadline > now
    idle.tick((now + deadline) / 2)
    assert (idle.light, idle.shift((now + deadline) / 2)) == (light, shift)


def test_the_picture_wanders_round_by_single_pixels_and_comes_back():
    idle = idle_box({})
    places = [idle.shift(minute * SHIFT_SECONDS) for minute in range(10)]
    assert places[0] == places[9] == (0, 0)
    assert len(set(places)) == 9
    assert all(abs(right) <= 1 and abs(down) <= 1 for right, down in places)


def test_a_shifted_frame_is_the_same_picture_elsewhere():
    frame = Framebuffer()
    frame.fill(10, 20, 3, 4)
    moved = frame.shifted(1, -1)
    assert moved.pixel(11, 19) and moved.pixel(13, 22)
    assert not moved.pixel(10, 20)
    assert moved.shifted(-1, 1) == frame
    edge = Framebuffer()
    edge.fill(0, 0, WIDTH, HEIGHT)
    assert not edge.shifted(1, 0).pixel(0, 5)
    assert not edge.shifted(0, -1).pixel(5, HEIGHT - 1)


def test_life_goes_on_at_its_own_pace_and_starts_again_when_it_stands_still():
    picture = QuietPicture(Random(3))
    first = picture.view("12:34", 0.0)
    assert picture.view("12:34", STEP_SECONDS / 2).cells == first.cells
    second = picture.view("12:34", STEP_SECONDS)
    assert second.cells == life.step(first.cells)
    boards = [picture.view("", STEP_SECONDS * n).cells for n in range(2, 3000)]
    assert all(any(cells) for cells in boards)
    assert len(set(boards)) > 2900  # never the same few boards for long


@given(st.integers(0, 10_000), st.integers(0, 400))
def test_the_wandering_clock_is_always_wholly_on_the_glass(seed, half_minutes):
    picture = QuietPicture(Random(seed))
    picture.view("00:00", 0.0)
    view = picture.view("00:00", 30.0 * half_minutes)
    x, y = view.clock_at
    from ui import font

    face = font.large()
    assert x - 3 >= 0 and x + face.width("00:00") + 3 <= WIDTH
    assert y - 1 >= 0 and y + face.height + 1 <= HEIGHT
    render(Screen(view), Language.ZH)


def test_nothing_is_drawn_on_time_while_it_is_not_shown():
    picture = QuietPicture()
    assert picture.next_step is None
    picture.view("", 5.0)
    assert picture.next_step == 5.0 + STEP_SECONDS
    picture.rest()
    assert picture.next_step is None
