"""What every command opens: configuration, models, directories, and how workers are started."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from appliance import paths
from appliance.configuration.checking import Complaint
from appliance.configuration.config import ConfigError, read_leniently
from appliance.configuration.settings import Settings
from appliance.engines.llm import LlmOptions
from appliance.errors import CommandError
from appliance.health import machine
from appliance.messages import Fault, Sampling
from appliance.models.catalogue import Model
from appliance.models.catalogue_file import read_catalogue
from appliance.models.errors import ModelError
from appliance.models.store import Store
from appliance.personas.cast import Cast
from appliance.proving.prover import Proven
from appliance.supervision import budget
from appliance.supervision.arrivals import Arrivals, absent_modules
from appliance.supervision.compute import Compute
from appliance.supervision.engine_key import engine_key
from appliance.supervision.narrowing import Narrowing
from appliance.supervision.roster import Roster
from appliance.supervision.team import Name
from appliance.supervision.worker_options import WorkerOptions
from appliance.workers.supervisor import ARRIVING

log = logging.getLogger("lory.world")


class World:
    """Opened once per command; removes its runtime directory when closed."""

    def __init__(self, settings: Settings, roster: Roster) -> None:
        self.settings = settings
        self.roster = roster
        self.complaints: list[Complaint] = []
        self.arrivals = Arrivals()
        self.cast = Cast(paths.config_file().parent / "personas", settings, self._suiting_sampling)
        self.state = paths.state_dir()
        self.runtime = _private_directory()
        self._workers = WorkerOptions(settings, roster, self.runtime, self.state)
        self.narrowing = Narrowing(
            self.state / "engines.json", lambda name: engine_key(name, roster)
        )
        self.proven = Proven(self.state / "proofs.json")

    @classmethod
    def open(cls, config: Path | None) -> Self:
        """Read the configuration, the catalogue and the personas. What is wrong in a file is
        logged, kept in `complaints`, and left out: a setting has its default.

        Raises:
            CommandError: the named configuration is missing.
        """
        try:
            values, complaints = read_leniently(config, paths.config_file())
        except ConfigError as error:
            raise CommandError(str(error)) from error

        def leave_out(why: str) -> None:
            complaints.append(Complaint("", why, Path(why.partition(":")[0]).name))

        catalogue = read_catalogue(paths.config_dir() / "models.d", leave_out)
        for complaint in complaints:
            log.error("configuration: %s", complaint.why)
        settings = Settings(values)
        world = cls(settings, Roster(settings, catalogue, Store(paths.default_root())))
        world.complaints = complaints + world.cast.complaints()
        return world

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.runtime, ignore_errors=True)

    def compute(self) -> Compute:
        """The policy for this machine's cores, or for those the settings grant."""
        return Compute(self.settings.integer("compute.threads") or machine.big_cores())

    def one_at_a_time(self, workers: Iterable[int] = ()) -> bool:
        """Whether only one engine may be in memory at a time: as set, else by the budget.

        `workers` are the processes whose memory the engines would have again.
        """
        wish = self.settings.text("models.residency")
        if wish != "auto":
            return wish == "turns"
        try:
            llm = self.roster.llm()
        except ModelError:
            return False
        return budget.one_at_a_time(llm, budget.speech(self.roster), budget.room(workers))

    def options(self, name: Name) -> msgspec.Struct | Fault:
        """What to start a worker with; a Fault where its packages or its model are not there."""
        plain = self.plain_options(name)
        return plain if isinstance(plain, Fault) else self.narrowing.lean(name, plain)

    def leaner(self, name: Name, why: object) -> bool:
        """Run an engine that fails in a leaner way from now on; False where there is none."""
        plain = self.plain_options(name)
        return not isinstance(plain, Fault) and (
            self.narrowing.narrow(name, plain, str(why)) is not None
        )

    def engine_key(self, name: Name) -> str:
        """What an engine's behaviour depends on, the way it runs in included."""
        kept = self.narrowing.kept(name)
        return f"{engine_key(name, self.roster)}|{kept.way if kept is not None else ''}"

    def fits_twice(self, name: Name) -> bool:
        """Whether there is memory for a second process with this engine's model.

        The language model proves itself on tiny ones.
        """
        choices: dict[Name, Callable[[], Model]] = {"asr": self.roster.asr, "tts": self.roster.tts}
        if name not in choices:
            return True
        try:
            return budget.need([choices[name]()]) <= budget.room()
        except ModelError:
            return False

    def plain_options(self, name: Name) -> msgspec.Struct | Fault:
        """The same in the fastest way."""
        if (thing := self.arrivals.package_for(name)) is not None:
            return Fault(ARRIVING, thing, fatal=True)
        if absent := absent_modules(name):
            return Fault("engine-missing", f"not installed: {', '.join(absent)}", fatal=True)
        makers: dict[Name, Callable[[], msgspec.Struct]] = {
            "audio": self._workers.audio,
            "asr": self._workers.asr,
            "tts": self._workers.tts,
            "llm": self._workers.llm,
        }
        try:
            return makers[name]()
        except ModelError as error:
            thing = self.arrivals.model_for(name)
            if thing is not None and error.code == "model-missing":
                return Fault(ARRIVING, thing, fatal=True)
            code = error.code if error.code in _FAULT_CODES else "model-missing"
            return Fault(code, str(error), fatal=True)

    def _suiting_sampling(self) -> Sampling:
        """What suits the language model in use; the common choice where there is none."""
        try:
            suits = self.roster.llm().facts.sampling
        except ModelError:
            return Sampling()
        return Sampling(**msgspec.structs.asdict(suits))

    def llm(self) -> LlmOptions:
        """What the LLM worker is started with.

        Raises:
            ModelError: the model is not there.
        """
        return self._workers.llm()

    def plain_llm(self) -> tuple[LlmOptions, str]:
        """What the LLM worker would be started with untuned, and the key of its tuning.

        Raises:
            ModelError: the model is not there.
        """
        return self._workers.untuned_llm(), self._workers.tuning_key()

    def speak_into_files(self, directory: Path, fast: bool) -> None:
        """Answers go to WAV files there, whatever speaker there is; `fast`: not in real time."""
        self._workers.speak_into_files(directory, fast)

    def offer_wav_directory(self, directory: Path) -> None:
        """Where answers go as WAV files when there is no speaker."""
        self._workers.wav_directory = directory


_FAULT_CODES = ("model-missing", "model-corrupt")


def _private_directory() -> Path:
    """For sockets. A socket's path is at most 107 bytes, so a long runtime directory is no use."""
    base = paths.runtime_dir()
    if len(str(base)) > 60:
        return Path(tempfile.mkdtemp(prefix="lory-"))
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="run-", dir=base))
