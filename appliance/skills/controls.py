"""The box itself: volume, brightness, speed, voice, language, model, persona; what it said last and
what it can do."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from appliance.configuration.settings import SCHEMA, step_value
from appliance.skills.box import Box
from appliance.skills.skill import Claim, Said, Skill, Then
from appliance.understanding.controls import Of, Turn, parse
from ui.keymap import Intent
from ui.strings import Text

_SETTINGS = {
    Of.VOLUME: "audio.volume",
    Of.BRIGHTNESS: "ui.contrast",
    Of.SPEED: "voice.speed",
    Of.MUTE: "audio.muted",
    Of.ALOUD: "voice.enabled",
    Of.LANGUAGE: "ui.language",
}
_PAGES = {
    Of.MODEL: Intent.MODEL_MENU,
    Of.PERSONA: Intent.PERSONA_MENU,
    Of.VOICE: Intent.MAIN_MENU,
}
_NAMES = {
    Of.VOLUME: Text("音量", "Volume"),
    Of.BRIGHTNESS: Text("亮度", "Brightness"),
    Of.SPEED: Text("语速", "Speed"),
    Of.MODEL: Text("选一个模型。", "Choose a model."),
    Of.PERSONA: Text("选一个角色。", "Choose a persona."),
    Of.VOICE: Text("在菜单的“设置”里选嗓音。", "Choose a voice in the menu, under Settings."),
}
_SWITCHED = {
    (Of.MUTE, True): Text("已静音。", "Muted."),
    (Of.MUTE, False): Text("有声音了。", "The sound is on."),
    (Of.ALOUD, True): Text("我会把回答读出来。", "I read answers aloud."),
    (Of.ALOUD, False): Text("回答不再读出来。", "I don't read answers aloud."),
}
_LANGUAGES = {"zh": "界面已换成中文。", "en": "The interface is in English now."}
_NOTHING = Text("我还没有说过什么。", "I have not said anything yet.")
_UP, _DOWN = Text("{name}加大", "{name} up"), Text("{name}减小", "{name} down")
_AT = Text("{name}{value}", "{name} {value}")
_MOST = Text("{name}已经最大。", "{name} is at its most.")
_LEAST = Text("{name}已经最小。", "{name} is at its least.")
_CAN = Text(
    "我能：{able}。别的问题我用本地的模型回答。", "I can: {able}. A local model answers the rest."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Claim):
    """Something is wanted of the box."""

    turn: Turn


class Controls(Skill[Wanted]):
    """Intents as `appliance.understanding.controls.Of` names them."""

    name = "controls"
    offers = Text("调音量、亮度和语速", "set volume, brightness and speed")

    def claim(self, said: Said) -> Wanted | None:
        """See `Skill`."""
        turn = parse(said.text)
        if turn is None:
            return None
        return Wanted(
            skill=self.name,
            intent=turn.of.value,
            said=said,
            said_back=_said_back(turn).of(said.language),
            turn=turn,
        )

    def answer(self, claim: Wanted, box: Box, then: Then) -> None:
        """See `Skill`."""
        then(_done(claim, box))


def _said_back(turn: Turn) -> Text:
    name = _NAMES.get(turn.of)
    if turn.on is not None:
        return _SWITCHED[turn.of, turn.on]
    if turn.of is Of.LANGUAGE:
        return Text(_LANGUAGES[turn.choice], _LANGUAGES[turn.choice])
    if name is None:
        spoken = {Of.REPEAT: Text("再说一遍。", "Once more.")}
        return spoken.get(turn.of, Text("我能做的事。", "What I can do."))
    if turn.share is not None:
        percent = f"{round(turn.share * 100)}%"
        return Text(
            *(form.format(name=own, value=percent) for form, own in zip(_AT, name, strict=True))
        )
    if turn.steps:
        way = _UP if turn.steps > 0 else _DOWN
        return Text(*(form.format(name=own) for form, own in zip(way, name, strict=True)))
    return name


def _done(claim: Wanted, box: Box) -> str:
    turn, language = claim.turn, claim.said.language
    if turn.of in _PAGES:
        box.open(_PAGES[turn.of])
        return _NAMES[turn.of].of(language)
    match turn.of:
        case Of.REPEAT:
            history = claim.said.history
            return history[-1].answer if history else _NOTHING.of(language)
        case Of.ABILITIES:
            return _abilities(claim)
        case Of.LANGUAGE:
            box.settings.change("ui.language", turn.choice)
            return _LANGUAGES[turn.choice]
    if turn.on is not None:
        box.settings.change(_SETTINGS[turn.of], turn.on)
        return _SWITCHED[turn.of, turn.on].of(language)
    return _turned(claim, box)


def _turned(claim: Wanted, box: Box) -> str:
    """A number between two ends: a step of its menu, or a share of its range."""
    turn, language = claim.turn, claim.said.language
    setting = SCHEMA[_SETTINGS[turn.of]]
    low, high = Fraction(str(setting.low)), Fraction(str(setting.high))
    before = box.settings[setting.key]
    if turn.share is not None:
        wanted = low + (high - low) * turn.share
        after = int(wanted) if isinstance(before, int) else round(float(wanted), 2)
    else:
        after = step_value(setting, before, turn.steps)  # type: ignore[assignment]
    name = _NAMES[turn.of].of(language)
    if turn.steps and after == before:
        return (_MOST if turn.steps > 0 else _LEAST).of(language).format(name=name)
    box.settings.change(setting.key, after)
    if turn.of is Of.VOLUME and box.settings.flag("audio.muted"):
        box.settings.change("audio.muted", False)
    value = f"{after}×" if turn.of is Of.SPEED else f"{_percent(after, low, high)}%"
    return _AT.of(language).format(name=name, value=value) + Text("。", ".").of(language)


def _percent(value: object, low: Fraction, high: Fraction) -> int:
    return round((Fraction(str(value)) - low) / (high - low) * 100)


def _abilities(claim: Wanted) -> str:
    from appliance.skills.registry import kinds  # which lists this file

    able = [kind.offers.of(claim.said.language) for kind in kinds() if kind.offers.zh]
    joined = Text("；", "; ").of(claim.said.language).join(able)
    return _CAN.of(claim.said.language).format(able=joined)


SKILL = Controls
