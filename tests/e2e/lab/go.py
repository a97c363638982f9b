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
TERRAFORM = "1.16.0"
OPA = "1.22.3"
DOCUMENTATION = "0.25.0"
KUBERNETES = "1.36.3"


def recent_pebble() -> pathlib.Path | None:
    """The first with alreadyReplaced; also renewal information and profiles."""
    return _built("github.com/letsencrypt/pebble/v2", "2.10.1", "cmd/pebble")


def recent_lego() -> pathlib.Path | None:
    return _built("github.com/go-acme/lego/v4", LEGO, "cmd/lego")


def time_provider() -> pathlib.Path | None:
    """A provider of HashiCorp's that does as little as one can: what any provider costs."""
    return _built("github.com/hashicorp/terraform-provider-time", TIME)


def open_policy_agent(build: bool = False) -> pathlib.Path | None:
    """It takes as long to build as OpenTofu and judges one policy: the matrix builds it, other tests use it where it is there."""
    program = ROOT / "build" / f"opa-{OPA}" / "opa"
    if build:
        return _built("github.com/open-policy-agent/opa", OPA)
    return program if program.exists() else None


def documentation_tool() -> pathlib.Path | None:
    return _built("github.com/hashicorp/terraform-plugin-docs", DOCUMENTATION, "cmd/tfplugindocs")


def terraform(version: str) -> pathlib.Path | None:
    """For those that no Python package has. Takes some minutes the first time."""
    return _built("github.com/hashicorp/terraform", version, linking="-X github.com/hashicorp/terraform/version.dev=no")


def step_ca() -> pathlib.Path | None:
    """step-ca without what it has for clouds: see its main.go."""
    return _built("github.com/smallstep/certificates", "0.30.2", "step-ca", source=pathlib.Path(__file__).parent / "step_ca" / "main.go")


def kube_apiserver() -> pathlib.Path | None:
    """Takes some ten minutes the first time."""
    linking = f"-X k8s.io/component-base/version.gitVersion=v{KUBERNETES}"
    return _built("k8s.io/kubernetes", KUBERNETES, "cmd/kube-apiserver", linking)


def opentofu(version: str) -> pathlib.Path | None:
    """Takes some minutes the first time."""
    return _built("github.com/opentofu/opentofu", version, "cmd/tofu", "-X github.com/opentofu/opentofu/version.dev=no")


def _built(module: str, version: str, package: str = "", linking: str = "", source: pathlib.Path | None = None) -> pathlib.Path | None:
    """In a module of our own with the lists of theirs: `go install` refuses modules that replace others, and wants the list of all
    versions, which some proxies do not have. `source`: a program of ours in place of their package."""
    name = (package or module).rsplit("/", 1)[-1]
    directory = ROOT / "build" / f"{name}-{version}"
    program = directory / name
    if not program.exists() and not shutil.which("go"):
        return None
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            print(f"building {module} {version}; the first time it takes minutes", flush=True)
            theirs = json.loads(_go("mod", "download", "-json", f"{module}@v{version}", cwd=directory))
            for file in ("go.mod", "go.sum"):
                (directory / file).write_text(pathlib.Path(theirs["Dir"], file).read_text())
            _stub_replaced_modules(directory)
            if source:
                shutil.copy(source, directory)
            # Ends as theirs does, in /v4: what their list retracts must be versions of this.
            _go("mod", "edit", f"-module=build/{module.rsplit('/', 1)[1]}", f"-require={module}@v{version}", cwd=directory)
            # -p=1: some are large, and other tests may be under way.
            _go("build", "-p=1", f"-ldflags=-s -w {linking}", "-o", f"{program}.new",
                "." if source else f"{module}/{package}".rstrip("/"), cwd=directory)
            pathlib.Path(f"{program}.new").replace(program)
    return program


def _stub_replaced_modules(directory: pathlib.Path):
    """Terraform replaces the modules of its remote backends by folders that its own module does not contain. The tests keep their state
    in a file. Kubernetes replaces its libraries so, each of which is a module of the same release."""
    for replaced in json.loads(_go("mod", "edit", "-json", cwd=directory)).get("Replace") or []:
        module, folder = replaced["Old"]["Path"], replaced["New"]["Path"]
        if not folder.startswith("./"):
            continue
        if folder.startswith("./staging/src/k8s.io/"):
            _go("mod", "edit", f"-replace={module}={module}@v{KUBERNETES.replace('1.', '0.', 1)}", cwd=directory)
            continue
        stub = directory / folder
        stub.mkdir(parents=True, exist_ok=True)
        (stub / "go.mod").write_text(f"module {module}\n")
        if "/backend/" in module:
            (stub / "stub.go").write_text('package stub\n\nimport "github.com/hashicorp/terraform/internal/backend"\n\n'
                                          "func New() backend.Backend { return nil }\n")


def _go(*arguments: str, cwd: pathlib.Path) -> str:
    """What it prints; its errors are shown."""
    env = dict(os.environ, GOFLAGS="-mod=mod", GOTOOLCHAIN="local", GOWORK="off")
    return subprocess.run(["go", *arguments], check=True, cwd=cwd, env=env, stdout=subprocess.PIPE, text=True).stdout
