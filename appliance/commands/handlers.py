"""What each command of the line does: its module is imported when it runs, and not before."""

from __future__ import annotations

import argparse


def run(arguments: argparse.Namespace) -> int:
    from appliance.box import run_box

    return run_box(arguments.config)


def panel(arguments: argparse.Namespace) -> int:
    from appliance.commands.virtual_box import run_panel_box

    return run_panel_box(arguments.config, arguments.out, arguments.provision, arguments.window)


def demo(arguments: argparse.Namespace) -> int:
    from appliance.commands.demo import run_demo

    return run_demo(arguments.config, arguments.out, arguments.provision)


def skill_try(arguments: argparse.Namespace) -> int:
    from appliance.commands.skill_cli import try_

    return try_(arguments)


def ask(arguments: argparse.Namespace) -> int:
    from appliance.commands.headless import ask

    return ask(arguments.config, arguments.text)


def hear(arguments: argparse.Namespace) -> int:
    from appliance.commands.headless import hear

    return hear(arguments.config, arguments.file)


def say(arguments: argparse.Namespace) -> int:
    from appliance.commands.headless import say

    return say(arguments.config, arguments.text, arguments.output, arguments.voice)


def shot(arguments: argparse.Namespace) -> int:
    from appliance.commands.shots import shot

    return shot(arguments)


def record(arguments: argparse.Namespace) -> int:
    from appliance.commands.shots import record

    return record(arguments)


def setup(arguments: argparse.Namespace) -> int:
    from appliance.commands.setup_box import setup

    return setup(arguments)


def models_list(arguments: argparse.Namespace) -> int:
    from appliance.commands.models_cli import list_models

    return list_models(arguments)


def models_fetch(arguments: argparse.Namespace) -> int:
    from appliance.commands.models_cli import fetch

    return fetch(arguments)


def models_verify(arguments: argparse.Namespace) -> int:
    from appliance.commands.models_cli import verify

    return verify(arguments)


def models_import(arguments: argparse.Namespace) -> int:
    from appliance.commands.models_cli import import_

    return import_(arguments)


def models_tune(arguments: argparse.Namespace) -> int:
    from appliance.commands.models_cli import tune

    return tune(arguments)


def words_export(arguments: argparse.Namespace) -> int:
    from appliance.commands.words_cli import export

    return export(arguments)


def words_import(arguments: argparse.Namespace) -> int:
    from appliance.commands.words_cli import import_

    return import_(arguments)


def words_forget(arguments: argparse.Namespace) -> int:
    from appliance.commands.words_cli import forget

    return forget(arguments)


def doctor(arguments: argparse.Namespace) -> int:
    from appliance.commands.doctor import doctor

    return doctor(arguments)


def bench_llm(arguments: argparse.Namespace) -> int:
    from appliance.commands.bench_llm import bench

    return bench(arguments)
