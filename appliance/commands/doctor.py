"""`lory doctor`: what is there, what is missing or looks wrong, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from appliance import paths
from appliance.checks.box import (
    check_battery,
    check_clock,
    check_machine,
    check_memory,
    check_storage,
    check_temperature,
)
from appliance.checks.engines import Engine, check_engines
from appliance.checks.files import check_files
from appliance.checks.finding import Finding, Report, fail, join
from appliance.checks.input_data import check_input_data
from appliance.checks.parts import check_parts
from appliance.checks.program import check_program
from appliance.checks.sound import SoundDevices, check_sound, probe_sound
from appliance.checks.stored_models import check_models, chosen_models
from appliance.configuration.checking import Complaint
from appliance.configuration.config import ConfigError, read_leniently
from appliance.configuration.settings import Settings
from appliance.errors import CommandError
from appliance.messages import Fault
from appliance.models.catalogue_file import read_catalogue
from appliance.models.errors import ModelError
from appliance.models.store import Store
from appliance.proving.proof import SECONDS, prove
from appliance.supervision.team import Name
from appliance.supervision.ways import WAYS
from appliance.world import World
from drivers.detect import AdapterReport, detect

PATIENCE = 5.0  # who asks for it waits longer than a box that starts


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything outside that is looked at. Tests put a tree and virtual buses here.

    `is_box`: this machine was set up as a box, so a missing part is a failure.
    """

    is_box: bool
    models: Path
    writable: tuple[Path, ...]
    models_d: Path
    root: Path = Path("/")
    detect: Callable[[], Sequence[AdapterReport]] = detect
    sound: Callable[[], SoundDevices] = probe_sound
    now: Callable[[], float] = time.time
    engines: Callable[[], Mapping[Name, Engine]] = dict


def surroundings(config: Path, env: Mapping[str, str] = os.environ) -> Surroundings:
    """This machine, seen as the service where `config` is the box's, else as this user."""
    is_box = config == paths.BOX_CONFIG or paths.is_service(env)
    if is_box:
        env = {**env, "LORY_SERVICE": "1"}
    return Surroundings(
        is_box=is_box,
        models=paths.default_root(env),
        writable=tuple(dict.fromkeys((paths.state_dir(env), paths.default_root(env)))),
        models_d=paths.config_dir(env) / "models.d",
    )


def run(
    settings: Settings,
    outside: Surroundings,
    by_hash: bool = False,
    complaints: Sequence[Complaint] = (),
) -> Report:
    """Look at everything. Changes nothing; keys of the pad must be up while it asks the buses.

    `complaints` are about the file that `settings` come from.
    """
    return join(
        check_program(),
        check_files(complaints, outside.models_d, outside.models_d.with_name("personas")),
        check_input_data(),
        check_machine(outside.root),
        _models(settings, outside, by_hash),
        check_temperature(outside.root),
        check_battery(outside.root),
        check_clock(outside.root, outside.now()),
        check_engines(outside.engines()),
        check_storage(outside.writable),
        check_parts(outside.detect(), settings, outside.is_box, outside.root),
        check_sound(
            outside.root,
            settings.text("audio.microphone"),
            settings.text("audio.speaker"),
            outside.sound,
        ),
    )


def _models(settings: Settings, outside: Surroundings, by_hash: bool) -> Iterator[Finding]:
    """Models, and the memory they need."""
    store = Store(outside.models)
    try:
        models = chosen_models(read_catalogue(outside.models_d, lambda _: None), store, settings)
        yield from check_models(models, store, by_hash)
    except ModelError as error:
        yield fail(
            "models",
            f"{error.zh}：{error}",
            str(error),
            "改正那个文件或设置；看 lory models list",
            "correct that file or setting; see lory models list",
        )
        return
    yield from check_memory(
        outside.root,
        sum(model.memory.anonymous_mb for model in models),
        sum(model.memory.file_mb for model in models),
    )


def prove_engines(config: Path | None) -> dict[Name, Engine]:
    """All engines that have a model prove themselves, in the way they run in. Seconds each."""
    try:
        with World.open(config) as world:
            return asyncio.run(_prove(world))
    except (CommandError, OSError):
        return {}  # what is wrong there is told by another check


async def _prove(world: World) -> dict[Name, Engine]:
    found: dict[Name, Engine] = {}
    for name in SECONDS:
        options = world.options(name)
        if isinstance(options, Fault) or not world.fits_twice(name):
            continue
        proof = await prove(name, options, PATIENCE * SECONDS[name])
        works = await _leaner(name, options) if proof.failed else ""
        found[name] = Engine(proof, world.narrowing.kept(name), works)
    return found


async def _leaner(name: Name, options: msgspec.Struct) -> str:
    """The first leaner way in which an engine that fails is proven; empty: none."""
    for way in WAYS[name]:
        leaner = way.change(options)
        if leaner != options:
            proof = await prove(name, leaner, PATIENCE * SECONDS[name])
            if proof.outcome == "proven":
                return way.name
    return ""


def doctor(args: argparse.Namespace) -> int:
    """Run and print. The exit status is 1 if something failed."""
    named = getattr(args, "config", None)
    config = named or paths.config_file()
    try:
        values, complaints = read_leniently(named, config)
    except ConfigError as error:
        print(f"lory: {error}", file=sys.stderr)
        return 1
    settings = Settings(values)
    outside = replace(surroundings(config), engines=lambda: prove_engines(named))
    if outside.is_box:
        os.environ["LORY_SERVICE"] = "1"  # for what is opened here, and for the engines' children
    report = run(settings, outside, args.verify, complaints)
    if args.json:
        print(json.dumps(report.as_data(), ensure_ascii=False, indent=2))
    else:
        print(report.text(settings.text("ui.language")))
    return report.exit_status
