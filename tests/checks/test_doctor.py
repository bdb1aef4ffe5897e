"""What the doctor says of a box, and of what is wrong with it."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance import paths
from appliance.checks.finding import Level, fail, join, ok, warn
from appliance.checks.input_data import check_input_data
from appliance.checks.program import PACKAGES, check_program
from appliance.checks.sound import SoundDevices, check_sound, probe_sound
from appliance.checks.stored_models import check_models
from appliance.commands import doctor
from appliance.commands.doctor import Surroundings, run
from appliance.commands.parsers import build_parser
from appliance.configuration.config import read_leniently
from appliance.configuration.settings import Settings
from appliance.models.catalogue import LlmModel
from appliance.models.catalogue_file import read_catalogue
from appliance.models.store import FileRecord, Store
from drivers.bus import BusPermissionError, I2CBus
from drivers.detect import detect
from drivers.linux_i2c import Adapter
from drivers.virtual.bus import VirtualBus
from drivers.virtual.pcf8574 import VirtualPcf8574
from drivers.virtual.sh1106 import VirtualSh1106
from drivers.virtual.ssd1306 import VirtualSsd1306
from tests.fake_machine import HEADSET, NOW, Tree, look, of, settings, worst
from tests.waiting import PATIENCE

Make = Callable[..., Surroundings]

# ---------------------------------------------------------------- buses and parts


def test_the_reference_hardware_is_found_and_is_fine(outside: Make) -> None:
    report = run(settings(), outside())
    for area in ("bus", "display", "keypad", "sound", "machine", "temperature", "clock"):
        assert worst(report, area) is Level.OK, report.text("en")


def test_a_pcf8574_at_the_keypads_address_is_told_apart(outside: Make, bus: VirtualBus) -> None:
    bus.attach(0x27, VirtualPcf8574())
    (finding,) = of(run(settings(), outside()), "keypad")
    assert finding.level is Level.FAIL
    assert "PCF8574" in finding.en
    assert 'keypad.kind = "pcf8574"' in finding.todo_en


def test_a_pcf8574_that_the_settings_ask_for_is_fine(outside: Make, bus: VirtualBus) -> None:
    bus.attach(0x27, VirtualPcf8574())
    assert worst(run(settings(keypad_kind="pcf8574"), outside()), "keypad") is Level.OK


def test_the_reference_pad_in_place_of_a_pcf8574_is_a_failure(outside: Make) -> None:
    assert worst(run(settings(keypad_kind="pcf8574"), outside()), "keypad") is Level.FAIL


@pytest.mark.parametrize(("address", "area"), [(0x3C, "display"), (0x27, "keypad")])
def test_a_missing_part_is_a_failure_on_a_box_and_a_warning_on_a_pc(
    outside: Make, bus: VirtualBus, address: int, area: str
) -> None:
    bus.detach(address)
    assert worst(run(settings(), outside()), area) is Level.FAIL
    assert worst(run(settings(), outside(is_box=False)), area) is Level.WARN


def test_a_part_on_another_bus_is_pointed_at(outside: Make, bus: VirtualBus) -> None:
    buses = {"/dev/i2c-1": VirtualBus(), "/dev/i2c-7": bus}
    report = run(settings(), outside(detect=lambda: look(buses)))
    (finding,) = of(report, "display")
    assert "i2c-7 0x3C" in finding.en
    assert finding.todo_en == "run lory setup"


def test_an_sh1106_that_is_set_as_an_ssd1306_would_be_shifted(
    outside: Make, bus: VirtualBus
) -> None:
    bus.attach(0x3C, VirtualSh1106())
    (finding,) = of(run(settings(display_chip="ssd1306"), outside()), "display")
    assert finding.level is Level.WARN
    assert "sh1106" in finding.todo_en


def test_an_oled_at_the_other_address_is_pointed_at(outside: Make, bus: VirtualBus) -> None:
    bus.detach(0x3C)
    bus.attach(0x3D, VirtualSsd1306())
    (finding,) = of(run(settings(), outside()), "display")
    assert "0x3D" in finding.en


def test_no_bus_at_all_fails_a_box_and_leaves_the_panel_to_a_pc(outside: Make) -> None:
    report = run(settings(), outside(detect=list))
    assert worst(report, "bus") is Level.FAIL
    on_a_pc = run(settings(), outside(detect=list, is_box=False))
    assert worst(on_a_pc, "bus") is Level.WARN
    assert "lory panel" in of(on_a_pc, "bus")[0].en


def test_a_bus_without_permission_says_which_group(outside: Make) -> None:
    def refuse(path: str) -> I2CBus:
        raise BusPermissionError(13, f"cannot open {path}")

    def look_in_vain() -> object:
        return detect([Adapter("/dev/i2c-1", "test-i2c")], refuse)

    (finding,) = of(run(settings(), outside(detect=look_in_vain)), "bus")
    assert finding.level is Level.WARN
    assert "group" in finding.todo_en or "usermod" in finding.todo_en


def test_a_stuck_bus_is_named(outside: Make, bus: VirtualBus) -> None:
    bus.stuck = True
    (finding,) = of(run(settings(), outside()), "bus")
    assert "stuck" in finding.en


def test_a_usb_pad_is_looked_for_where_the_settings_say(outside: Make, tree: Tree) -> None:
    usb = settings(keypad_kind="evdev", keypad_device="/dev/input/event3")
    assert worst(run(usb, outside()), "keypad") is Level.FAIL
    tree.write("dev/input/event3", "")
    assert worst(run(usb, outside()), "keypad") is Level.OK


def test_a_serial_pad_without_a_device_is_a_mistake_in_the_settings(outside: Make) -> None:
    (finding,) = of(run(settings(keypad_kind="serial"), outside()), "keypad")
    assert finding.level is Level.FAIL
    assert "keypad.device" in finding.todo_en


# ---------------------------------------------------------------- machine


def test_a_hot_box_is_warned_about(outside: Make, tree: Tree) -> None:
    tree.write("sys/class/thermal/thermal_zone0/temp", 82_000)
    assert worst(run(settings(), outside()), "temperature") is Level.WARN


@pytest.mark.parametrize(
    ("total_kb", "available_kb", "level"),
    [
        (8_000_000, 7_000_000, Level.OK),
        (8_000_000, 1_000_000, Level.WARN),
        (2_000_000, 900_000, Level.WARN),
        (700_000, 600_000, Level.FAIL),
    ],
)
def test_memory_is_held_against_what_the_models_need(
    outside: Make, tree: Tree, total_kb: int, available_kb: int, level: Level
) -> None:
    tree.write("proc/meminfo", f"MemTotal: {total_kb} kB\nMemAvailable: {available_kb} kB")
    assert worst(run(settings(), outside()), "memory") is level


def test_a_clock_before_the_project_began_was_never_set(outside: Make) -> None:
    (finding,) = of(run(settings(), outside(now=lambda: 0.0)), "clock")
    assert finding.en == "the clock is not set"


def test_a_box_without_a_clock_chip_loses_the_time(outside: Make, tree: Tree) -> None:
    (tree.root / "sys/class/rtc/rtc0/name").unlink()
    (tree.root / "sys/class/rtc/rtc0").rmdir()
    assert worst(run(settings(), outside()), "clock") is Level.WARN


def test_a_saving_ddr_governor_explains_slow_answers(outside: Make, tree: Tree) -> None:
    tree.write("sys/class/devfreq/dmc/cur_freq", 528_000_000)
    tree.write("sys/class/devfreq/dmc/max_freq", 2_112_000_000)
    tree.write("sys/class/devfreq/dmc/governor", "dmc_ondemand")
    findings = of(run(settings(), outside()), "machine")
    assert "ddr 528 / 2112 MHz" in findings[-1].en


def test_an_empty_battery_is_warned_about(outside: Make, tree: Tree) -> None:
    place = "sys/class/power_supply/BAT0"
    tree.write(f"{place}/type", "Battery")
    tree.write(f"{place}/capacity", 9)
    tree.write(f"{place}/status", "Discharging")
    assert worst(run(settings(), outside()), "battery") is Level.WARN


def test_a_directory_that_cannot_be_written_is_a_failure(outside: Make) -> None:
    # Even root may not write to /proc/self, whatever its mode says of it.
    report = run(settings(), outside(writable=(Path("/proc/self/nowhere"),)))
    assert worst(report, "storage") is Level.FAIL


# ---------------------------------------------------------------- program, sound, models


def test_a_missing_engine_is_a_warning_and_a_missing_bus_library_a_failure() -> None:
    def without(*modules: str) -> Callable[[str], object | None]:
        return lambda name: None if name in modules else object()

    (engine,) = check_program(without("llama_cpp"))
    (bus,) = check_program(without("smbus2"))
    assert engine.level is Level.WARN
    assert bus.level is Level.FAIL
    assert [f.level for f in check_program(without(*(p.module for p in PACKAGES)))].count(
        Level.FAIL
    ) == sum(p.essential for p in PACKAGES)


def test_every_dependency_of_the_project_is_looked_for() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[^\w-]", line)[0] for line in project["dependencies"]}
    assert needed == {package.distribution for package in PACKAGES}


def test_an_old_python_is_a_failure() -> None:
    (finding,) = check_program(lambda name: object(), (3, 10, 4))
    assert finding.level is Level.FAIL


def test_broken_input_data_is_a_failure_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "t9.bin").write_bytes(b"no data")
    (finding,) = check_input_data(pinyin=tmp_path / "t9.bin")
    assert finding.level is Level.FAIL
    assert "t9.bin" in finding.en and "t9.bin" in finding.zh
    (finding,) = check_input_data()
    assert finding.level is Level.OK


def test_a_box_without_sound_still_types_and_writes_files(outside: Make) -> None:
    report = run(settings(), outside(sound=lambda: SoundDevices()))
    microphone, speaker = of(report, "sound")
    assert microphone.level is speaker.level is Level.WARN
    assert "typed" in microphone.en
    assert "WAV" in speaker.en


def test_a_card_the_kernel_has_and_portaudio_has_not_is_a_matter_of_permission(
    tree: Tree,
) -> None:
    tree.write("proc/asound/cards", " 0 [Headset        ]: USB-Audio - USB Headset")
    findings = list(check_sound(tree.root, "", "", SoundDevices))
    assert "group audio" in findings[0].todo_en


def test_a_named_microphone_that_is_gone_is_told_with_what_is_used_instead(tree: Tree) -> None:
    microphone, speaker = check_sound(tree.root, "ReSpeaker", "headset", lambda: HEADSET)
    assert microphone.level is Level.WARN
    assert "USB Headset" in microphone.en
    assert speaker.level is Level.OK


def test_a_probe_that_crashes_hangs_or_is_missing_is_an_answer_too() -> None:
    crash = (sys.executable, "-c", "import os; os.abort()")
    hang = (sys.executable, "-c", "import time; time.sleep(60)")
    assert "status" in probe_sound(crash).error
    assert "no answer" in probe_sound(hang, seconds=0.2).error
    assert probe_sound(("/nowhere/python",)).error


def test_the_real_probe_answers_in_its_own_words() -> None:
    found = probe_sound()
    assert isinstance(found.inputs, tuple)
    assert "status" not in found.error


def install(root: Path, name: str) -> Path:
    """Publish a model of one byte a file under the catalogue's name."""
    model = read_catalogue().model(name)
    store = Store(root)
    built = store.partial(model) / "built"
    records = []
    for file in model.files:
        place = built / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x")
        records.append(FileRecord(file.path, 1, file.sha256 or "0" * 64))
    store.publish(model, built, tuple(records))
    return store.path(model)


def test_without_a_language_model_the_box_cannot_answer(outside: Make) -> None:
    report = run(settings(), outside())
    llm, *others = of(report, "models")
    assert llm.level is Level.FAIL
    assert llm.todo_en.startswith("lory models fetch ")
    assert {finding.level for finding in others} == {Level.WARN}


def test_an_installed_model_is_told_with_its_memory(outside: Make, tmp_path: Path) -> None:
    install(tmp_path / "models", "silero-vad")
    vad = of(run(settings(), outside()), "models")[-1]
    assert vad.level is Level.OK
    assert "MB of memory" in vad.en


def test_a_model_whose_memory_cannot_be_taken_back_is_told(tmp_path: Path) -> None:
    model = read_catalogue(tmp_path).of_set("default", LlmModel)
    assert model is not None
    store = Store(tmp_path / "models")
    install(tmp_path / "models", model.name)
    hybrid = replace(model, facts=replace(model.facts, cache="snapshot"))
    plain, told = (next(check_models([one], store, by_hash=False)) for one in (model, hybrid))
    assert "snapshots" in told.en and "快照" in told.zh and told.level is Level.OK
    assert "snapshots" not in plain.en


def test_a_truncated_model_is_a_failure(outside: Make, tmp_path: Path) -> None:
    place = install(tmp_path / "models", "silero-vad")
    (place / "silero_vad.onnx").write_bytes(b"")
    (finding,) = (f for f in of(run(settings(models_vad="silero-vad"), outside()), "models")
                  if "Silero" in f.en)  # fmt: skip
    assert finding.level is Level.FAIL


def test_a_flipped_byte_is_found_only_by_hash(outside: Make, tmp_path: Path) -> None:
    install(tmp_path / "models", "silero-vad")
    assert of(run(settings(), outside()), "models")[-1].level is Level.OK
    assert of(run(settings(), outside(), by_hash=True), "models")[-1].level is Level.FAIL


@pytest.mark.parametrize("name", ["no-such-model", "silero-vad"])
def test_a_model_the_settings_should_not_name_is_a_failure(outside: Make, name: str) -> None:
    report = run(settings(models_llm=name), outside())
    (finding,) = of(report, "models")
    assert finding.level is Level.FAIL
    assert name in finding.en


# ---------------------------------------------------------------- report and command


def test_warnings_alone_are_not_a_failure() -> None:
    warned = join([ok("clock", "好", "fine"), warn("clock", "注意", "mind", "做", "do")])
    failed = join([fail("clock", "坏", "broken", "修", "repair")])
    assert (warned.exit_status, failed.exit_status) == (0, 1)


def test_the_text_lines_up_in_both_languages() -> None:
    report = join(
        [
            ok("bus", "甲", "one"),
            fail("display", "乙", "two", "接线", "wire it"),
        ]
    )
    assert report.text("zh").splitlines() == [
        "✓ I2C     甲",
        "✗ 显示屏  乙",
        "          → 接线",
        "",
        "1 项故障，0 项注意",
    ]
    assert report.text("en").splitlines() == [
        "✓ I2C      one",
        "✗ display  two",
        "           → wire it",
        "",
        "1 failure, 0 warnings",
    ]


def test_every_finding_speaks_both_languages_and_every_trouble_says_what_to_do(
    outside: Make, tree: Tree, bus: VirtualBus
) -> None:
    bus.detach(0x3C)
    bus.attach(0x27, VirtualPcf8574())
    tree.write("sys/class/thermal/thermal_zone0/temp", 99_000)
    report = run(settings(), outside(sound=SoundDevices, now=lambda: 0.0))
    for finding in report.findings:
        assert finding.zh and finding.en
        if finding.level is not Level.OK:
            assert finding.todo_zh and finding.todo_en, finding


def command(*words: str) -> argparse.Namespace:
    return build_parser().parse_args([*words])


@pytest.fixture
def here(outside: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "surroundings", lambda config: outside())


@pytest.mark.usefixtures("here")
def test_the_command_prints_json_and_its_status_tells(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "lory.toml"
    config.touch()
    args = command("doctor", "--json", "--config", str(config))
    assert args.handler(args) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["ok"] is False
    assert {"area", "level", "zh", "en", "todo_zh", "todo_en"} == data["findings"][0].keys()


@pytest.mark.usefixtures("here")
def test_the_text_is_in_the_language_of_the_box(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "lory.toml"
    config.write_text('[ui]\nlanguage = "en"\n', encoding="utf-8")
    args = command("--config", str(config), "doctor")
    args.handler(args)
    assert "✓ display" in capsys.readouterr().out


def test_a_configuration_named_by_hand_must_exist(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    args = command("doctor", "--config", str(tmp_path / "none.toml"))
    assert args.handler(args) == 1
    assert "none.toml: no such file" in capsys.readouterr().err


def test_mistakes_in_files_are_told_with_their_places_and_the_rest_is_looked_at(
    tmp_path: Path, outside: Callable[..., Surroundings]
) -> None:
    config = tmp_path / "lory.toml"
    config.write_text("[ui]\ncolour = 1\nhints = “no”\n", encoding="utf-8")
    (tmp_path / "models.d").mkdir()
    (tmp_path / "models.d" / "x.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "p.toml").write_text("[", encoding="utf-8")
    values, complaints = read_leniently(None, config)
    report = doctor.run(Settings(values), outside(), complaints=complaints)
    told = [finding.en for finding in of(report, "files")]
    for place in ("lory.toml:2", "lory.toml:3: “", "x.toml: it is written in UTF-16", "p.toml"):
        assert any(place in line for line in told), (place, told)
    assert of(report, "models") and of(report, "sound")


def test_the_boxs_own_configuration_makes_it_look_where_the_service_lives() -> None:
    seen = doctor.surroundings(paths.BOX_CONFIG, {"HOME": "/home/somebody"})
    assert seen.is_box
    assert seen.models == Path("/var/lib/lory/models")
    assert seen.models_d == Path("/etc/lory/models.d")


def test_no_engine_is_imported() -> None:
    code = (
        "import sys, appliance.commands.doctor\n"
        "print(sorted({'llama_cpp', 'sherpa_onnx', 'numpy', 'sounddevice'} & sys.modules.keys()))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert result.stdout.strip() == "[]"


def test_now_is_after_the_project_began() -> None:
    from appliance.checks.box import PROJECT_BEGAN

    assert PROJECT_BEGAN < NOW
