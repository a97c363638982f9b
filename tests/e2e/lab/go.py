# SPDX-License-Identifier: MPL-2.0
"""Programs that Debian has only in an older version, built from the Go module proxy, once, into build/."""

import fcntl
import os
import pathlib
import shutil
import subprocess
import tempfile

from .venv import ROOT

# The first with alreadyReplaced; also renewal information and profiles.
PEBBLE = "github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.1"
LEGO = "github.com/go-acme/lego/v4/cmd/lego@v4.35.2"
# A provider of HashiCorp's that does as little as one can: what any provider costs.
TIME = "github.com/hashicorp/terraform-provider-time@v0.13.1"


def recent_pebble() -> pathlib.Path | None:
    """None where there is no Go toolchain, as with the others."""
    return _installed("pebble-2.10.1", PEBBLE)


def recent_lego() -> pathlib.Path | None:
    return _installed("lego-4.35.2", LEGO)


def time_provider() -> pathlib.Path | None:
    return _installed("time-0.13.1", TIME)


def _installed(name: str, package: str) -> pathlib.Path | None:
    directory = ROOT / "build" / name
    program = directory / package.split("@")[0].rsplit("/", 1)[1]
    if not program.exists() and not shutil.which("go"):
        return None
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            print(f"building {package}; the first time it takes minutes", flush=True)
            _build(package, program)
    return program


def _build(package: str, program: pathlib.Path):
    """In a module of its own: `go install` wants the list of all versions besides, which some proxies do not have."""
    path, version = package.split("@")
    module = path.split("/cmd/")[0]
    env = dict(os.environ, GOFLAGS="-mod=mod", GOTOOLCHAIN="local", GOWORK="off")
    with tempfile.TemporaryDirectory() as folder:
        for command in (["mod", "init", "lab"], ["mod", "edit", f"-require={module}@{version}"], ["build", "-o", str(program), path]):
            subprocess.run(["go", *command], check=True, env=env, cwd=folder, stderr=None if command[0] == "build" else subprocess.DEVNULL)
