# SPDX-License-Identifier: MPL-2.0
"""Programs that Debian has only in an older version, built from the Go module proxy, once, into build/."""

import fcntl
import os
import pathlib
import shutil
import subprocess

from .venv import ROOT

# The first with alreadyReplaced; also renewal information and profiles.
PEBBLE = "github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.1"


def recent_pebble() -> pathlib.Path | None:
    """None where there is no Go toolchain."""
    return _installed("pebble-2.10.1", PEBBLE) if shutil.which("go") else None


def _installed(name: str, package: str) -> pathlib.Path:
    directory = ROOT / "build" / name
    program = directory / package.split("@")[0].rsplit("/", 1)[1]
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            print(f"building {package}", flush=True)
            env = dict(os.environ, GOBIN=str(directory), GOFLAGS="-mod=mod", GOTOOLCHAIN="local")
            subprocess.run(["go", "install", package], check=True, env=env)
    return program
