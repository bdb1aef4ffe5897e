"""Web servers on Unix sockets, each with its own way of answering, behind urllib's real machinery.

The suite is offline: no TCP socket may be opened. So `https://HOST/PATH` is carried, as plain HTTP,
to the socket of HOST; redirects, status, headers and broken connections are real.
"""

from __future__ import annotations

import http.client
import http.server
import socket
import socketserver
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Answer = Callable[["Request"], None]
PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


class Request(http.server.BaseHTTPRequestHandler):
    """One request as a server sees it, with what it takes to answer in any way."""

    server: Host

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range") or ""))
        self.server.answer(self)

    def start(self) -> int:
        """Where the range that is asked for begins; 0 without one."""
        wanted = self.headers.get("Range") or ""
        return int(wanted.removeprefix("bytes=").partition("-")[0] or 0)

    def give(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "local"

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Host(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A server and what it was asked: (path, range)."""

    path: Path
    answer: Answer
    asked: list[tuple[str, str]] = field(default_factory=list)

    daemon_threads = True

    def __post_init__(self) -> None:
        super().__init__(str(self.path), Request)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what some tests are about."""


class Net:
    """Hosts by name; `open` is an opener for the code under test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.hosts: dict[str, Host] = {}
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPErrorProcessor(),
            _UnixHandler(self),
        ):
            self._opener.add_handler(handler)

    def host(self, name: str, answer: Answer) -> Host:
        self.hosts[name] = Host(self._folder / f"{name}.sock", answer)
        return self.hosts[name]

    def open(self, request: urllib.request.Request, timeout: float) -> Any:
        return self._opener.open(request, timeout=timeout)

    def close(self) -> None:
        for host in self.hosts.values():
            host.shutdown()
            host.server_close()


class _UnixHandler(urllib.request.AbstractHTTPHandler):
    def __init__(self, net: Net) -> None:
        super().__init__()
        self._net = net

    def https_open(self, request: urllib.request.Request) -> Any:
        if (request.host or "") not in self._net.hosts:
            raise urllib.error.URLError("Name or service not known")
        path = self._net.hosts[request.host].path

        class Connection(http.client.HTTPConnection):
            def connect(self) -> None:
                self.sock = socket.socket(socket.AF_UNIX)
                self.sock.connect(str(path))

        return self.do_open(Connection, request)  # type: ignore[arg-type]

    http_open = https_open
    https_request = http_request = urllib.request.AbstractHTTPHandler.do_request_


def sound(body: bytes, cut_at: int | None = None) -> Answer:
    """Byte ranges as they should be; the connection breaks at `cut_at` bytes of the file."""

    def answer(request: Request) -> None:
        start = request.start()
        end = len(body) if cut_at is None else max(start, cut_at)
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body) - start))
        request.send_header("ETag", '"one"')
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        request.end_headers()
        request.wfile.write(body[start:end])

    return answer


def deaf(body: bytes) -> Answer:
    """Takes no notice of `Range`: 200 and all of it."""
    return lambda request: request.give(200, body)


def moved(to: str) -> Answer:
    """302 to another address."""
    return lambda request: request.give(302, Location=to)


def forbidden(request: Request) -> None:
    """403, with a page."""
    request.give(403, PAGE, Content_Type="text/html")


def portal(request: Request) -> None:
    """A captive portal: whatever is asked for, 200 and its login page."""
    request.give(200, PAGE, Content_Type="text/html; charset=utf-8")


def sly_portal(request: Request) -> None:
    """The same, and says that it were a file."""
    request.give(200, PAGE, Content_Type="application/octet-stream")
