"""Asks PortAudio for its devices and prints them as JSON. Run as a process of its own.

PortAudio opens every ALSA device to look at it, prints to stderr and may hang or crash on a broken
one; in a process of its own it can.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Prints `{"inputs": [...], "outputs": [...]}` or `{"error": "..."}`."""
    try:
        import sounddevice
    # sounddevice raises OSError where the PortAudio library itself is missing.
    except (ImportError, OSError) as error:
        print(json.dumps({"error": str(error)}))
        return 1
    devices = sounddevice.query_devices()
    print(
        json.dumps(
            {
                "inputs": [d["name"] for d in devices if d["max_input_channels"] > 0],
                "outputs": [d["name"] for d in devices if d["max_output_channels"] > 0],
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
