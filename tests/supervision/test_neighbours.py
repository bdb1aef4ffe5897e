"""How many cores other programs leave, from a /proc of our own."""

import asyncio

import pytest

from appliance.supervision import neighbours
from appliance.supervision.neighbours import Neighbours, watch

SELF = "self"


class Machine:
    """Two cores; times in clock ticks."""

    def __init__(self, root):
        self.root = root
        self.times = {SELF: 0, 11: 0}
        self.others = 0
        self.idle = 0
        self.pids = [11]
        self.neighbours = Neighbours(lambda: self.pids, root)
        self.write()

    def write(self):
        ours = sum(self.times.values())
        self.proc("stat").write_text(
            f"cpu  {ours + self.others} 0 0 {self.idle} 0 0 0 0 7 0\ncpu0 1 2\ncpu1 1 2\nintr 3\n"
        )
        for pid, time in self.times.items():
            fields = " ".join(["0"] * 10)
            self.proc(f"{pid}/stat").write_text(f"11 (a (b) c) S {fields} {time} 0 0 0\n")

    def proc(self, name):
        path = self.root / "proc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def passes(self, ours=0, others=0, ticks=100):
        """So many ticks of each of the two cores: ours, others', the rest idle."""
        self.times[11] += ours
        self.others += others
        self.idle += 2 * ticks - ours - others
        self.write()
        return self.neighbours.free()


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path)
    assert made.neighbours.free() is None  # nothing to compare with
    return made


def test_a_machine_of_our_own_is_free_whatever_we_do(machine):
    assert machine.passes() == 2.0
    assert machine.passes(ours=200) == 2.0


def test_what_others_use_is_not_free(machine):
    assert machine.passes(others=100) == 1.0
    assert machine.passes(ours=100, others=100) == 1.0
    assert machine.passes(others=200) == 0.0


def test_only_what_passed_since_the_last_look_counts(machine):
    machine.passes(others=200)
    assert machine.passes() == 2.0


def test_a_worker_that_came_or_went_confuses_nobody(machine):
    machine.pids = [11, 12]
    machine.times[12] = 500
    machine.write()
    machine.neighbours.free()
    machine.pids = []
    assert 0.0 <= machine.passes(others=100) <= 2.0


def test_a_kernel_that_tells_nothing_is_left_alone(tmp_path):
    one = Neighbours(list, tmp_path)
    assert one.free() is None
    assert one.free() is None
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/stat").write_text("nonsense\n")
    assert one.free() is None


def test_this_machine_tells():
    one = Neighbours(list)
    one.free()
    sum(range(3_000_000))
    found = one.free()
    assert found is None or found >= 0.0


def test_the_team_is_told_again_and_again(monkeypatch):
    told = []

    class Team:
        def processes(self):
            return []

        def leave_to_others(self, free):
            told.append(free)
            if len(told) == 3:
                raise EOFError

    monkeypatch.setattr(neighbours, "LOOK_SECONDS", 0.02)
    with pytest.raises(EOFError):
        asyncio.run(watch(Team()))
    assert len(told) == 3
