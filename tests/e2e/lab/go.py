# SPDX-License-Identifier: MPL-2.0
"""Programs that Debian has only in an older version or not at all, built from the Go module proxy, once, into build/."""

import fcntl
import json
import os
import pathlib
import shutil
import subprocess

from .venv import ROOT

# The first with alreadyReplaced; also renewal information and profiles.
PEBBLE = "github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.1"
# The oldest minor version that has write-only attributes, and those since.
OPENTOFU = ["1.11.6", "1.12.6"]


def recent_pebble() -> pathlib.Path | None:
    """None where there is no Go toolchain."""
    return _installed("pebble-2.10.1", PEBBLE) if shutil.which("go") else None


def opentofu(version: str) -> pathlib.Path | None:
    """None where there is no Go toolchain. Takes some minutes the first time."""
    return _built("github.com/opentofu/opentofu", "cmd/tofu", version) if shutil.which("go") else None


def _installed(name: str, package: str) -> pathlib.Path:
    directory = ROOT / "build" / name
    program = directory / package.split("@")[0].rsplit("/", 1)[1]
    with _locked(directory):
        if not program.exists():
            print(f"building {package}", flush=True)
            _go("install", package, cwd=directory, GOBIN=str(directory))
    return program


def _built(module: str, package: str, version: str) -> pathlib.Path:
    """A program whose module replaces another, which `go install` refuses: a module of our own with the same lists."""
    name = package.rsplit("/", 1)[1]
    directory = ROOT / "build" / f"{name}-{version}"
    program = directory / name
    with _locked(directory):
        if not program.exists():
            print(f"building {module} {version}", flush=True)
            source = json.loads(_go("mod", "download", "-json", f"{module}@v{version}", cwd=directory))
            for file in ("go.mod", "go.sum"):
                (directory / file).write_text(pathlib.Path(source["Dir"], file).read_text())
            _go("mod", "edit", "-module=build", f"-require={module}@v{version}", cwd=directory)
            # -p=1: it is a large program, and other tests may be under way.
            _go("build", "-p=1", f"-ldflags=-s -w -X {module}/version.dev=no", "-o", f"{program}.new", f"{module}/{package}", cwd=directory)
            pathlib.Path(f"{program}.new").replace(program)
    return program


def _locked(directory: pathlib.Path):
    """The lock of the folder, which is made, until the file is closed."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = open(directory / "lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _go(*arguments: str, cwd: pathlib.Path, **env: str) -> str:
    """What it prints; its errors are shown."""
    env = dict(os.environ, GOFLAGS="-mod=mod", GOTOOLCHAIN="local", **env)
    return subprocess.run(["go", *arguments], check=True, cwd=cwd, env=env, stdout=subprocess.PIPE, text=True).stdout
