# SPDX-License-Identifier: MPL-2.0
"""Programs that Debian has not, or in an older version, built from the Go module proxy, once, into build/. None where there is no Go
toolchain."""

import fcntl
import json
import os
import pathlib
import shutil
import subprocess

from .venv import ROOT

# The oldest minor version that has write-only attributes, and those since.
OPENTOFU = ["1.11.6", "1.12.6"]
LEGO = "4.35.2"
TIME = "0.13.1"


def recent_pebble() -> pathlib.Path | None:
    """The first with alreadyReplaced; also renewal information and profiles."""
    return _built("github.com/letsencrypt/pebble/v2", "2.10.1", "cmd/pebble")


def recent_lego() -> pathlib.Path | None:
    return _built("github.com/go-acme/lego/v4", LEGO, "cmd/lego")


def time_provider() -> pathlib.Path | None:
    """A provider of HashiCorp's that does as little as one can: what any provider costs."""
    return _built("github.com/hashicorp/terraform-provider-time", TIME)


def opentofu(version: str) -> pathlib.Path | None:
    """Takes some minutes the first time."""
    return _built("github.com/opentofu/opentofu", version, "cmd/tofu", "-X github.com/opentofu/opentofu/version.dev=no")


def _built(module: str, version: str, package: str = "", linking: str = "") -> pathlib.Path | None:
    """In a module of our own with the lists of theirs: `go install` refuses modules that replace others, and wants the list of all
    versions, which some proxies do not have."""
    name = (package or module).rsplit("/", 1)[1]
    directory = ROOT / "build" / f"{name}-{version}"
    program = directory / name
    if not program.exists() and not shutil.which("go"):
        return None
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            print(f"building {module} {version}; the first time it takes minutes", flush=True)
            source = json.loads(_go("mod", "download", "-json", f"{module}@v{version}", cwd=directory))
            for file in ("go.mod", "go.sum"):
                (directory / file).write_text(pathlib.Path(source["Dir"], file).read_text())
            # Ends as theirs does, in /v4: what their list retracts must be versions of this.
            _go("mod", "edit", f"-module=build/{module.rsplit('/', 1)[1]}", f"-require={module}@v{version}", cwd=directory)
            # -p=1: some are large, and other tests may be under way.
            _go("build", "-p=1", f"-ldflags=-s -w {linking}", "-o", f"{program}.new", f"{module}/{package}".rstrip("/"), cwd=directory)
            pathlib.Path(f"{program}.new").replace(program)
    return program


def _go(*arguments: str, cwd: pathlib.Path) -> str:
    """What it prints; its errors are shown."""
    env = dict(os.environ, GOFLAGS="-mod=mod", GOTOOLCHAIN="local", GOWORK="off")
    return subprocess.run(["go", *arguments], check=True, cwd=cwd, env=env, stdout=subprocess.PIPE, text=True).stdout
