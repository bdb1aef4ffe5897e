"""Real pip against a package index of our own on this machine, that fails in the middle."""

import asyncio
import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from appliance.provision import Plan, Step, Tools, provision

NAMES = ("aaa-lory-test", "bbb-lory-test", "ccc-lory-test", "ddd-lory-test", "eee-lory-test")

# PEP 503: pages of links. After so many wheels everything is answered with 503, until a file says
# that the index is well again. Its own process: this one may open no such socket.
INDEX = """
import http.server, sys
from pathlib import Path

wheels, most, well = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
given = []

class Index(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if len(given) >= most and not well.exists():
            return self.give(503, b"try later")
        name = self.path.rstrip("/").rpartition("/")[2]
        if name.endswith(".whl"):
            given.append(name)
            return self.give(200, (wheels / name).read_bytes())
        found = sorted(wheels.glob(name.replace("-", "_") + "-*.whl"))
        links = "".join(f'<a href="/files/{each.name}">{each.name}</a>' for each in found)
        self.give(200 if found else 404, links.encode(), "text/html")

    def give(self, status, body, kind="application/octet-stream"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
print(server.server_port, flush=True)
server.serve_forever()
"""


def make_wheel(folder: Path, name: str) -> None:
    module = name.replace("-", "_")
    info = f"{module}-1.0.dist-info"
    files = {
        f"{module}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{path},sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')},{len(text)}"
        for path, text in files.items()
        for digest in [hashlib.sha256(text.encode()).digest()]
    ]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,\n"])
    with zipfile.ZipFile(folder / f"{module}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """The environment of children that may open sockets on this machine, with no other index."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def index(tmp_path, outside, monkeypatch):
    """The folder in which a file `well` mends the index; pip asks nobody else."""
    (tmp_path / "wheels").mkdir()
    for name in NAMES:
        make_wheel(tmp_path / "wheels", name)
    with subprocess.Popen(
        [sys.executable, "-c", INDEX, tmp_path / "wheels", "3", tmp_path / "well"],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
        yield tmp_path
        server.kill()


@pytest.fixture
def environment(tmp_path):
    """pip for an environment that has none of its own, which is made faster."""
    place = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    python = str(place / "bin/python")
    return Tools(pip=(sys.executable, "-m", "pip", "--python", python), logs=tmp_path / "logs")


def installed(environment: Tools) -> list[str]:
    listed = subprocess.run(
        [*environment.pip, "list", "--format", "freeze"], capture_output=True, text=True, check=True
    )
    return sorted(line.partition("==")[0] for line in listed.stdout.splitlines())


def go(names: list[str], environment: Tools):
    told = []
    plan = Plan((Step("wheels", tuple(names), 1, 1, 0.1),))
    return asyncio.run(provision(plan, told.append, environment)), told


def test_an_index_that_answers_503_after_the_third_wheel_costs_only_the_rest(index, environment):
    whole, told = go(list(NAMES), environment)
    assert not whole
    assert told[-1].state == "failed"
    assert told[-1].text == ("软件源太忙或出错", "the package index is busy or broken")
    assert "pip config list" in told[-1].remedy.zh
    assert set(told[-1].pieces) == {"ddd-lory-test", "eee-lory-test"}
    assert installed(environment) == list(NAMES[:3])
    (index / "well").touch()
    whole, told = go(list(NAMES[3:]), environment)
    assert whole
    assert installed(environment) == list(NAMES)


def test_no_index_at_all_is_told_at_once_and_nothing_else_is_tried(
    outside, environment, monkeypatch
):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens there
    whole, told = go(list(NAMES), environment)
    assert not whole
    assert told[-1].text.en == "the package index cannot be reached"
    assert set(told[-1].pieces) == set(NAMES)
    log = (environment.logs / "wheels.log").read_text(encoding="utf-8")
    assert "aaa-lory-test" in log and "bbb-lory-test" not in log


def test_a_package_that_the_index_lacks_does_not_keep_the_others(index, environment):
    (index / "well").touch()
    whole, told = go([NAMES[0], "no-such-lory-test", NAMES[1]], environment)
    assert not whole
    assert set(told[-1].pieces) == {"no-such-lory-test"}
    assert told[-1].text.en == "the package index lacks a package"
    assert installed(environment) == list(NAMES[:2])
