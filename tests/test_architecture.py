"""The arrows point one way: what each folder, room and file may know, checked on the source."""

import ast
import builtins
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise

import pytest

from tests.arrows import FOLDERS, ROOT, arrows, circle, known, modules
from tests.floors import FLOORS

ENGINES = {"llama_cpp", "sherpa_onnx", "funasr", "sounddevice", "numpy", "onnx", "torch", "opencc"}
MAY_KNOW = {
    "fonts": {"fonts"},
    "drivers": {"drivers"},
    "ui": {"ui", "fonts", "drivers"},
    "appliance": {"appliance", "drivers", "ui"},
    "bench": {"bench", "appliance", "drivers", "ui", "fonts"},
    "tests": set(FOLDERS),
}


def top(module):
    return module.partition(".")[0]


def room(module):
    """The room of a module of the appliance; "" of the appliance itself."""
    return (*module.split("."), "")[1]


def inside(*folders):
    """The arrows that start in these packages."""
    return [it for it in arrows() if f"{it.source}.".startswith(tuple(f"{f}." for f in folders))]


def imported(name):
    """All modules that a file imports, ours or not."""
    for node in ast.walk(ast.parse(modules()[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}:{node.lineno}: imports are written out"
            yield node.module


def test_every_folder_has_its_bounds():
    assert MAY_KNOW.keys() == set(FOLDERS)


@pytest.mark.parametrize("folder", MAY_KNOW)
def test_a_folder_knows_only_what_lies_below_it(folder):
    assert [str(it) for it in inside(folder) if top(it.target) not in MAY_KNOW[folder]] == []


def test_of_the_drivers_the_interface_knows_what_a_key_is_and_nothing_else():
    assert {it.target for it in inside("ui") if top(it.target) == "drivers"} == {"drivers.keys"}


def test_every_room_of_the_appliance_has_a_floor_of_its_own():
    rooms = {room(name) for name in modules() if top(name) == "appliance"} - {""}
    assert len(set(FLOORS)) == len(FLOORS)
    assert rooms - set(FLOORS) == set(), "put it into tests/floors.py"


def test_the_appliance_is_built_floor_on_floor():
    upward = [
        f"{it} (floor {FLOORS.index(room(it.source))}, floor {FLOORS.index(room(it.target))})"
        for it in inside("appliance")
        if top(it.target) == "appliance" and room(it.source) and room(it.target)
        if FLOORS.index(room(it.target)) > FLOORS.index(room(it.source))
    ]
    assert upward == []


def test_no_file_knows_itself_through_others():
    edges = defaultdict(set)
    lines = {}
    for arrow in arrows():
        edges[arrow.source].add(arrow.target)
        lines.setdefault((arrow.source, arrow.target), arrow)
    chain = circle(edges)
    assert not chain, "\n".join(str(lines[step]) for step in pairwise(chain))


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("import a.b", ["a.b"]),
        ("from a import b", ["a.b"]),
        ("from a.b import Thing", ["a.b"]),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import b", ["a.b"]),
        ("def later():\n    import a.b", ["a.b"]),
        ('TABLE = {"it": ("a.b", "Thing")}', ["a.b"]),
        ('"""As a.b does it."""', []),
        ("import json", []),
    ],
)
def test_every_kind_of_import_is_an_arrow(source, targets):
    assert [target for target, _ in known(ast.parse(source), {"a": 0, "a.b": 0})] == targets


@pytest.mark.parametrize(
    ("edges", "chain"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, ["b", "c", "b"]),
        ({"a": {"b"}, "b": {"c"}, "c": {"d", "a"}, "d": {"e"}, "e": {"d"}}, ["d", "e", "d"]),
        ({"a": {"a"}}, ["a", "a"]),
    ],
)
def test_the_shortest_circle_is_found(edges, chain):
    assert circle(edges) == chain


def test_every_error_is_called_one_and_has_the_one_root():
    """But for what ends a computation that somebody no longer wants."""
    errors = {
        f"{name}.{node.name}": [ast.unparse(base) for base in node.bases]
        for name, path in modules().items()
        if top(name) in ("appliance", "drivers", "ui", "fonts")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith(("Error", "Exception")) for base in node.bases)
    }
    unnamed = {name for name in errors if not name.endswith("Error")}
    assert unnamed == {"appliance.engines.llama.backend.Aborted"}
    rootless = {
        name
        for name, bases in errors.items()
        if top(name) == "appliance" and all(hasattr(builtins, base) for base in bases)
    }
    assert rootless - unnamed == {"appliance.errors.LoryError"}


def test_the_folders_of_the_tests_are_rooms_of_the_house():
    rooms = {room(name) for name in modules() if top(name) == "appliance"}
    others = {"bench", "docs", "drivers", "install", "tiny", "ui", "whole"}
    folders = {
        room(name) for name in modules() if name.startswith("tests.") and name.count(".") > 1
    }
    assert folders - {"guard"} <= rooms | others
    packages = {name for name, path in modules().items() if path.name == "__init__.py"}
    assert {f"tests.{folder}" for folder in folders - {"guard"}} <= packages


def test_the_input_engine_and_what_it_learns_know_nothing_of_the_editor():
    above = ("ui.input.editing", "ui.input.building", "ui.screens", "ui.keymap")
    wrong = [str(it) for it in inside("ui.input") if it.target.startswith(above)]
    assert [line for line in wrong if not line.startswith(above)] == []


def test_engines_know_nothing_of_the_interface():
    below = ("appliance.engines", "appliance.workers", "appliance.audio", "appliance.sound")
    assert [str(it) for it in inside(*below) if top(it.target) in ("ui", "drivers")] == []


def test_screens_call_no_engine_and_no_store():
    screens = [name for name in modules() if name.startswith("ui.screens")]
    assert screens
    for name in screens:
        assert not ENGINES & {top(module) for module in imported(name)}, name


def test_the_main_process_carries_no_engine():
    program = (
        "import sys, appliance.box\n"
        "from appliance.commands import demo, provisioning, virtual_box\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not ENGINES & set(done.stdout.split())


def test_the_first_screen_waits_for_no_rules_of_the_skills():
    program = "import sys, appliance.box\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    of_skills = {f"appliance.skills.{it}" for it in ("alarms", "calculator", "lists", "private")}
    of_rules = {f"appliance.understanding.{it}" for it in ("scan", "dates", "moments", "heard")}
    loaded = set(done.stdout.split())
    assert "appliance.skills.registry" in loaded
    assert loaded & (of_skills | of_rules) == set()


DRAWN = (
    "render",
    "reader",
    "screens",
    "framebuffer",
    "font",
    "layout",
    "gutter",
    "view",
    "widgets",
)


def test_the_dialogue_runs_without_anything_that_draws():
    program = (
        "import sys, pkgutil, importlib, appliance.dialogue as room\n"
        "for it in pkgutil.iter_modules(room.__path__):\n"
        "    importlib.import_module(f'{room.__name__}.{it.name}')\n"
        "print(*(name for name in sys.modules if name.partition('.')[0] == 'ui'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = done.stdout.split()
    assert "ui.strings" in loaded
    assert [name for name in loaded if name.startswith(tuple(f"ui.{it}" for it in DRAWN))] == []


MOST_PARAMETERS = 6


def constructed(node):
    """The names that whoever makes one of this class has to hand over, or may."""
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "__init__":
            args = method.args
            assert args.kwarg is None, f"{node.name} takes whatever it is given"
            every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs]
            return [it.arg for it in every if it is not None][1:]
    if any("dataclass" in ast.unparse(it) for it in node.decorator_list):
        return [
            ast.unparse(it.target)
            for it in node.body
            if isinstance(it, ast.AnnAssign) and "init=False" not in ast.unparse(it)
        ]
    return []


def test_no_class_of_the_dialogue_needs_more_than_a_handful_to_be_made():
    large = {
        f"{name}.{node.name}": constructed(node)
        for name, path in modules().items()
        if name.startswith("appliance.dialogue.")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and len(constructed(node)) > MOST_PARAMETERS
    }
    assert large == {}


def test_what_a_worker_says_is_told_apart_in_one_place():
    """Not message by message again in each part that it concerns."""
    matched = [
        name
        for name, path in modules().items()
        if name.startswith(("appliance.dialogue.", "appliance.front.", "appliance.app"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Match) and "m.Token()" in ast.unparse(node)
    ]
    assert matched == ["appliance.dialogue.reports"]
