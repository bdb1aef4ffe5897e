"""Several sources of the same bytes, played by local servers that misbehave as real ones do."""

from __future__ import annotations

import io
import socket
import tarfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.models.catalogue import Part, VadModel
from appliance.models.errors import NetworkError, NotAtSourceError, WrongHashError
from appliance.models.fetch import fetch
from appliance.models.mirrors import Turns
from appliance.models.reach import Better, answering, answers
from appliance.models.sources import FileSource, HttpsSource
from appliance.models.store import Store
from tests.tiny.models import catalogue_of, make_model, sha
from tests.tiny.web import (
    Answer,
    Net,
    Request,
    deaf,
    forbidden,
    moved,
    portal,
    sly_portal,
    sound,
)

BODY = bytes(range(256)) * 40
HOSTS = ("first", "second", "third")


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Net]:
    net = Net(tmp_path)
    yield net
    net.close()


def model(known: bool = True, name: str = "tiny", body: bytes = BODY) -> VadModel:
    """Of one file, which three hosts have."""
    urls = [f"https://{host}/tiny.bin" for host in HOSTS]
    part = Part(
        source=urls[0],
        mirrors=tuple(urls[1:]),
        into="m.bin",
        size=len(body) if known else None,
        sha256=sha(body) if known else None,
    )
    return make_model((part,), body, name=name)


def run(net: Net, store: Store, wanted: VadModel | None = None, **how: object) -> bytes:
    wanted = wanted or model()
    sources = {"https": HttpsSource(net.open, report_every=0.0)}
    fetch([wanted.name], store, catalogue_of(wanted), sources=sources, **how)  # type: ignore[arg-type]
    return store.files(wanted)["model"].read_bytes()


def test_the_next_source_is_asked_when_one_cannot_be_found(net: Net, store: Store) -> None:
    net.host("third", sound(BODY))
    assert run(net, store) == BODY


MISCHIEF: dict[str, Answer] = {
    "403": forbidden,
    "portal": portal,
    "sly portal": sly_portal,
    "302 to a page": moved("https://portal/login"),
    "302 to http": moved("http://portal/login"),
    "short": deaf(BODY[:-1]),
    "wrong hash": deaf(b"x" * len(BODY)),
    "404": lambda request: request.give(404),
    "503": lambda request: request.give(503),
    "hangs up": lambda request: None,
}


@pytest.mark.parametrize("answer", MISCHIEF.values(), ids=MISCHIEF.keys())
def test_whatever_one_source_does_the_next_one_is_asked(
    net: Net, store: Store, answer: Answer
) -> None:
    net.host("portal", portal)
    net.host("first", answer)
    net.host("second", sound(BODY))
    assert run(net, store) == BODY


def test_a_redirect_to_where_the_file_lies_is_followed(net: Net, store: Store) -> None:
    net.host("first", moved("https://content/abc"))
    net.host("content", sound(BODY))
    assert run(net, store) == BODY


def test_what_one_source_began_goes_on_at_the_next(net: Net, store: Store) -> None:
    net.host("first", sound(BODY, cut_at=3000))
    second = net.host("second", sound(BODY))
    assert run(net, store) == BODY
    assert second.asked == [("/tiny.bin", "bytes=3000-")]


def test_a_source_that_ignores_ranges_gives_all_of_it_once_more(net: Net, store: Store) -> None:
    net.host("first", sound(BODY, cut_at=3000))
    net.host("second", deaf(BODY))
    assert run(net, store) == BODY


def test_a_range_that_begins_elsewhere_is_not_taken_for_the_rest(net: Net, store: Store) -> None:
    def off_by_some(request: Request) -> None:
        start = max(0, request.start() - 100)
        wrong = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
        request.give(206, BODY[start:], Content_Range=wrong)

    net.host("first", sound(BODY, cut_at=3000))
    net.host("second", off_by_some)
    net.host("third", sound(BODY))
    assert run(net, store) == BODY


def test_a_part_that_a_server_does_not_have_is_asked_for_whole(net: Net, store: Store) -> None:
    def whole_only(request: Request) -> None:
        if request.headers.get("Range"):
            request.give(416)
        else:
            request.give(200, BODY)

    net.host("first", sound(BODY, cut_at=3000))
    net.host("second", whole_only)
    assert run(net, store) == BODY


def test_bytes_of_two_sources_that_do_not_fit_are_taken_whole_from_one(
    net: Net, store: Store
) -> None:
    net.host("first", sound(b"z" * len(BODY), cut_at=3000))
    second = net.host("second", sound(BODY))
    assert run(net, store) == BODY
    assert [wanted for _, wanted in second.asked] == ["bytes=3000-", ""]


def test_without_a_known_hash_nothing_goes_on_at_another_place(net: Net, store: Store) -> None:
    net.host("first", sound(b"z" * len(BODY), cut_at=3000))
    second = net.host("second", sound(BODY))
    wanted = make_model((model(known=False).parts[0],), BODY)
    assert run(net, store, wanted) == BODY
    assert [wanted for _, wanted in second.asked] == [""]


def test_an_interrupted_fetch_goes_on_next_time_at_whichever_source_is_left(
    net: Net, store: Store
) -> None:
    net.host("first", sound(BODY, cut_at=5000))
    with pytest.raises(NetworkError, match=r"3 sources.*first.*second.*third"):
        run(net, store)
    del net.hosts["first"]
    third = net.host("third", sound(BODY))
    assert run(net, store) == BODY
    assert third.asked == [("/tiny.bin", "bytes=5000-")]


def test_all_that_have_it_wrong_are_named_and_nothing_is_kept(net: Net, store: Store) -> None:
    for host in HOSTS:
        net.host(host, deaf(b"x" * len(BODY)))
    with pytest.raises(WrongHashError, match=r"first.*second.*third"):
        run(net, store)
    assert store.state(model()) == "partial"


def test_none_that_has_it_is_said_so(net: Net, store: Store) -> None:
    for host in HOSTS:
        net.host(host, lambda request: request.give(404))
    with pytest.raises(NotAtSourceError, match="none of 3 sources"):
        run(net, store)


def test_a_page_of_a_network_that_wants_a_login_is_called_that(net: Net, store: Store) -> None:
    net.host("first", portal)
    with pytest.raises(NetworkError, match="login page"):
        run(net, store)


# ---------------------------------------------------------------- slow ones

BIG = bytes(range(256)) * 1024


class Clock:
    """Moved by the servers: a second passes for each piece that a slow one sends."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def dripping(clock: Clock, rate: int) -> Answer:
    """`rate` bytes a second, on that clock; what is sent waits until it is read."""

    def answer(request: Request) -> None:
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        start = request.start()
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(BIG) - start))
        request.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            for at in range(start, len(BIG), 1024):
                clock.now += 1024 / rate
                request.wfile.write(BIG[at : at + 1024])

    return answer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("appliance.models.fetch.Turns", lambda quickest: Turns(quickest, clock))
    return clock


def test_a_source_of_one_kilobyte_a_second_is_left_for_a_quick_one(
    net: Net, store: Store, clock: Clock
) -> None:
    net.host("first", dripping(clock, 1000))
    second = net.host("second", sound(BIG))
    assert run(net, store, model(body=BIG)) == BIG
    assert second.asked[0][1].startswith("bytes=")
    assert clock.now < 60


def test_where_all_are_slow_the_quickest_goes_on(net: Net, store: Store, clock: Clock) -> None:
    hosts = [
        net.host(name, dripping(clock, rate))
        for name, rate in zip(HOSTS, (1000, 3000, 2000), strict=True)
    ]
    assert run(net, store, model(body=BIG)) == BIG
    assert [len(host.asked) for host in hosts] == [1, 2, 1]


def test_a_source_alone_may_be_as_slow_as_it_likes(net: Net, store: Store, clock: Clock) -> None:
    net.host("first", dripping(clock, 1000))
    wanted = model(body=BIG)
    alone = make_model((replace(wanted.parts[0], mirrors=()),), BIG)
    assert run(net, store, alone) == BIG


# ---------------------------------------------------------------- archives


def archive_of(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:bz2") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(f"./top/{name}.bin")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def archived(*names: str) -> VadModel:
    """Pieces that lie in one archive of the first host, and singly at the second."""
    parts = tuple(
        Part(
            source=f"https://first/all.tar.bz2#top/{name}.bin",
            mirrors=(f"https://second/{name}",),
            into="m.bin",
            size=len(BODY),
            sha256=sha(BODY),
        )
        for name in names
    )
    return make_model(parts, BODY * len(names))


def test_files_of_an_archive_share_its_download(net: Net, store: Store) -> None:
    first = net.host("first", sound(archive_of(a=BODY, b=BODY)))
    assert run(net, store, archived("a", "b")) == BODY * 2
    assert len(first.asked) == 1


@pytest.mark.parametrize(
    "packed",
    [archive_of(other=BODY), archive_of(a=BODY)[:-200], b"no archive" * 100, archive_of(a=b"?")],
    ids=["other-member", "truncated", "foreign", "wrong-bytes"],
)
def test_an_archive_that_is_no_good_leaves_it_to_the_next_source(
    net: Net, store: Store, packed: bytes
) -> None:
    net.host("first", sound(packed))
    net.host("second", sound(BODY))
    assert run(net, store, archived("a")) == BODY


# ---------------------------------------------------------------- who answers, found out quickly


def test_the_sources_that_answer_are_told_and_nobody_is_waited_for_long(net: Net) -> None:
    net.host("first", portal)
    net.host("second", sound(BODY))
    net.host("third", deaf(BODY[:-1]))
    part = model().parts[0]
    asked = answering(part, ask=lambda source, size: answers(source, size, net.open))
    assert asked == ["https://second/tiny.bin"]


def test_a_source_that_never_answers_is_given_up() -> None:
    never = threading.Event()
    assert answering(model().parts[0], within=0.05, ask=lambda *_: never.wait()) == []
    never.set()


def better_of(net: Net, good: VadModel, plain: VadModel) -> Better:
    def ask(part: Part) -> list[str]:
        return answering(part, ask=lambda source, size: answers(source, size, net.open))

    return Better({plain.name: good}, ask)  # type: ignore[dict-item]


@pytest.fixture
def pair(tmp_path: Path) -> tuple[VadModel, VadModel]:
    """A model that is always there, and a better one that hosts may have."""
    (tmp_path / "plain").write_bytes(b"plain")
    part = Part(source=f"file:{tmp_path / 'plain'}", into="m.bin")
    return make_model((part,), b"plain", name="plain"), model(name="good")


def fetched(net: Net, store: Store, plain: VadModel, good: VadModel, told: list[str]) -> list[str]:
    return fetch(
        ["plain"],
        store,
        catalogue_of(plain, good),
        sources={"https": HttpsSource(net.open), "file": FileSource()},
        better=better_of(net, good, plain),
        say=told.append,
    )


def test_a_better_model_is_taken_where_a_source_of_it_answers(
    net: Net, store: Store, pair: tuple[VadModel, VadModel]
) -> None:
    net.host("second", sound(BODY))
    assert fetched(net, store, *pair, []) == ["good"]
    assert fetched(net, store, *pair, []) == []


def test_what_the_index_has_is_taken_where_none_answers(
    net: Net, store: Store, pair: tuple[VadModel, VadModel]
) -> None:
    net.host("second", portal)
    assert fetched(net, store, *pair, []) == ["plain"]
    net.hosts["second"].answer = sound(BODY)
    assert fetched(net, store, *pair, []) == ["good"]


def test_a_better_model_that_does_not_come_after_all_is_told_and_the_other_taken(
    net: Net, store: Store, pair: tuple[VadModel, VadModel]
) -> None:
    told: list[str] = []
    net.host("first", deaf(b"x" * len(BODY)))
    assert fetched(net, store, *pair, told) == ["plain"]
    assert "good" in told[0] and "plain instead" in told[0]
