"""Installing and fetching behind a running panel, or before a demo, and telling how it goes."""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from appliance.app import Appliance
from appliance.errors import CommandError
from appliance.models.errors import ModelError
from appliance.provision import (
    Overview,
    Plan,
    Progress,
    StepName,
    better,
    describe,
    plan,
    provision,
)
from appliance.provision.failure import BY_HAND, BY_ITSELF
from appliance.provision.halfway import clear_halves
from appliance.provision.lock import Lock, environment_lock
from appliance.provision.requirements import name_of
from appliance.supervision.arrivals import Arrivals, model_of
from appliance.supervision.team import NAMES
from appliance.workers.supervisor import Status
from appliance.world import World
from ui.strings import Text

RETRY_SECONDS = 60.0
_LOOK_SECONDS = 2.0  # at what another process installs, and whether a worker is at leisure

_PAUSE = Text("。", ". ")
_ELSEWHERE = Text("另一个 make run 在安装", "another make run installs")

log = logging.getLogger("lory.provisioning")


class Installer:
    """Installs what is missing while the box runs, again and again until all is there.

    Made before the box starts, so that no worker is started too early. What workers wait for is
    kept in `world.arrivals`.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._arrivals: Arrivals = world.arrivals
        self._lock: Lock = environment_lock()
        self._told: set[Text] = set()
        self._plan = self._look()

    async def run(self, app: Appliance) -> None:
        """Until all is there. Nothing that it started is left when it is cancelled."""
        try:
            began = bool(self._plan.steps)
            while self._plan.steps:
                if self._may_install():
                    await self._install(app)
                else:
                    await self._watch(app)
            if began:
                await self._finish(app)
            await self._improve(app)
        finally:
            self._lock.release()

    # ------------------------------------------------------------ what is missing

    def _look(self) -> Plan:
        """What is missing now, and for whom it is on its way."""
        importlib.invalidate_caches()
        found = plan()
        self._arrivals.expect(self._things(found))
        return found

    def _things(self, found: Plan) -> Iterator[str]:
        for step in found.steps:
            if step.name in ("wheels", "llm"):
                yield from (name_of(each) for each in step.what)
            elif step.name == "models":
                yield from (model_of(role) for role in map(self._role, step.models) if role)

    def _role(self, model: str) -> str:
        """Of a model in the catalogue; empty for what is not there."""
        try:
            return self._world.roster.catalogue.model(model).role
        except ModelError:
            return ""

    # ------------------------------------------------------------ installing

    def _may_install(self) -> bool:
        """Whether nobody else does; where the lock cannot be had, nothing can be written anyway."""
        try:
            return self._lock.take_now()
        except OSError as error:
            log.warning("no lock on the environment: %s", error)
            return True

    async def _install(self, app: Appliance) -> None:
        clear_halves()
        overview = Overview(self._plan)

        def tell(progress: Progress) -> None:
            overview.feed(progress)
            self._note(progress)
            app.provisioning.text = overview.line(app.conductor.language.value)
            app.provisioning.fraction = overview.fraction
            if progress.state == "done" or 1.0 in progress.pieces.values():
                self._wake(app)
            app.changed()

        done = await provision(self._plan, tell, keep_open=self._lock.descriptors)
        app.provisioning.text = ""
        failures = overview.failures
        for failure in failures:
            self._tell_failure(app, failure)
        if done:
            self._plan = Plan(())
            return
        if failures:
            app.provisioning.text = failures[0].text.of(app.conductor.language)
        app.changed()
        await asyncio.sleep(RETRY_SECONDS)
        self._plan = self._look()
        self._wake(app)

    def _note(self, progress: Progress) -> None:
        """What this means for those that wait."""
        if progress.step == "system":
            return
        things = self._things_of(progress)
        for thing, share in things.items():
            if progress.state == "failed":
                self._arrivals.halt(thing, progress.text)
            elif share >= 1.0:
                self._arrivals.came(thing)
            else:
                self._arrivals.move(thing, share)

    def _things_of(self, progress: Progress) -> dict[str, float]:
        """What the report tells about, and how far it is."""
        if progress.step == "models":
            self._arrivals.models.update(progress.pieces)
            return {
                model_of(role): share
                for name, share in progress.pieces.items()
                if (role := self._role(name))
            }
        step = self._plan.step(progress.step)
        names = [name_of(each) for each in step.what] if step is not None else []
        if progress.state == "done":
            return dict.fromkeys(names, 1.0)
        if progress.state == "failed":
            return dict(progress.pieces)
        return dict.fromkeys(names, min(progress.fraction, 0.99)) | dict(progress.pieces)

    def _tell_failure(self, app: Appliance, failure: Progress) -> None:
        """A page, once for each cause: it is tried again every minute."""
        log.warning("%s: %s", failure.step, failure.text.en)
        if failure.text in self._told:
            return
        self._told.add(failure.text)
        language = app.conductor.language
        parts = [failure.remedy] if failure.step == "system" else [failure.remedy, BY_ITSELF]
        told = _PAUSE.of(language).join(part.of(language) for part in parts)
        app.show_text(failure.text.of(language), told)

    async def _watch(self, app: Appliance) -> None:
        """Somebody else installs here: what comes is used, and it is seen when he is gone."""
        for thing in self._things(self._plan):
            self._arrivals.halt(thing, _ELSEWHERE)
        app.provisioning.text = _ELSEWHERE.of(app.conductor.language)
        app.provisioning.fraction = 0.0
        app.changed()
        await asyncio.sleep(_LOOK_SECONDS)
        before, self._plan = self._plan, self._look()
        if self._plan != before:
            self._wake(app)
        if not self._plan.steps:
            app.provisioning.text = ""
            app.changed()

    # ------------------------------------------------------------ those who waited

    def _wake(self, app: Appliance) -> None:
        """Whoever could not start tries again, with what is there now."""
        importlib.invalidate_caches()
        for name in NAMES:
            if app.team.status(name) in (Status.REFUSED, Status.WAITING, Status.AWAITED):
                app.team.members[name].retry()

    async def _finish(self, app: Appliance) -> None:
        """All is there: what began with less begins anew, when it is at leisure."""
        self._arrivals.expect(())
        self._wake(app)
        app.team.replan()
        app.conductor.teller.tell("toast.installed")
        while outdated := [each for each in app.team.members.values() if each.outdated]:
            if not app.conductor.busy:
                for member in outdated:
                    member.restart()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _improve(self, app: Appliance) -> None:
        """Take what is better than what is there, where a source of it answers now. Where none
        does, the box is complete without it and nothing is said.
        """
        found = better()
        if not found.steps or not self._may_install():
            return
        overview = Overview(found)

        def tell(progress: Progress) -> None:
            overview.feed(progress)
            if progress.bytes_done:
                app.provisioning.text = overview.line(app.conductor.language.value)
                app.provisioning.fraction = overview.fraction
                app.changed()

        await provision(found, tell, keep_open=self._lock.descriptors)
        app.provisioning.text = ""
        for failure in overview.failures:
            log.info("nothing better than what is there: %s", failure.text.en)
        app.changed()
        if better() != found:
            await self._finish(app)


def provision_first(config: Path | None) -> None:
    """Install what is missing before anything else, telling it line by line.

    Raises:
        CommandError: something could not be installed; says what to do.
    """
    if not plan().steps:
        return
    with World.open(config) as world:
        language = world.settings.text("ui.language")
    with environment_lock() as lock:
        todo = plan()  # another one may have done it meanwhile
        print(describe(todo, language), flush=True)
        clear_halves()
        overview = Overview(todo)
        printer = _Printer(language)

        def tell(progress: Progress) -> None:
            overview.feed(progress)
            printer.tell(progress)

        done = asyncio.run(provision(todo, tell, keep_open=lock.descriptors))
    importlib.invalidate_caches()
    if not done:
        failure = overview.failures[0]
        parts = (failure.text, failure.remedy, BY_HAND)
        raise CommandError("; ".join(part.of(language) for part in parts))


class _Printer:
    """One line whenever a step moved by a tenth, so that a log stays short."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._last: dict[StepName, tuple[str, int]] = {}

    def tell(self, progress: Progress) -> None:
        now = (progress.state, int(progress.fraction * 10))
        if self._last.get(progress.step) != now:
            self._last[progress.step] = now
            text = progress.text.of(self._language)
            print(f"  {progress.fraction:4.0%}  {text}", file=sys.stderr, flush=True)
