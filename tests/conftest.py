"""What all tests share: the network guard, and the real default models."""

import math
import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_DEADLINE = pytest.StashKey[float]()
ROOT = Path(__file__).parents[1]
GUARD = str(ROOT / "tests" / "guard")

# Shared machines are slow at times: what matters is the number of examples, not their time. And
# they are the same each time, so that a change is judged by what it changes; `make test-long`
# looks for others (`--hypothesis-profile=search`).
settings.register_profile(
    "lory",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("search", settings.get_profile("lory"), derandomize=False)
settings.load_profile("lory")

# The offline guard, for this process and every Python process it starts.
sys.path.insert(0, GUARD)
import sitecustomize  # noqa: E402

if Path(sitecustomize.__file__ or "").parent != Path(GUARD):
    del sys.modules["sitecustomize"]
    import sitecustomize
os.environ["PYTHONPATH"] = os.pathsep.join(
    [GUARD, str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
)

# What is tried has a terminal of its own, as large as the test makes it.
for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)


def pytest_addoption(parser):
    parser.addoption("--most-minutes", type=float, help="begin no test later than that")


def pytest_configure(config):
    minutes = config.getoption("--most-minutes")
    config.stash[_DEADLINE] = time.monotonic() + 60 * minutes if minutes else math.inf


def pytest_runtest_setup(item):
    if time.monotonic() > item.config.stash[_DEADLINE]:
        pytest.skip(f"{item.config.getoption('--most-minutes'):g} minutes are over")


@pytest.fixture(autouse=True)
def environment_as_before():
    """A command in this process may set what its children read (`lory doctor` on a box does)."""
    before = dict(os.environ)
    yield
    if os.environ != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def default_models():
    """Directory of each role's default model, by role; the tests of real engines need them.

    `make test` fetches them first. Their absence is a failure, not a skip: a suite that passes
    without its engines would prove nothing.
    """
    from appliance.models.catalogue_file import read_catalogue
    from appliance.models.store import Store
    from appliance.paths import default_root

    store = Store(default_root())
    models = read_catalogue().expand(["default"])
    missing = [model.name for model in models if store.state(model) != "installed"]
    if missing:
        pytest.fail(f"not installed: {', '.join(missing)}; run: lory models fetch default")
    return {model.role: store.path(model) for model in models}
