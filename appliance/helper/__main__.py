"""`python -I -m appliance.helper`: started by systemd's socket unit, as root and confined."""

from __future__ import annotations

import logging
import os
import pwd
import sys

from appliance.helper.server import handed_over, serve

BOX_USER = "lory"


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    listener = handed_over(dict(os.environ))
    if listener is None:
        print("started by lory-helper.socket only", file=sys.stderr)
        return 2
    try:
        users = {0, pwd.getpwnam(BOX_USER).pw_uid}
    except KeyError:
        users = {0}
    with listener:
        serve(listener, users)
    return 0


if __name__ == "__main__":
    sys.exit(main())
