"""`python -m appliance.proving.child NAME OPTIONS`: one engine proves itself, and may die of it.

Each line on standard output is what is done next; after a `~`, a part that is proven; the last one,
after a `=`, all that is. A `!` and the reason, with exit status 1, is what an engine refuses or
computes wrongly.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Sequence

import msgspec

from appliance.audio.options import AudioOptions
from appliance.engines.llm import LlmOptions
from appliance.workers.options import AsrOptions, TtsOptions

NICE = 10


def _say(line: str) -> None:
    print(line, flush=True)


def _prove(name: str, options: str) -> str:
    """Imports here: a package that cannot be loaded is a finding, too."""
    match name:
        case "llm":
            from appliance.proving.llm import prove_llm

            return prove_llm(msgspec.json.decode(options, type=LlmOptions), _say)
        case "asr":
            from appliance.proving.speech import prove_asr

            return prove_asr(msgspec.json.decode(options, type=AsrOptions), _say)
        case "tts":
            from appliance.proving.speech import prove_tts

            return prove_tts(msgspec.json.decode(options, type=TtsOptions), _say)
        case _:
            from appliance.proving.speech import prove_audio

            return prove_audio(msgspec.json.decode(options, type=AudioOptions), _say)


def main(arguments: Sequence[str]) -> int:
    """Exit status 0: proven."""
    name, options = arguments
    faulthandler.enable(sys.stderr)
    os.nice(NICE)
    _say("load the library")
    try:
        proven = _prove(name, options)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is what was found out)
        reason = " ".join(str(error).split()) or type(error).__name__
        _say(f"! {reason}")
        return 1
    _say(f"= {proven}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
