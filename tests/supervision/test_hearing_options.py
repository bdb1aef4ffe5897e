"""What the ASR worker is started with: one engine, two passes, a server, a keyword spotter."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.configuration.settings import Settings
from appliance.engines.recognisers import DECODERS
from appliance.engines.recognisers import STREAMING as STREAMING_ENGINES
from appliance.models.catalogue import AnyModel
from appliance.models.catalogue_file import read_catalogue
from appliance.models.errors import ModelError
from appliance.supervision.roster import Roster
from appliance.supervision.worker_options import WorkerOptions
from appliance.workers.options import AsrOptions

OFFLINE = "sense-voice-int8"
STREAMING = "streaming-zipformer-ctc-zh"
SPOTTER = "kws-zipformer-wenetspeech"


class FakeStore:
    """Has the models it is told it has."""

    def __init__(self, *installed: str) -> None:
        self._installed = installed

    def state(self, model: AnyModel) -> str:
        return "installed" if model.name in self._installed else "absent"

    def path(self, model: AnyModel) -> Path:
        return Path("/models") / model.name

    def files(self, model: AnyModel) -> dict[str, Path]:
        return {file.key: self.path(model) / file.path for file in model.files}


def options(installed: tuple[str, ...], **settings: str | bool) -> AsrOptions:
    values = Settings(overlay={f"asr.{name}": value for name, value in settings.items()})
    roster = Roster(values, read_catalogue(), FakeStore(*installed))  # type: ignore[arg-type]
    return WorkerOptions(values, roster, Path(), Path()).asr()


def test_one_engine_alone_has_one_pass() -> None:
    made = options((OFFLINE,))
    assert (made.config.engine, made.first, made.kws) == ("sense-voice", None, None)


def test_a_streaming_engine_beside_it_shows_the_words() -> None:
    made = options((OFFLINE, STREAMING))
    assert made.config.engine == "sense-voice"
    assert made.first is not None and made.first.engine == "online-ctc"
    assert options((OFFLINE, STREAMING), two_pass=False).config.engine == "online-ctc"


def test_whisper_does_not_overrule_a_streaming_engine() -> None:
    made = options(("whisper-base-int8", STREAMING))
    assert made.config.engine == "online-ctc" and made.first is None


def test_a_streaming_engine_alone_does_both() -> None:
    made = options((STREAMING,))
    assert made.config.engine == "online-ctc" and made.first is None


def test_an_installed_keyword_spotter_is_used() -> None:
    made = options((OFFLINE, SPOTTER))
    assert made.kws is not None
    assert made.kws.files.keys() == {"encoder", "decoder", "joiner", "tokens"}


@pytest.mark.parametrize("kind", ["cpp", "python"])
def test_a_server_in_the_settings_needs_no_model(kind: str) -> None:
    made = options((), server="unix:/run/lory-funasr.sock", server_kind=kind)
    assert made.config.engine == f"funasr-server-{kind}"
    assert made.config.server == "unix:/run/lory-funasr.sock"
    assert not made.warm_up


def test_without_anything_the_error_says_what_to_do() -> None:
    with pytest.raises(ModelError, match="lory models fetch"):
        options(())


def test_every_recogniser_of_the_catalogue_has_an_engine() -> None:
    known = {**STREAMING_ENGINES, **DECODERS}
    for model in read_catalogue().models.values():
        if model.role == "asr":
            made = options((model.name,), model=model.name)
            assert made.config.engine in known, model.name


def test_files_in_folders_of_a_model_are_found_there() -> None:
    made = options(("qwen3-asr-0.6b-int8",), model="qwen3-asr-0.6b-int8")
    assert made.config.files["tokens"] == "tokenizer/vocab.json"
    assert made.config.files["encoder"] == "encoder.int8.onnx"
