"""Installing and fetching behind a running panel, or before a demo."""
from __future__ import annotations
from pathlib import Path
from appliance.app import Appliance
async def keep_provisioning(app: Appliance) -> None:
    ...
def provision_first(config: Path | None) -> None:
    ...
