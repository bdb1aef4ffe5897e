"""A worker that dies when and how its options say. Standard library only: it starts in no time.

Nothing is understood of what it is told but that a message came; what it says is given to it.
"""

import json
import os
import signal
import socket
import struct
import sys

PING = b"Ping"


def die(how):
    if how == "exit":
        os._exit(3)
    os.kill(os.getpid(), {"signal": signal.SIGSEGV, "memory": signal.SIGKILL}[how])


def receive(stream):
    header = stream.read(4)
    if len(header) < 4:
        os._exit(0)
    return stream.read(struct.unpack("<I", header)[0])


def main():
    fd = int(sys.argv[sys.argv.index("--fd") + 1])
    options = json.loads(sys.argv[sys.argv.index("--options") + 1])
    if options["when"] == "load":
        die(options["how"])
    stream = socket.socket(fileno=fd).makefile("rwb", buffering=0)
    stream.write(bytes.fromhex(options["ready"]))
    requests = 0
    while True:
        if PING in receive(stream):
            continue
        requests += 1
        if requests == {"first": 1, "third": 3}.get(options["when"]):
            die(options["how"])
        stream.write(bytes.fromhex(options["done"]))


if __name__ == "__main__":
    main()
