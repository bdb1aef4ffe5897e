"""The four workers as main uses them."""

import asyncio

from appliance.messages import Fault, SetThreads
from appliance.supervision.compute import Compute
from appliance.supervision.team import Team
from appliance.workers.supervisor import Status


def test_a_language_model_that_comes_up_again_is_told_what_it_may_use_now(monkeypatch):
    """Heat, the battery or a voice that speaks bound the one before."""
    statuses, told = [], []

    async def restart():
        team = Team(lambda name: Fault("model-missing", ""), Compute(4))
        monkeypatch.setattr(
            team.listener, "on_status", lambda name, status: statuses.append((name, status))
        )
        team.limit(1)  # nobody is there to be told
        llm = team.members["llm"]
        monkeypatch.setattr(llm, "send", told.append)
        llm._set(Status.STARTING)
        llm._set(Status.READY)
        await asyncio.sleep(0)

    asyncio.run(restart())
    assert told == [SetThreads(1)]
    assert statuses == [("llm", Status.STARTING), ("llm", Status.READY)]
