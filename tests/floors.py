"""The floors of the appliance, one room each: `tests/test_architecture.py` holds the house to it.

`python -m docs.architecture` draws it. A new room is put on a floor here first, as low as what it
needs allows.
"""

from itertools import chain

STOREYS = {
    "The ground: what everybody may know": (
        "clock",
        "errors",
        "paths",
        "text_file",
        "durable",
        "timers",
        "messages",
        "sampling",
        "sound",
        "understanding",
        "speech",
        "helper",
    ),
    "The machine, and what is on its disk": (
        "configuration",
        "timekeeping",
        "health",
        "models",
        "memory",
        "personas",
    ),
    "What computes, in processes of its own": (
        "engines",
        "audio",
        "workers",
        "supervision",
        "proving",
    ),
    "What is said": (
        "alerts",
        "alarms",
        "skills",
        "dialogue",
    ),
    "What is seen and pressed": (
        "panel",
        "pages",
        "front",
        "app",
    ),
    "Who puts it together, and starts it": (
        "input_method",
        "world",
        "box",
        "update",
        "door",
        "pilot",
        "checks",
        "provision",
        "commands",
        "cli",
        "__main__",
    ),
}
"""From the ground up: a room knows what lies below it, and nothing above."""

FLOORS = tuple(chain.from_iterable(STOREYS.values()))
