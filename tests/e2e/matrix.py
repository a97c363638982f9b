# SPDX-License-Identifier: MPL-2.0
"""The core of the end-to-end tests with each supported Terraform and OpenTofu: the table of docs/guides/supported-versions.md."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from lab.go import OPENTOFU, TERRAFORM, open_policy_agent, opentofu, terraform
from lab.terraform import NEWEST, OLDEST, terraform_of_package

HERE = pathlib.Path(__file__).parent
CORE = {
    "issue, empty plan, destroy": "test_issue.py",
    "renew": "test_renewal.py",
    "plan of a renewal": "test_plan.py",
    "sync": "test_sync_drift.py",
    "import, moved": "test_arrival.py",
    "ephemeral, secrets": "test_canary.py",
    "interrupt": "test_interrupt.py",
}


def programs():
    """Name and path of each program, oldest first."""
    for minor in range(OLDEST, NEWEST + 1):
        yield "Terraform", str(terraform_of_package(minor))
    if program := terraform(TERRAFORM):
        yield "Terraform", str(program)
    built = [str(program) for version in OPENTOFU if (program := opentofu(version))]
    for program in built or filter(None, [shutil.which("tofu")]):
        yield "OpenTofu", program


def exact_version(program):
    text = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"v(\d\S*)", text).group(1)


def passes(program, test):
    run = subprocess.run([sys.executable, "-B", test], cwd=HERE, env={**os.environ, "CERTWRIGHT_TERRAFORM": program},
                         capture_output=True, text=True)
    if run.returncode != 0:
        print(f"{program} {test}\n{run.stdout}{run.stderr}", file=sys.stderr)
    return run.returncode == 0


def main():
    tests = {name: name for name in sys.argv[1:]} or CORE
    open_policy_agent(build=True)
    found = list(programs())  # whatever is fetched or built is told before the table
    print("| version | " + " | ".join(tests) + " | time |")
    print("|---" * (len(tests) + 2) + "|")
    failed = False
    # Most of their time the tests wait; more at once would wait for a processor.
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, program in found:
            start = time.monotonic()
            results = list(pool.map(lambda test, program=program: passes(program, test), tests.values()))
            failed |= not all(results)
            cells = ["passes" if result else "FAILS" for result in results]
            print(f"| {name} {exact_version(program)} | " + " | ".join(cells) + f" | {time.monotonic() - start:.0f} s |", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
