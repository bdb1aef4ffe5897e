"""Installing and fetching behind a running panel, or before a demo, and telling how it goes."""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path

from appliance.app import Appliance
from appliance.errors import CommandError
from appliance.provision import Overview, Progress, describe, plan, provision
from appliance.supervision.team import NAMES
from appliance.workers.supervisor import Status
from appliance.world import World

RETRY_SECONDS = 60.0


async def keep_provisioning(app: Appliance) -> None:
    """Install what is missing, with its progress on the glass; again after a failure.

    Workers that could not start are tried again whenever something new is there.
    """
    while (todo := plan()).steps:
        overview = Overview(todo)

        def tell(progress: Progress, overview: Overview = overview) -> None:
            overview.feed(progress)
            app.provisioning.text = overview.line(app.conductor.language.value)
            app.provisioning.fraction = overview.fraction
            if progress.state == "done":
                _wake_workers(app)
            app.changed()

        done = await provision(todo, tell)
        app.provisioning.text = ""
        _wake_workers(app)
        app.changed()
        if done:
            return
        failures = overview.failures
        if failures:
            language = app.conductor.language.value
            app.show_text(failures[0].text.of(language), failures[0].remedy.of(language))
        await asyncio.sleep(RETRY_SECONDS)


def _wake_workers(app: Appliance) -> None:
    importlib.invalidate_caches()
    for name in NAMES:
        if app.team.status(name) in (Status.REFUSED, Status.WAITING):
            app.team.members[name].retry()


def provision_first(config: Path | None) -> None:
    """Install what is missing before anything else, telling it line by line.

    Raises:
        CommandError: something could not be installed; says what to do.
    """
    todo = plan()
    if not todo.steps:
        return
    with World.open(config) as world:
        language = world.settings.text("ui.language")
    print(describe(todo, language), flush=True)
    overview = Overview(todo)
    printer = _Printer(language)

    def tell(progress: Progress) -> None:
        overview.feed(progress)
        printer.tell(progress)

    done = asyncio.run(provision(todo, tell))
    importlib.invalidate_caches()
    if not done:
        failure = overview.failures[0]
        raise CommandError(f"{failure.text.of(language)}; {failure.remedy.of(language)}")


class _Printer:
    """One line whenever a step moved by a tenth, so that a log stays short."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._last: dict[str, tuple[str, int]] = {}

    def tell(self, progress: Progress) -> None:
        now = (progress.state, int(progress.fraction * 10))
        if self._last.get(progress.step) != now:
            self._last[progress.step] = now
            text = progress.text.of(self._language)
            print(f"  {progress.fraction:4.0%}  {text}", file=sys.stderr, flush=True)
