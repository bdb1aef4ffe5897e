"""The conversation that goes on and the ones before, on the storage thread's database.

What the model sees next is kept in memory too, so that no turn ever waits for the disk. A disk
that refuses costs the record, not the conversation; the glass says so.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from appliance.configuration.settings import Value
from appliance.dialogue.answer import Answer
from appliance.memory import conversations
from appliance.memory.conversations import SCHEMA, Reason, StoredTurn, Summary
from appliance.memory.storage import Recovered, Storage, StorageError
from appliance.memory.user_words import SAVED
from appliance.messages import Exchange

log = logging.getLogger("lory.archive")

T = TypeVar("T")


class Archive:
    """`lory.db` under `state`. Methods return at once, but for `settings`, read at the start.

    `on_trouble` is told a text key, on the loop, when the store failed or was replaced, and when
    the user words are saved after all. `before_close` may submit what is to be saved at the end.
    """

    before_close: Callable[[], None] | None = None

    def __init__(self, state: Path, on_trouble: Callable[[str], None] = lambda _key: None) -> None:
        self.on_trouble = on_trouble
        self.unread_settings: dict[str, str] = {}
        self._loop = asyncio.get_running_loop()
        self._history: list[Exchange] = []
        self._conversation: Future[int] | None = None
        self._storage: Storage | None = None
        try:
            self._storage = Storage(state / "lory.db", SCHEMA, self._recovered)
            if self._storage.read_only:
                self._trouble_soon(StorageError("lory.db can be read, not written"))
        except StorageError as error:
            self._trouble_soon(error)

    def close(self) -> None:
        """Everything kept is on the disk afterwards."""
        if self.before_close is not None:
            self.before_close()
        if self._storage is not None:
            self._storage.close()

    # ------------------------------------------------------------ the conversation

    @property
    def history(self) -> tuple[Exchange, ...]:
        """What of this conversation goes into the next prompt."""
        return tuple(self._history)

    def keep(self, answer: Answer) -> None:
        """Store a turn that ended, as far as it was delivered."""
        turn = _stored(answer)
        if turn.delivered:
            self._history.append(turn.exchange)
        if self._conversation is None or _refused(self._conversation):
            self._conversation = self.submit(
                lambda connection: conversations.start_conversation(connection, time.time())
            )
        conversation = self._conversation
        self.submit(
            lambda connection: conversations.add_turn(connection, conversation.result(), turn)
        )

    def new_conversation(self) -> None:
        self._history.clear()
        self._conversation = None

    def resume(self, conversation: int, turns: list[StoredTurn]) -> None:
        """Go on with an old conversation."""
        self._history = list(conversations.history(turns))
        self._conversation = Future()
        self._conversation.set_result(conversation)

    # ------------------------------------------------------------ the browser

    def list_conversations(
        self, then: Callable[[list[Summary]], None], before: int | None = None
    ) -> None:
        """Hand the latest conversations to `then`, on the loop, when they are read."""
        self.fetch(lambda connection: conversations.summaries(connection, before=before), then)

    def read_conversation(
        self, conversation: int, then: Callable[[list[StoredTurn]], None]
    ) -> None:
        self.fetch(lambda connection: conversations.turns(connection, conversation), then)

    def latest_turns(self, then: Callable[[list[StoredTurn]], None]) -> None:
        self.fetch(conversations.latest_turns, then)

    def goes_on(self, conversation: int) -> bool:
        """Whether the next turn would be added to it."""
        current = self._conversation
        if current is None or not current.done() or _refused(current):
            return False
        return current.result() == conversation

    def delete_conversation(self, conversation: int) -> None:
        """For good. The one that goes on is to be ended before."""
        self.submit(lambda connection: conversations.delete_conversation(connection, conversation))

    # ------------------------------------------------------------ settings

    def settings(self) -> dict[str, Value]:
        """What was changed on the device; `unread_settings` are then rows that hold no value."""
        if self._storage is None:
            return {}
        try:
            self.unread_settings = self._storage.submit(conversations.broken_settings).result()
            return self._storage.submit(conversations.overlay).result()
        except StorageError as error:
            self._trouble_soon(error)
            return {}

    def reset_setting(self, key: str) -> None:
        self.submit(lambda connection: conversations.reset_setting(connection, key))

    def store_setting(self, key: str, value: Value) -> None:
        self.submit(lambda connection: conversations.set_setting(connection, key, value))

    # ------------------------------------------------------------ user words

    def run(self, job: Callable[[], None]) -> None:
        """Run a job of another store on the storage thread."""
        if self._storage is not None:
            self._storage.run(job)

    def words_trouble(self, code: str, detail: str) -> None:
        """The store of user words failed, or is well again (`code`: a text key under `fault`)."""
        log.log(logging.INFO if code == SAVED else logging.ERROR, "%s: %s", code, detail)
        self._loop.call_soon_threadsafe(self._tell, f"fault.{code}")

    # ------------------------------------------------------------ inside

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run a job on `lory.db`; a disk that refuses is told."""
        if self._storage is None:
            nothing: Future[T] = Future()
            nothing.set_exception(StorageError("there is no database"))
            return nothing
        future = self._storage.submit(job)
        future.add_done_callback(self._check)
        return future

    def _check(self, future: Future[T]) -> None:
        """Storage thread: a refusal is told on the loop."""
        error = future.exception()
        if error is not None:
            self._trouble_soon(error)

    def fetch(
        self,
        job: Callable[[sqlite3.Connection], T],
        then: Callable[[T], object],
        lost: Callable[[], object] = lambda: None,
    ) -> None:
        """Hand what a job finds to `then`, on the loop. `lost`: the disk refused."""

        def deliver(future: Future[T]) -> None:
            if future.exception() is None:
                self._loop.call_soon_threadsafe(then, future.result())
            else:
                self._loop.call_soon_threadsafe(lost)

        self.submit(job).add_done_callback(deliver)

    def _trouble_soon(self, error: BaseException) -> None:
        """From any thread, and from the start, when nobody can be told yet."""
        self._loop.call_soon_threadsafe(self._trouble, error)

    def _trouble(self, error: BaseException) -> None:
        log.error("storage: %s", error)
        self._tell("fault.storage")

    def _tell(self, key: str) -> None:
        """Whoever is to be told by now: at the start there is no glass yet."""
        self.on_trouble(key)

    def _recovered(self, recovered: Recovered) -> None:
        log.error("%s: started afresh (%s)", recovered.aside, recovered.reason)
        self._loop.call_soon_threadsafe(self._tell, "fault.storage-recovered")


def _refused(conversation: Future[int]) -> bool:
    """Whether the disk would not begin it; by now there may be room again."""
    return conversation.done() and conversation.exception() is not None


def _stored(answer: Answer) -> StoredTurn:
    stats = answer.stats
    reason: Reason = stats.reason if stats is not None else "cancelled"
    if answer.fault:
        reason = "fault"
    elif answer.stopped:
        reason = "cancelled"
    elif answer.deterministic:
        reason = "ability"
    voice = answer.voice
    spoken = voice.spoken_until if voice is not None and not voice.done else -1
    return StoredTurn(
        question=answer.question.text,
        recalled=answer.recalled,
        answer=answer.text,
        ids=stats.ids if stats is not None else b"",
        reason=reason,
        shown=len(answer.text),
        spoken=spoken,
        thought=answer.thought,
        asked=time.time(),
        timings=answer.timing.seconds(),
    )
