"""`python -m appliance COMMAND` is `lory COMMAND`."""

import sys

from appliance.cli import main

sys.exit(main())
