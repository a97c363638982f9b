# SPDX-License-Identifier: MPL-2.0
"""The core of the end-to-end tests with each supported Terraform, and OpenTofu where there is one: a table of what passed."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from lab.terraform import NEWEST, OLDEST, terraform_of_package

HERE = pathlib.Path(__file__).parent
CORE = ["test_issue.py", "test_canary.py", "test_sync_drift.py", "test_examples.py", "test_interrupt.py", "test_errors.py"]


def programs():
    """Name and path of each program, oldest first."""
    for minor in range(OLDEST, NEWEST + 1):
        yield f"Terraform 1.{minor}", str(terraform_of_package(minor))
    if tofu := shutil.which("tofu"):
        yield "OpenTofu", tofu


def exact_version(program):
    text = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"v(\d\S*)", text).group(1)


def passes(program, test):
    run = subprocess.run([sys.executable, "-B", test], cwd=HERE, env={**os.environ, "CERTWRIGHT_TERRAFORM": program},
                         capture_output=True, text=True)
    if run.returncode != 0:
        print(run.stdout + run.stderr, file=sys.stderr)
    return run.returncode == 0


def main():
    tests = sys.argv[1:] or CORE
    print("| version | " + " | ".join(tests) + " | time |")
    print("|---" * (len(tests) + 2) + "|")
    failed = False
    for name, program in programs():
        start = time.monotonic()
        results = [passes(program, test) for test in tests]
        failed |= not all(results)
        cells = ["passes" if result else "FAILS" for result in results]
        print(f"| {name} ({exact_version(program)}) | " + " | ".join(cells) + f" | {time.monotonic() - start:.0f} s |", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
