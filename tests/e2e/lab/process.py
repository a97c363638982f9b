# SPDX-License-Identifier: MPL-2.0
"""Server processes of a lab: started on free loopback ports, stopped by their pid whatever happens."""

import ctypes
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    """A killed test run (SIGKILL by a time-out, say) leaves no server behind."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end_with_parent():
    """For processes of Python: they end as by a signal, through their `with` and `finally` blocks."""
    signal.signal(signal.SIGTERM, lambda received, _: sys.exit(128 + received))
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def find_program(name: str) -> str | None:
    """The path of a program, also of one for administrators, whose folders are not on everyone's PATH."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


# One for each port that this process has given out: another lab does not give out the same before the server has bound it.
_claims = []


def _claim(port: int) -> socket.socket:
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    claim.bind(f"\0certwright-lab-port-{port}")  # of no file: it ends with the process
    return claim


def free_port() -> int:
    """A port that is free on 127.0.0.1 for TCP and UDP. Below the kernel's range for outgoing connections, which could take it."""
    for _ in range(200):
        port = random.randint(20000, 32000)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
                _claims.append(_claim(port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port between 20000 and 32000")


class Server:
    """One running program, its output in a file."""

    def __init__(self, command: list, log: pathlib.Path, env: dict | None = None):
        self.name = pathlib.Path(command[0]).name
        self.log = log
        with open(log, "wb") as out:
            # A session of its own: Ctrl-C in the terminal reaches the script alone, which then stops its servers in order.
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                env=env, cwd=log.parent, start_new_session=True, preexec_fn=_die_with_parent)

    def wait_until(self, ready, seconds: float = 15.0):
        """Returns once ready() is true; raises with the end of the log when the program ends or time is up."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self.name} ended, or was not ready in {seconds:.0f} s; the end of {self.log}:\n{self.text()[-2000:]}")
            time.sleep(0.02)

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self):
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
