"""llama.cpp behind the LLM contract, through the low-level API of llama-cpp-python."""

import os

from appliance.engines.native_build import check_installed
from appliance.engines.waiting import wait_asleep

# What must stand before any module of this room loads the library.
check_installed()
wait_asleep()
# An assertion in ggml would start gdb for its backtrace; in a worker it must just die.
os.environ.setdefault("GGML_NO_BACKTRACE", "1")
