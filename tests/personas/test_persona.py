"""Personas: ours, the user's own, and a file that is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.configuration.settings import Settings
from appliance.messages import Sampling
from appliance.personas.cast import Cast
from appliance.personas.persona import DEFAULT, Overrides, read_personas, system_prompt

PIRATE = """
title = { zh = "海盗", en = "Pirate" }
prompt = "你是海盗。"
voice = "zm_yunjian"
sampling = { temperature = 1.2 }
"""


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_persona_of_ours_has_a_name_and_a_prompt_in_both_languages(tmp_path, language):
    personas = read_personas(tmp_path)
    assert next(iter(personas.by_name)) == DEFAULT
    assert len(personas.by_name) >= 5
    for persona in personas.by_name.values():
        assert language in persona.title and language in persona.prompt


def test_a_file_of_the_users_adds_a_persona(tmp_path):
    write(tmp_path, "pirate.toml", PIRATE)
    pirate = read_personas(tmp_path).by_name["pirate"]
    assert (pirate.title_in("en"), pirate.prompt_in("en")) == ("Pirate", "你是海盗。")
    assert pirate.voice == "zm_yunjian"


def test_a_file_of_the_same_name_replaces_ours(tmp_path):
    write(tmp_path, f"{DEFAULT}.toml", PIRATE)
    assert read_personas(tmp_path).named(DEFAULT).prompt_in("zh") == "你是海盗。"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("title = ", "nvalid value"),
        ('title = "x"', "prompt"),
        ('title = "x"\nprompt = " "', "prompt is empty"),
        ('title = "x"\nprompt = {}', "prompt is empty"),
        ('title = "x"\nprompt = "y"\nvioce = "z"', "vioce"),
        ('title = "x"\nprompt = "y"\nspeed = 9', "speed"),
        ('title = "x"\nprompt = "y"\nsampling = { temperature = "hot" }', "temperature"),
        ('title = "x"\nprompt = "y"\nsampling = { temperature = -1 }', "temperature"),
        ('title = "x"\nprompt = "y"\nsampling = { top_p = nan }', "top_p"),
        ('title = "x"\nprompt = "y"\nsampling = { top_k = 100000000000000000000 }', "top_k"),
        ('title = "x"\nprompt = "y"\nsampling = { seed = -2 }', "seed"),
        ('title = "x"\nprompt = "y"\nlora = { file = "x", scale = nan }', "lora.scale"),
        ('title = "x"\nprompt = "y"\nlora = { file = "x", scale = inf }', "lora.scale"),
        ('title = "x"\nprompt = "y"\nlora = { file = "x", scale = -inf }', "lora.scale"),
        ('title = "x"\nprompt = "y"\nlora = { file = "x", scale = 1e30 }', "lora.scale"),
        ('title = "x"\nprompt = "y"\nlora = { file = "x", scale = -1e9 }', "lora.scale"),
        ('title = "x"\nprompt = "y"\nlora = { file = "none.gguf" }', "none.gguf"),
        ('title = "x"\nprompt = "' + "y" * 70_000 + '"', "bytes"),
    ],
)
def test_a_broken_file_is_told_and_the_others_work(tmp_path, text, complaint):
    write(tmp_path, "pirate.toml", PIRATE)
    write(tmp_path, "wrong.toml", text)
    personas = read_personas(tmp_path)
    assert complaint in personas.broken["wrong.toml"]
    assert {"pirate", DEFAULT} <= set(personas.by_name)


@given(st.binary(max_size=300))
def test_no_file_whatever_breaks_the_rest(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("personas")
    (folder / "odd.toml").write_bytes(data)
    personas = read_personas(folder)
    assert DEFAULT in personas.by_name
    assert "odd" in personas.by_name or "odd.toml" in personas.broken


def test_a_lora_file_stands_beside_its_persona(tmp_path):
    (tmp_path / "pirate.gguf").touch()
    write(tmp_path, "pirate.toml", PIRATE + 'lora = { file = "pirate.gguf", scale = 0.5 }\n')
    lora = read_personas(tmp_path).by_name["pirate"].lora
    assert (lora.file, lora.scale) == (str(tmp_path / "pirate.gguf"), 0.5)


def test_sampling_changes_only_what_the_persona_names():
    base = Sampling(temperature=0.7, top_k=20, top_p=0.8)
    assert Overrides(temperature=0.2).over(base) == Sampling(temperature=0.2, top_k=20, top_p=0.8)


def test_the_cast_follows_the_settings_and_falls_back_when_a_persona_is_gone(tmp_path):
    write(tmp_path, "pirate.toml", PIRATE)
    settings = Settings({"persona.name": "pirate"})
    cast = Cast(tmp_path, settings, lambda: Sampling(top_k=7))
    assert (cast.prompt(), cast.sampling()) == ("你是海盗。", Sampling(temperature=1.2, top_k=7))
    (tmp_path / "pirate.toml").unlink()
    cast.read()
    assert (cast.prompt(), cast.sampling()) == (system_prompt("zh"), None)


def test_an_unknown_language_gets_the_chinese_prompt():
    assert system_prompt("fr") == system_prompt("zh") != system_prompt("en")
