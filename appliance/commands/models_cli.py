"""`lory models list|fetch|verify|import|tune`: arguments, output, exit status."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from typing import TextIO

import msgspec

from appliance.models.catalogue import AnyModel, Catalogue
from appliance.models.catalogue_file import read_catalogue
from appliance.models.choose import choose_set, reachable_sources, this_machine
from appliance.models.errors import ModelError
from appliance.models.fetch import Progress
from appliance.models.fetch import fetch as fetch_into
from appliance.models.importing import import_models
from appliance.models.reach import Better
from appliance.models.store import Store
from appliance.paths import config_dir, default_root

_STAGES = {
    "check": "checking",
    "download": "downloading",
    "build": "converting",
    "verify": "verifying",
    "done": "installed",
}


def _open(args: argparse.Namespace) -> tuple[Store, Catalogue]:
    def left_out(why: str) -> None:
        print(f"lory: left out: {why}", file=sys.stderr)

    catalogue = read_catalogue(config_dir() / "models.d", left_out)
    return Store(args.root or default_root()), catalogue


def _fail(error: ModelError) -> int:
    print(f"lory: {error}", file=sys.stderr)
    return 1


def list_models(args: argparse.Namespace) -> int:
    """Table for people, or `--json`: {"root", "models": […], "sets": […]}."""
    try:
        store, catalogue = _open(args)
        rows = [_row(model, store, catalogue) for model in catalogue.models.values()]
    except ModelError as error:
        return _fail(error)
    if args.json:
        sets = [msgspec.to_builtins(entry) for entry in catalogue.sets.values()]
        listing = {"root": str(store.root), "models": rows, "sets": sets}
        print(json.dumps(listing, ensure_ascii=False))
        return 0
    print(f"Models in {store.root}")
    for entry in catalogue.sets.values():
        print(f"\nset {entry.name}: {_flat(entry.note)}")
        for model in catalogue.expand([entry.name]):
            _print_row(_row(model, store, catalogue))
        for old, new in entry.instead.items():
            print(f"  {'':<10} where a source of it answers, {new} instead of {old}")
    in_sets = {name for entry in catalogue.sets.values() for name in entry.models}
    others = [row for row in rows if row["name"] not in in_sets]
    if others:
        print("\nin no set:")
        for row in others:
            _print_row(row)
    return 0


def _row(model: AnyModel, store: Store, catalogue: Catalogue) -> dict[str, str | int | bool]:
    allows = catalogue.licence(model)
    return {
        "name": model.name,
        "role": model.role,
        "title": model.title,
        "engine": model.engine,
        "state": store.state(model),
        "download_mb": round(model.download_bytes / 1e6),
        "memory_file_mb": model.memory.file_mb,
        "memory_anonymous_mb": model.memory.anonymous_mb,
        "memory_measured": model.memory.measured,
        "pinned": model.pinned,
        "licence": model.licence,
        "redistribution": allows.redistribution,
        "commercial": allows.commercial,
        "licence_note": allows.note,
        "home": model.home,
        "note": _flat(model.note),
    }


def _print_row(row: dict[str, str | int | bool]) -> None:
    pinned = "" if row["pinned"] else ", hash pinned at first fetch"
    print(
        f"  {row['state']:<10} {row['role']:<4} {row['name']}  "
        f"{row['download_mb']} MB, {row['licence']}{pinned}"
    )
    allows = f"passing on: {row['redistribution']}, commercial use: {row['commercial']}"
    terms = f" ({row['licence_note']})" if row["licence_note"] else ""
    print(f"{'':18}{allows}{terms}")
    if row["note"]:
        print(f"{'':18}{row['note']}")


def _flat(text: str) -> str:
    return " ".join(text.split())


def fetch(args: argparse.Namespace) -> int:
    """Fetch sets or models; without names, the set that fits what is reachable. Of a set, better
    models are taken where a source of them answers.
    """
    show = _JsonLines() if args.progress_json else _Lines(sys.stderr)
    # Whoever provisions in the background stops us by SIGTERM; pip must not outlive us.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        store, catalogue = _open(args)
        names = args.names
        if not names:
            reachable = reachable_sources(catalogue)
            choice = choose_set(reachable, this_machine(), catalogue)
            show.say(_flat(choice.why))
            names = [choice.name]
        better = Better({} if args.as_listed else catalogue.better(names))
        new = fetch_into(names, store, catalogue, show.progress, better=better, say=show.say)
    except ModelError as error:
        return show.fail(error)
    except KeyboardInterrupt:
        show.say("stopped; the next fetch goes on from here")
        return 130
    show.finish(f"{len(new)} new in {store.root}" if new else f"all there in {store.root}")
    if any(model.role == "llm" for model in catalogue.expand(new)) and not args.progress_json:
        show.say("to make the language model as fast as this machine allows: lory models tune")
    return 0


def verify(args: argparse.Namespace) -> int:
    """Hash files; exit 1 if any is not what was installed."""
    try:
        store, catalogue = _open(args)
        models = catalogue.expand(args.names) if args.names else list(catalogue.models.values())
        if not args.names:
            models = [m for m in models if store.state(m) not in ("absent", "partial")]
        bad = sum(_verify_one(model, store) for model in models)
    except ModelError as error:
        return _fail(error)
    if not models:
        print(f"no model is installed in {store.root}")
    return 1 if bad else 0


def _verify_one(model: AnyModel, store: Store) -> int:
    line = _Lines(sys.stderr)
    total = sum(file.size or 0 for file in model.files)
    seen = 0

    def hashed(count: int) -> None:
        nonlocal seen
        seen += count
        parts = len(model.files)
        line.progress(Progress(model.name, "verify", parts, parts, seen, max(seen, total)))

    problems = store.verify(model, hashed)
    line.clear()
    for problem in problems:
        print(f"{model.name}: {problem.path}: {problem.what}")
    if not problems:
        print(f"{model.name}: good")
    return len(problems)


def import_(args: argparse.Namespace) -> int:
    """Import what a path holds."""
    show = _Lines(sys.stderr)
    try:
        store, catalogue = _open(args)
        user_dir = config_dir() / "models.d"
        names = import_models(
            args.path, store, catalogue, user_dir, args.toml, show.progress, show.say
        )
    except ModelError as error:
        return show.fail(error)
    show.finish(f"imported {', '.join(names)} into {store.root}")
    return 0


def tune(args: argparse.Namespace) -> int:
    """Measure, keep the result for the next start, print it."""
    from appliance.commands.tune import tune_model  # the engine is loaded for this command only

    return tune_model(args.config, args.name or "", args.quick, args.json)


class _Lines:
    """Progress for people: in place on a terminal, else one line per stage."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._tty = stream.isatty()
        self._last = ""

    def progress(self, state: Progress) -> None:
        stage = _STAGES[state.stage]
        if not self._tty:
            line = f"{state.model}: {stage}"
            if line != self._last:
                print(line, file=self._stream)
            self._last = line
            return
        text = f"{state.model}: {stage} {state.fraction:4.0%}"
        if state.stage == "download":
            text += f"  {state.bytes_done / 1e6:.0f} of {state.bytes_total / 1e6:.0f} MB"
            text += f", part {state.part} of {state.parts}"
        if text != self._last:
            print(f"\r\x1b[K{text}", end="", file=self._stream, flush=True)
        self._last = text

    def clear(self) -> None:
        if self._tty and self._last:
            print("\r\x1b[K", end="", file=self._stream, flush=True)
        self._last = ""

    def say(self, text: str) -> None:
        self.clear()
        print(text, file=self._stream)

    def finish(self, text: str) -> None:
        self.say(text)

    def fail(self, error: ModelError) -> int:
        self.clear()
        return _fail(error)


class _JsonLines:
    """Progress for programs: objects with `event` progress, note, done or error."""

    def __init__(self) -> None:
        self._last = ""

    def progress(self, state: Progress) -> None:
        self._write(
            {
                "event": "progress",
                "model": state.model,
                "stage": state.stage,
                "part": state.part,
                "parts": state.parts,
                "bytes_done": state.bytes_done,
                "bytes_total": state.bytes_total,
            }
        )

    def say(self, text: str) -> None:
        self._write({"event": "note", "text": text})

    def finish(self, text: str) -> None:
        self._write({"event": "done", "text": text})

    def fail(self, error: ModelError) -> int:
        self._write({"event": "error", "code": error.code, "text": str(error), "zh": error.zh})
        return 1

    def _write(self, record: dict[str, str | int]) -> None:
        line = json.dumps(record, ensure_ascii=False)
        if line != self._last:
            print(line, flush=True)
        self._last = line
