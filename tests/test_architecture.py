"""The arrows point one way: what each folder may import, checked on the source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"appliance", "bench", "drivers", "fonts", "tests", "ui"}
ENGINES = {"llama_cpp", "sherpa_onnx", "funasr", "sounddevice", "numpy", "onnx", "torch", "opencc"}
MAY_IMPORT = {
    "fonts": {"fonts"},
    "drivers": {"drivers"},
    "ui": {"ui", "fonts"},
    "appliance": {"appliance", "drivers", "ui"},
}

# The appliance's own floors, the lowest first: each may import what stands on it or below.
FLOORS = (
    {"clock", "durable", "errors", "paths", "messages", "sound", "speech"},
    {"helper", "timekeeping"},
    {"configuration", "health", "models"},
    {"engines"},
    {"audio"},
    {"workers", "personas", "memory", "panel"},
    {"supervision"},
    {"skills"},
    {"checks", "provision", "world", "dialogue"},
    {"pages"},
    {"front", "input_method"},
    {"app"},
    {"box"},
    {"commands"},
    {"cli"},
)


def imports(path, top_level_only=False):
    """Names of modules a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def sources(folder):
    return [p for p in sorted((ROOT / folder).rglob("*.py")) if "__pycache__" not in p.parts]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_imports_only_what_lies_below_it(folder):
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(folder)
        for module in imports(path)
        if (top := module.partition(".")[0]) in OURS and top not in MAY_IMPORT[folder]
    ]
    assert wrong == []


def floor_of(module):
    """On which floor a module of the appliance stands."""
    room = module.split(".")[1]
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def running_imports(path):
    """Modules of the appliance that a file imports when it runs, names taken for modules."""
    unseen = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while unseen:
        node = unseen.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and node.module == "appliance":
            yield from (f"appliance.{name.name}" for name in node.names if name.name[0] != "_")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("appliance."):
            yield node.module
        unseen += ast.iter_child_nodes(node)


def test_the_appliance_is_built_floor_on_floor():
    wrong = []
    for path in sources("appliance"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if module == "appliance.__init__":
            continue
        here = floor_of(module)
        wrong += [
            f"{module} imports {other}" for other in running_imports(path) if floor_of(other) > here
        ]
    assert wrong == []


def test_the_input_engine_and_what_it_learns_know_nothing_of_the_editor():
    paths = [*(ROOT / "ui/input").glob("*.py"), *sources("ui/input/learning")]
    above = ("ui.input.editing", "ui.input.building", "ui.screens", "ui.keymap")
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in paths
        for module in imports(path)
        if module.startswith(above)
    ]
    assert wrong == []


def test_engines_know_nothing_of_the_interface():
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for folder in ("appliance/engines", "appliance/workers", "appliance/audio")
        for path in sources(folder)
        for module in imports(path)
        if module.partition(".")[0] in ("ui", "drivers")
    ]
    assert wrong == []


def test_screens_call_no_engine_and_no_store():
    for path in sources("ui/screens"):
        assert not ENGINES & {module.partition(".")[0] for module in imports(path)}, path


def test_the_main_process_carries_no_engine(tmp_path):
    import subprocess
    import sys

    program = (
        "import sys, appliance.box\n"
        "from appliance.commands import demo, provisioning, virtual_box\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not ENGINES & set(done.stdout.split())
