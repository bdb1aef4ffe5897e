"""Provisioning: what a fresh machine lacks, told first and then installed behind the panel.

`plan` says what is missing and `better` what would be better, `describe` says it to people,
`provision` does it and reports, and `Overview` sums the reports up for one line and one bar.
`python -m appliance.provision` prints the plan; it runs before anything is installed, so it needs
nothing but the standard library.
"""

from appliance.provision.overview import Overview
from appliance.provision.planning import Plan, Step, better, describe, plan
from appliance.provision.progress import Progress, StepName
from appliance.provision.run import Tools, provision

__all__ = [
    "Overview",
    "Plan",
    "Progress",
    "Step",
    "StepName",
    "Tools",
    "better",
    "describe",
    "plan",
    "provision",
]
