"""When a worker counts as dead, on a clock of the test's own."""

from typing import Any

from appliance.workers.host import Worker
from appliance.workers.pulse import HANG_SECONDS, PING_SECONDS, STUCK_SECONDS, Pulse


def checked(pulse, start, seconds, answers=lambda now: None):
    """Let `seconds` pass, asked every ping; what is found wrong first."""
    now = start
    while now < start + seconds:
        now += PING_SECONDS
        answers(now)
        if failure := pulse.failure(now):
            return failure
    return ""


def test_one_that_answers_lives():
    pulse = Pulse(0.0)
    assert checked(pulse, 0.0, 10 * HANG_SECONDS, lambda now: pulse.pong(now, 0.0)) == ""


def test_one_that_answers_no_ping_is_dead():
    assert "no sign of life" in checked(Pulse(0.0), 0.0, 2 * HANG_SECONDS)


def test_one_whose_engine_hangs_is_dead_though_it_answers():
    pulse = Pulse(0.0)
    found = checked(pulse, 0.0, 2 * STUCK_SECONDS, lambda now: pulse.pong(now, now))
    assert "got nowhere" in found


def test_a_main_process_that_slept_blames_nobody():
    pulse = Pulse(0.0)
    assert pulse.failure(1000.0) == ""
    assert pulse.failure(1000.0 + PING_SECONDS) == ""
    assert "no sign of life" in checked(pulse, 1000.0 + PING_SECONDS, 2 * HANG_SECONDS)


def test_a_box_that_was_stopped_in_mid_work_kills_nobody_when_it_goes_on():
    pulse = Pulse(0.0)
    pulse.pong(1000.0, 990.0)
    assert pulse.failure(1000.0) == ""
    pulse.pong(1000.0 + PING_SECONDS, 0.1)
    assert pulse.failure(1000.0 + PING_SECONDS) == ""


class Idle(Worker[Any]):
    def handle(self, message):
        raise NotImplementedError


def test_an_engine_counts_as_working_from_its_start_and_while_it_has_a_message(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("appliance.workers.host.time.monotonic", lambda: now[0])
    worker = Idle(None, lambda message: None)
    now[0] = 7.0
    assert worker.stuck == 7.0
    worker.work(False)
    now[0] = 500.0
    assert worker.stuck == 0.0
    worker.work(True)
    now[0] = 510.0
    assert worker.stuck == 10.0
    worker.send(None)
    assert worker.stuck == 0.0
