"""A worker process as main has it: messages in, messages out."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Sequence

import msgspec

from appliance.engines.llm import LlmOptions
from appliance.messages import Message, Sampling
from appliance.workers.channel import Channel
from tests.waiting import PATIENCE

# With the endless model: many seconds of tokens that do not repeat themselves.
ENDLESS = Sampling(temperature=5.0, top_k=0, top_p=1.0, seed=5)
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)


class Process:
    """A worker process and main's end of its channel. `under` is a command that runs it."""

    def __init__(self, options: LlmOptions, under: Sequence[str] = ()) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        with theirs:
            self.process = subprocess.Popen(
                [
                    *under,
                    sys.executable,
                    "-m",
                    "appliance.workers.llm",
                    "--fd",
                    str(theirs.fileno()),
                    "--options",
                    msgspec.json.encode(options).decode(),
                ],
                pass_fds=[theirs.fileno()],
                stderr=subprocess.PIPE,
            )
        self.channel = Channel(ours)

    def send(self, *messages: Message) -> None:
        for message in messages:
            self.channel.send(message)

    def until(self, kind: type[Message]) -> list[Message]:
        """Everything up to the first message of a kind, or the end."""
        found: list[Message] = []
        while (message := self.channel.receive()) is not None:
            found.append(message)
            if isinstance(message, kind):
                break
        return found

    def close(self) -> None:
        self.channel.close()
        self.process.kill()
        self.process.communicate()


def last(messages: list[Message], kind: type[Message]) -> Message:
    assert messages and isinstance(messages[-1], kind), messages
    return messages[-1]
