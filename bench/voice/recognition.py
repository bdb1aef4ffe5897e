"""CER per engine, condition, speed and voice; RTF."""

from __future__ import annotations

import time
from collections import defaultdict

import numpy as np

from appliance import paths
from appliance.engines.asr import RATE, Recogniser
from appliance.engines.recognisers import load_recogniser
from appliance.models.catalogue import AsrModel
from appliance.models.catalogue_file import read_catalogue
from appliance.models.store import Store
from bench.asr import box_config
from bench.cer import Errors, errors, total
from bench.voice.conditions import CONDITIONS, Samples
from bench.voice.corpus import Utterance


def installed() -> list[str]:
    """Names of the recognition models in the store."""
    store = Store(paths.default_root())
    models = read_catalogue().models.values()
    return [m.name for m in models if isinstance(m, AsrModel) and store.state(m) == "installed"]


def recognition(utterances: list[Utterance], threads: int) -> dict[str, object]:
    """`cer` and `rtf` per engine; endpoint wait excluded."""
    cer: dict[str, dict[str, float]] = {}
    rtf: dict[str, float] = {}
    for name in installed():
        recogniser = load_recogniser(box_config(name, threads)[1])
        cer[name], rtf[name] = _one_engine(recogniser, utterances)
    return {"cer": cer, "rtf_asr": rtf, "utterances": len(utterances), "asr_threads": threads}


def _one_engine(
    recogniser: Recogniser, utterances: list[Utterance]
) -> tuple[dict[str, float], float]:
    found: dict[str, list[Errors]] = defaultdict(list)
    audio = compute = 0.0
    for number, utterance in enumerate(utterances):
        for condition, change in CONDITIONS.items():
            samples = change(utterance.samples, np.random.default_rng(number))
            began = time.perf_counter()
            heard = transcribe(recogniser, samples)
            compute += time.perf_counter() - began
            audio += len(samples) / RATE
            made = errors(utterance.text, heard)
            found[condition].append(made)
            if condition == "clean":
                found[f"speed-{utterance.speed}"].append(made)
                found[f"voice-{utterance.voice}"].append(made)
    return {name: round(total(made).rate, 4) for name, made in found.items()}, compute / audio


def transcribe(recogniser: Recogniser, samples: Samples) -> str:
    """Whole utterance in, text out."""
    recogniser.reset()
    recogniser.accept(samples, RATE)
    return recogniser.finish()
