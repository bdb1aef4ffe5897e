"""The service is confined, its scripts parse, and they agree with one another."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from appliance.health import power
from appliance.health.power import Wish
from appliance.helper.words import SOCKET

PROJECT = Path(__file__).parents[2]
SYSTEMD = PROJECT / "systemd"
OPENWRT = PROJECT / "openwrt"
POWER = OPENWRT / "lory/files/lory.power"
SCRIPTS = (
    SYSTEMD / "install.sh",
    OPENWRT / "build-rootfs.sh",
    OPENWRT / "lory/files/lory.init",
    OPENWRT / "lory/files/lory.hotplug",
    POWER,
)
# rc.common calls these and sources the file; ash has `local`.
OPENWRT_EXEMPTIONS = "SC2034,SC3043,SC1008,SC2148"


def need(tool: str) -> str:
    path = shutil.which(tool)
    if path is None:
        pytest.skip(f"{tool} is not installed")
    return path


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit as installed, with a program that exists here in place of ours."""
    text = (SYSTEMD / "lory.service").read_text(encoding="utf-8")
    place = tmp_path / "lory.service"
    place.write_text(text.replace("/opt/lory/venv/bin/lory run", "/bin/true"), encoding="utf-8")
    return place


def directives(unit: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_systemd_accepts_the_unit(unit: Path) -> None:
    result = run(need("systemd-analyze"), "verify", unit)
    assert result.returncode == 0, result.stderr
    assert str(unit.name) not in result.stderr


def test_systemd_counts_the_unit_as_well_confined(unit: Path) -> None:
    analyze = need("systemd-analyze")
    if "--offline" not in run(analyze, "--help").stdout:
        pytest.skip("this systemd cannot judge a unit that is not installed")
    # The threshold is ten times the exposure.
    result = run(analyze, "security", "--offline=true", "--threshold=15", unit)
    assert result.returncode == 0, result.stdout


@pytest.fixture
def helper(tmp_path: Path) -> Path:
    """The root helper's unit as installed, with a program that exists here in place of ours."""
    text = (SYSTEMD / "lory-helper.service").read_text(encoding="utf-8")
    place = tmp_path / "lory-helper.service"
    command = "/opt/lory/venv/bin/python -I -m appliance.helper"
    assert command in text
    place.write_text(text.replace(command, "/bin/true"), encoding="utf-8")
    shutil.copy(SYSTEMD / "lory-helper.socket", tmp_path)
    return place


def test_systemd_accepts_the_helper_and_counts_it_as_well_confined(helper: Path) -> None:
    analyze = need("systemd-analyze")
    result = run(analyze, "verify", helper, helper.with_suffix(".socket"))
    assert result.returncode == 0, result.stderr
    assert "lory-helper" not in result.stderr
    if "--offline" not in run(analyze, "--help").stdout:
        pytest.skip("this systemd cannot judge a unit that is not installed")
    result = run(analyze, "security", "--offline=true", "--threshold=30", helper)
    assert result.returncode == 0, result.stdout


def test_the_helper_may_set_the_clock_and_nothing_else(helper: Path) -> None:
    found = directives(helper)
    assert found["CapabilityBoundingSet"] == ["CAP_SYS_TIME"]
    assert found["DeviceAllow"] == ["char-rtc rw"]
    assert found["PrivateNetwork"] == ["yes"]
    assert found["RestrictAddressFamilies"] == ["AF_UNIX"]


def test_only_the_box_and_root_reach_the_helper() -> None:
    found = directives(SYSTEMD / "lory-helper.socket")
    assert found["ListenStream"] == [SOCKET]
    assert (found["SocketUser"], found["SocketGroup"]) == (["root"], ["lory"])
    assert found["SocketMode"] == ["0660"]


def test_the_service_has_no_network_and_no_socket_but_unix_ones(unit: Path) -> None:
    found = directives(unit)
    assert found["PrivateNetwork"] == ["yes"]
    assert found["RestrictAddressFamilies"] == ["AF_UNIX"]


def test_the_service_reaches_its_devices_and_no_others(unit: Path) -> None:
    found = directives(unit)
    assert found["DevicePolicy"] == ["closed"]
    groups = {allowed.split()[0] for allowed in found["DeviceAllow"]}
    assert groups == {
        "char-i2c",
        "char-alsa",
        "char-input",
        "char-ttyS",
        "char-ttyAMA",
        "char-ttyUSB",
        "char-ttyACM",
    }
    # These would hide devices, /proc/meminfo or the thermal zones, which the box reads.
    assert not {"PrivateDevices", "ProcSubset"} & found.keys()


# Drivers of device classes that Debian's kernels build as modules; the others are built in.
MODULES = {
    "char-i2c": "i2c-dev",
    "char-alsa": "snd-usb-audio",
    "char-ttyUSB": "usbserial",
    "char-ttyACM": "cdc_acm",
}
BUILT_IN = {"char-input", "char-ttyS", "char-ttyAMA"}


def test_every_device_class_of_the_unit_has_its_driver_before_the_unit_starts(unit: Path) -> None:
    loaded = (SYSTEMD / "lory.modules").read_text(encoding="utf-8").split("\n")
    for group in (allowed.split()[0] for allowed in directives(unit)["DeviceAllow"]):
        assert group in BUILT_IN or MODULES[group] in loaded, group


def test_a_killed_worker_does_not_take_the_box_with_it(unit: Path) -> None:
    found = directives(unit)
    assert found["OOMPolicy"] == ["continue"]
    assert found["Restart"] == ["on-failure"]
    assert found["StartLimitIntervalSec"] == ["0"]


def test_the_service_is_told_that_it_is_the_service(unit: Path) -> None:
    environment = " ".join(directives(unit)["Environment"]).split()
    assert "LORY_SERVICE=1" in environment


def test_every_group_the_unit_names_is_made(unit: Path, tmp_path: Path) -> None:
    sysusers = need("systemd-sysusers")
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    shutil.copy(SYSTEMD / "lory.sysusers", root / "etc/lory.conf")
    result = run(sysusers, f"--root={root}", root / "etc/lory.conf")
    assert result.returncode == 0, result.stderr
    lines = (root / "etc/group").read_text(encoding="utf-8").splitlines()
    members = {line.split(":")[0]: line.split(":")[3].split(",") for line in lines}
    for group in directives(unit)["SupplementaryGroups"][0].split():
        assert "lory" in members[group]


def test_the_installer_stages_every_file_where_systemd_looks(tmp_path: Path) -> None:
    result = run(SYSTEMD / "install.sh", DESTDIR=str(tmp_path))
    assert result.returncode == 0, result.stderr
    staged = {str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*") if f.is_file()}
    assert staged == {
        "etc/systemd/system/lory.service",
        "etc/systemd/system/lory-helper.service",
        "etc/systemd/system/lory-helper.socket",
        "etc/sysusers.d/lory.conf",
        "etc/tmpfiles.d/lory.conf",
        "etc/modules-load.d/lory.conf",
        "etc/udev/rules.d/60-lory-i2c.rules",
        "opt/lory/doc/README.md",
        "opt/lory/doc/README.zh.md",
        "opt/lory/doc/LICENSE",
        "opt/lory/doc/NOTICE.md",
    }


@pytest.mark.parametrize("script", [SYSTEMD / "install.sh", OPENWRT / "build-rootfs.sh"])
def test_a_wrong_option_prints_the_usage_and_exits_2(script: Path) -> None:
    result = run(script, "--no-such-option")
    assert result.returncode == 2
    assert "usage:" in result.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_shell_can_read_the_script(script: Path) -> None:
    result = run(need("sh"), "-n", script)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    exemptions = OPENWRT_EXEMPTIONS if "files" in script.parts else "SC0000"
    result = run(need("shellcheck"), "-s", "sh", "-e", exemptions, script)
    assert result.returncode == 0, result.stdout


def test_the_router_and_its_tree_agree_on_the_users_number() -> None:
    numbers = {
        "Makefile": r"USERID:=lory=(\d+):lory=(\d+)",
        "files/lory.init": r"LORY_GID=(\d+)",
        "files/lory.hotplug": r"chgrp (\d+)",
        "../build-rootfs.sh": r"useradd -u (\d+) -g (\d+)",
    }
    found = set()
    for name, pattern in numbers.items():
        match = re.search(pattern, (OPENWRT / "lory" / name).read_text(encoding="utf-8"))
        assert match, name
        found.update(match.groups())
    assert len(found) == 1


# What procd's shell library offers, as far as the init script uses it, printing what it is told.
PROCD = r"""
. "{init}"
config_load() {{ :; }}
config_get_bool() {{ eval "$1=\${{FAKE_$3-$4}}"; }}
config_get() {{ eval "$1=\${{FAKE_$3-$4}}"; }}
logger() {{ echo "log: $*"; }}
uci() {{ cat "{config}"; }}
chroot() {{ shift 2; PYTHONPATH="{project}" "{python}" "$2" "$3"; }}
chown() {{ :; }}
chgrp() {{ :; }}
procd_open_instance() {{ :; }}
procd_close_instance() {{ :; }}
for verb in procd_set_param procd_add_jail procd_add_jail_mount procd_add_jail_mount_rw; do
    eval "$verb() {{ echo \"$verb \$*\"; }}"
done
RUN="{root}/run"
DEV="{root}/dev"
TZ_FILE="{root}/TZ"
start_service
"""


@pytest.fixture
def router(tmp_path: Path) -> Path:
    """A directory that holds what the init script meets on a router."""
    program = tmp_path / "rootfs/opt/lory/venv/bin/lory"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    shutil.copy(OPENWRT / "lory/files/lory.config", tmp_path / "lory.config")
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/i2c-1").touch()
    return tmp_path


def start_service(router: Path, **options: str) -> subprocess.CompletedProcess[str]:
    script = PROCD.format(
        init=OPENWRT / "lory/files/lory.init",
        config=router / "lory.config",
        project=PROJECT,
        python=shutil.which("python3"),
        root=router,
    )
    environment = {
        "FAKE_rootfs": str(router / "rootfs"),
        "FAKE_state": str(router / "state"),
        **{f"FAKE_{name}": value for name, value in options.items()},
    }
    return run(need("sh"), "-c", script, **environment)


@pytest.mark.parametrize("zone", ["CST-8", "<+0530>-5:30", "CET-1CEST,M3.5.0,M10.5.0/3"])
def test_the_box_in_the_jail_is_told_the_router_s_zone(router: Path, zone: str) -> None:
    (router / "TZ").write_text(zone + "\n", encoding="ascii")
    env = [line for line in start_service(router).stdout.splitlines() if " env " in line]
    assert env and env[0].endswith(f" TZ={zone}")


def test_without_a_zone_the_jail_has_none(router: Path) -> None:
    env = [line for line in start_service(router).stdout.splitlines() if " env " in line]
    assert env and "TZ=" not in env[0]


HOTPLUG = r"""
uci() {{ eval "echo \"\${{FAKE_$(echo "$3" | tr . _)-}}\"" | grep .; }}
chgrp() {{ echo "group $2"; }}
chmod() {{ :; }}
service() {{ echo "service $1"; }}
{script}
"""


def plug(name: str, action: str = "add", **options: str) -> list[str]:
    """What the hotplug script does when a device comes; `options` are the UCI settings."""
    script = (OPENWRT / "lory/files/lory.hotplug").read_text(encoding="utf-8")
    body = HOTPLUG.format(script=script.replace("/etc/init.d/lory", "service"))
    fakes = {f"FAKE_lory_{key}": value for key, value in options.items()}
    done = run(need("sh"), "-c", body, ACTION=action, DEVNAME=name, **fakes)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("input/event3", {"keypad_device": "/dev/input/event3"}),
        ("ttyUSB0", {"keypad_device": "/dev/ttyUSB0"}),
        ("ttyACM0", {"keypad_device": "/dev/ttyACM0"}),
        ("ttyUSB1", {"console_device": "/dev/ttyUSB1"}),
        ("i2c-1", {}),
        ("i2c-11", {"display_bus": "11"}),
        ("i2c-5", {"keypad_bus": "5"}),
    ],
)
def test_a_part_of_the_box_that_comes_late_is_given_to_it_and_told(
    name: str, options: dict[str, str]
) -> None:
    given = [f"group /dev/{name}", "service enabled", "service reload"]
    assert plug(name, **options) == given
    assert plug(name, "remove", **options) == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("input/event4", {"keypad_device": "/dev/input/event3"}),
        ("input/event30", {"keypad_device": "/dev/input/event3"}),
        ("input/event3", {}),
        ("input/mouse0", {"keypad_device": "/dev/input/event3"}),
        ("ttyUSB1", {"keypad_device": "/dev/ttyUSB0"}),
        ("i2c-7", {}),
        ("i2c-11", {"display_bus": "1"}),
        ("sda1", {"keypad_device": "/dev/input/event3"}),
    ],
)
def test_what_is_no_part_of_the_box_is_left_alone(name: str, options: dict[str, str]) -> None:
    assert plug(name, **options) == []


def test_a_sound_card_is_given_to_the_box_whose_jail_has_the_folder() -> None:
    assert plug("snd/pcmC1D0c") == ["group /dev/snd/pcmC1D0c"]


def test_the_router_starts_the_box_in_a_jail_without_network(router: Path) -> None:
    result = start_service(router)
    lines = result.stdout.splitlines()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "procd_set_param command /opt/lory/venv/bin/lory run" in lines
    assert f"procd_set_param extroot {router}/rootfs" in lines
    assert "procd_set_param user lory" in lines
    jail = next(line for line in lines if line.startswith("procd_add_jail "))
    assert {"netns", "requirejail", "ronly"} <= set(jail.split())
    assert f"procd_add_jail_mount_rw {router}/dev/i2c-1" in lines
    assert f"procd_add_jail_mount_rw {router}/dev/snd" in lines
    assert f"procd_set_param command /usr/libexec/lory-power {router}/run/run/power" in lines
    assert (router / "run/run/power").is_fifo()
    assert "display" in (router / "run/etc/lory.toml").read_text(encoding="utf-8")


def act_on_wish(command: list[str], wish: Path, tmp_path: Path) -> str:
    """Run a supervisor's end of the wish with the verbs that switch boards off recorded."""
    verbs = tmp_path / "verbs"
    verbs.mkdir()
    for verb in ("poweroff", "reboot", "systemctl"):
        # The first verb ends the watcher: a board that is off waits for nothing more.
        script = f'#!/bin/sh\necho "{verb} $*" >>"{tmp_path}/done"\nrm -f "{wish}"\n'
        (verbs / verb).write_text(script, encoding="utf-8")
        (verbs / verb).chmod(0o755)
    result = run(*command, PATH=f"{verbs}:{os.environ['PATH']}")
    assert result.returncode == 0, result.stderr
    done = tmp_path / "done"
    return done.read_text(encoding="utf-8").strip() if done.exists() else ""


@pytest.mark.parametrize(
    ("wish", "verb"),
    [
        (Wish.OFF, "systemctl --no-block poweroff"),
        (Wish.RESTART, "systemctl --no-block reboot"),
        (Wish.NONE, ""),
    ],
)
def test_systemd_switches_the_board_off_when_the_box_wished_it(
    unit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: Wish, verb: str
) -> None:
    monkeypatch.setenv("LORY_SERVICE", "1")
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    power.leave(wish)
    (line,) = directives(unit)["ExecStopPost"]
    shell, _, quoted = line.removeprefix("+").partition(" -c ")
    script = quoted.strip("'")
    script = script.replace("$$", "$").replace("/run/lory/power", str(tmp_path / "power"))
    assert act_on_wish([shell, "-c", script], tmp_path / "power", tmp_path) == verb


@pytest.mark.parametrize(("wish", "verb"), [(Wish.OFF, "poweroff"), (Wish.RESTART, "reboot")])
def test_the_router_is_switched_off_when_the_box_wished_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: Wish, verb: str
) -> None:
    monkeypatch.setenv("LORY_SERVICE", "1")
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    fifo = tmp_path / "power"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    power.leave(wish)
    word = os.read(reader, 100)
    os.close(reader)
    feed = ["sh", "-c", f"printf '%s' '{word.decode()}' >'{fifo}' & exec sh '{POWER}' '{fifo}'"]
    assert act_on_wish(feed, fifo, tmp_path) == verb


def test_without_a_watcher_the_box_ends_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORY_SERVICE", "1")
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    os.mkfifo(tmp_path / "power")
    power.leave(Wish.OFF)


def test_for_a_user_at_a_terminal_the_box_just_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LORY_SERVICE", raising=False)
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    power.leave(Wish.OFF)
    assert list(tmp_path.iterdir()) == []


def test_a_disabled_service_starts_nothing(router: Path) -> None:
    assert "procd" not in start_service(router, enabled="0").stdout


def test_a_router_without_the_tree_says_so_and_starts_nothing(router: Path) -> None:
    shutil.rmtree(router / "rootfs")
    result = start_service(router)
    assert result.returncode == 1
    assert "no Lory tree" in result.stdout
    assert "procd" not in result.stdout


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("config ui 'ui'\n\tlist contrast '0'\n", 'contrast = ["0"]'),
        ("config ui 'ui'\n\toption contrast '0\n", "a quote is not closed"),
        ("option contrast '0'\n", "cannot read: option contrast 0"),
    ],
    ids=["list", "open quote", "no section"],
)
def test_a_configuration_with_a_mistake_starts_the_box_which_tells_it(
    router: Path, config: str, told: str
) -> None:
    (router / "lory.config").write_text(config)
    result = start_service(router)
    assert result.returncode == 0, result.stdout
    assert told in (router / "run/etc/lory.toml").read_text(encoding="utf-8")
    assert "procd_set_param command /opt/lory/venv/bin/lory run" in result.stdout


def test_a_wrong_value_does_not_keep_the_box_from_starting(router: Path) -> None:
    (router / "lory.config").write_text("config ui 'ui'\n\toption contrast '0'\n")
    assert start_service(router).returncode == 0
    assert "contrast = 0" in (router / "run/etc/lory.toml").read_text(encoding="utf-8")


def test_json_of_the_security_review_names_no_open_network(unit: Path) -> None:
    analyze = need("systemd-analyze")
    result = run(analyze, "security", "--offline=true", "--json=short", unit)
    if result.returncode != 0:
        pytest.skip("this systemd has no offline review in JSON")
    review = {entry["name"]: entry["set"] for entry in json.loads(result.stdout)}
    assert review["PrivateNetwork="]
    assert review["RestrictAddressFamilies=~AF_(INET|INET6)"]
