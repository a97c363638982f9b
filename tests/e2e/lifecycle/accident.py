# SPDX-License-Identifier: MPL-2.0
"""What happens to a run at one of its writes."""

import os
import signal
import subprocess
import threading

THROTTLED, DENIED, UNAVAILABLE, CUT = "throttled", "denied", "unavailable", "cut"
PROVIDER, TERRAFORM, BOTH = "provider", "terraform", "both"
FAILURES = (THROTTLED, DENIED, UNAVAILABLE, CUT)
KILLS = (PROVIDER, TERRAFORM, BOTH)
_NAME = b"terraform-provider-certwright"


class Accident:
    """Happens at the write of the number `at`, counted from 1; `is_late`: after it took effect. DENIED lasts until the run ends.
    `terraform`: the running process, to be set once it is started."""

    def __init__(self, what: str, at: int, is_late: bool):
        self.what, self.at, self.is_late = what, at, is_late
        self.terraform: subprocess.Popen | None = None
        self.has_happened = False
        self._count = 0
        self._lock = threading.Lock()

    def __str__(self):
        return f"{self.what} {'after' if self.is_late else 'before'} write {self.at}"

    def is_due(self) -> bool:
        """Counts a write: whether the accident happens to this one."""
        with self._lock:
            self._count += 1
            due = self._count == self.at or (self.what == DENIED and self._count > self.at)
            self.has_happened |= due
            return due

    def kill(self):
        """The processes of a kill. Whoever is gone already needs none."""
        try:
            if self.what == PROVIDER:
                os.kill(_find_provider(self.terraform.pid), signal.SIGKILL)
            elif self.what == TERRAFORM:
                os.kill(self.terraform.pid, signal.SIGKILL)
            elif self.what == BOTH:
                os.killpg(self.terraform.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _find_provider(terraform: int) -> int:
    """The newest: plan and apply have one each. A search of all processes would take as long as writing a file does: first those alone
    that started later."""
    processes = sorted((int(name) for name in os.listdir("/proc") if name.isdigit()), reverse=True)
    for process in (*(one for one in processes if one > terraform), *(one for one in processes if one < terraform)):
        if _is_provider_of(terraform, process):
            return process
    raise ProcessLookupError(terraform)


def providers_of(terraform: int) -> list[int]:
    """Those that a run left, too: the process group is that of its Terraform."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and _is_provider_of(terraform, int(name))]


def _is_provider_of(terraform: int, process: int) -> bool:
    try:
        state, _, group = _read(f"/proc/{process}/stat").rsplit(b")", 1)[1].split()[:3]
        return int(group) == terraform and state != b"Z" and _NAME in _read(f"/proc/{process}/cmdline")
    except OSError:
        return False


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
