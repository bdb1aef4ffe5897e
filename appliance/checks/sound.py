"""Microphone and speaker, as PortAudio sees them and as the kernel does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from appliance.checks.finding import Finding, ok, warn

PROBE = (sys.executable, "-m", "appliance.checks.sound_probe")
PROBE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class SoundDevices:
    """Names of what PortAudio can open. `error` says why there is nothing to know."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    error: str = ""


def probe_sound(command: tuple[str, ...] = PROBE, seconds: float = PROBE_SECONDS) -> SoundDevices:
    """Ask in another process, at most `seconds` long."""
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return SoundDevices(error=f"no answer within {seconds:.0f} s")
    except OSError as error:
        return SoundDevices(error=str(error))
    try:
        answer = json.loads(result.stdout)
    except json.JSONDecodeError:
        return SoundDevices(error=f"the probe ended with status {result.returncode}")
    if "error" in answer:
        return SoundDevices(error=str(answer["error"]))
    return SoundDevices(tuple(answer["inputs"]), tuple(answer["outputs"]))


def check_sound(
    root: Path,
    microphone: str,
    speaker: str,
    probe: Callable[[], SoundDevices] = probe_sound,
) -> Iterator[Finding]:
    """`microphone`, `speaker`: the names the settings ask for, empty for any."""
    found = probe()
    cards = sound_cards(root)
    if found.error:
        yield warn(
            "sound",
            f"声音设备查不到：{found.error}",
            f"sound devices cannot be listed: {found.error}",
            "apt install libportaudio2；用户要在 audio 组",
            "apt install libportaudio2; the user must be in group audio",
        )
        return
    yield _direction(found.inputs, microphone, cards, ("麦克风", "microphone"), _NO_MICROPHONE)
    yield _direction(found.outputs, speaker, cards, ("扬声器", "speaker"), _NO_SPEAKER)


def sound_cards(root: Path) -> tuple[str, ...]:
    """The kernel's cards, by their short names."""
    try:
        text = (root / "proc/asound/cards").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return tuple(line.partition("]: ")[2] for line in text.splitlines() if "]: " in line)


_NO_MICROPHONE = ("只能打字", "it can only be typed to")
_NO_SPEAKER = ("回答会写成 WAV 文件", "answers are written to WAV files")


def _direction(
    names: tuple[str, ...],
    wanted: str,
    cards: tuple[str, ...],
    label: tuple[str, str],
    without: tuple[str, str],
) -> Finding:
    zh, en = label
    if not names:
        blocked = bool(cards)
        return warn(
            "sound",
            f"没有{zh}：{without[0]}",
            f"no {en}: {without[1]}",
            f"内核有声卡 {cards[0]}：把用户加入 audio 组，或换个插口"
            if blocked
            else "插一个 USB 声卡",
            f"the kernel has card {cards[0]}: add the user to group audio"
            if blocked
            else "plug in a USB sound card",
        )
    if wanted and not any(wanted.lower() in name.lower() for name in names):
        return warn(
            "sound",
            f"设置里的{zh} {wanted} 不在：用 {names[0]}",
            f"the {en} of the settings, {wanted}, is not there: {names[0]} is used",
            f"插上它，或改设置；现在有：{'、'.join(names)}",
            f"plug it in or change the setting; there are: {', '.join(names)}",
        )
    return ok("sound", f"{zh}：{'、'.join(names)}", f"{en}: {', '.join(names)}")
