"""What lets Lory reach a FunASR server opens that way and no other."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FUNASR = Path(__file__).parents[2] / "systemd/funasr"


def directives(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (FUNASR / name).read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def test_the_drop_in_opens_this_machine_and_nothing_else() -> None:
    assert directives("funasr.conf") == {
        "PrivateNetwork": ["no"],
        "RestrictAddressFamilies": ["AF_UNIX AF_INET AF_INET6"],
        "IPAddressDeny": ["any"],
        "IPAddressAllow": ["localhost"],
    }


def test_the_relay_leads_to_one_server_and_only_lory_may_use_it() -> None:
    socket, service = directives("lory-funasr.socket"), directives("lory-funasr.service")
    assert socket["ListenStream"] == ["/run/lory-funasr.sock"]
    assert (socket["SocketUser"], socket["SocketMode"]) == (["lory"], ["0600"])
    assert service["IPAddressDeny"] == ["any"] and service["IPAddressAllow"] == ["localhost"]
    assert service["ExecStart"][0].startswith("/usr/lib/systemd/systemd-socket-proxyd ")


@pytest.mark.parametrize("unit", ["lory-funasr.socket", "lory-funasr.service"])
def test_systemd_accepts_the_relay(unit: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    result = subprocess.run(
        [analyze, "verify", FUNASR / "lory-funasr.socket", FUNASR / "lory-funasr.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in result.stderr.splitlines() if unit in line]
    assert [line for line in complaints if "is not executable" not in line] == []
