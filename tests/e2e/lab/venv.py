# SPDX-License-Identifier: MPL-2.0
"""Python packages that Debian lacks, in virtual environments below build/, fetched once."""

import fcntl
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]


def venv(name: str, *packages: str) -> pathlib.Path:
    """build/<name> with the packages in it. Tests that run side by side wait for the first of them."""
    directory = ROOT / "build" / name
    directory.parent.mkdir(exist_ok=True)
    complete = directory / "complete"
    with open(f"{directory}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if complete.exists() and complete.read_text().split() == list(packages):
            return directory
        print(f"taking Python packages into {directory}: {' '.join(packages)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(directory)], check=True)
        subprocess.run([directory / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
        complete.write_text(" ".join(packages))
    return directory
