# SPDX-License-Identifier: MPL-2.0
"""One command of Terraform, with or without an accident."""

import dataclasses
import os
import re
import signal
import subprocess
import time

from lab import Terraform

from . import finding
from .accident import TERRAFORM, Accident, providers_of
from .destinations.destination import Destination
from .finding import Finding

_SECONDS = 240
_SECONDS_OF_ORPHAN = 45  # docs/guides/killed-runs.md: half a minute at most
_CONFLICT = re.compile(r"terraform import|adopt|another sync|did not (make|write|create)|belongs to|owner", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Run:
    code: int
    output: str

    @property
    def error(self) -> str:
        """The errors alone, without the breaks that Terraform puts into lines."""
        _, _, errors = self.output.partition("Error: ")
        return " ".join(errors.split())

    @property
    def is_conflict(self) -> bool:
        return self.code != 0 and bool(_CONFLICT.search(self.error))

    def names(self, text: str) -> bool:
        """Whether the errors name it; a long word may be broken, too."""
        return text in self.error.replace(" ", "")

    def tail(self) -> str:
        """What came of it, without what was planned."""
        lines = self.output.strip().splitlines()
        start = next((number for number, line in enumerate(lines) if line.startswith("Plan:")), 0)
        return "\n".join(lines[start:][-40:])


def apply(terraform: Terraform, *arguments: str) -> Run:
    return _finish(terraform, _start(terraform, "apply", "-auto-approve", "-compact-warnings", *arguments))


def destroy(terraform: Terraform) -> Run:
    return _finish(terraform, _start(terraform, "destroy", "-auto-approve", "-compact-warnings"))


def plan(terraform: Terraform) -> Run:
    """Exit code 0: nothing to change; 2: changes."""
    return _finish(terraform, _start(terraform, "plan", "-detailed-exitcode", "-compact-warnings"))


def apply_with(terraform: Terraform, destination: Destination, accident: Accident, *arguments: str) -> Run:
    process = _start(terraform, "apply", "-auto-approve", "-compact-warnings", *arguments)
    accident.terraform = process
    destination.arm(accident)
    try:
        run = _finish(terraform, process)
        if accident.what == TERRAFORM:
            _wait_for_orphan(process.pid, run)
    finally:
        destination.disarm()
    return run


def _start(terraform: Terraform, command: str, *arguments: str) -> subprocess.Popen:
    return terraform.start(command, "-input=false", "-no-color", *arguments)


def _finish(terraform: Terraform, process: subprocess.Popen) -> Run:
    try:
        stdout, stderr = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
        raise Finding(finding.HANGS, f"{process.args[1]} has not ended after {_SECONDS} s", stdout + stderr) from None
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    if reports := terraform.sanitizer_reports():
        raise Finding(finding.SANITIZER, "a sanitizer found an error in the provider", reports)
    return Run(process.returncode, stdout + stderr)


def _wait_for_orphan(terraform: int, run: Run):
    deadline = time.monotonic() + _SECONDS_OF_ORPHAN
    while providers := providers_of(terraform):
        if time.monotonic() > deadline:
            for provider in providers:
                os.kill(provider, signal.SIGKILL)
            raise Finding(finding.HANGS, f"the provider lives on {_SECONDS_OF_ORPHAN} s after Terraform was killed", run.output)
        time.sleep(0.05)
