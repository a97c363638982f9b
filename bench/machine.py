# SPDX-License-Identifier: MPL-2.0
"""Where and with what the figures were measured."""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess

from lab.process import find_program
from lab.terraform import find_provider, find_terraform

import peers  # bench.py puts both on the path


def _first_line(*command) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0] if lines else "?"


def _debian(package: str) -> str:
    """For programs that do not tell their version."""
    return _first_line("dpkg-query", "--show", "--showformat=${Version}", package)


def _processor() -> str:
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    return f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} threads"


def describe() -> dict[str, str]:
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1))
    terraform = json.loads(subprocess.run([find_terraform(), "version", "-json"], capture_output=True, text=True, check=True).stdout)
    told = {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "memory": f"{memory / 1024 / 1024:.1f} GB",
        "kernel": f"{platform.system()} {platform.release()}",
        "load before the run": f"{os.getloadavg()[0]:.2f}",
        "provider": _first_line(find_provider(), "--version"),
        "Terraform": terraform["terraform_version"],
        "Pebble": f"Debian {_debian('pebble')}",
        "BIND": _first_line(find_program("named"), "-v"),
        "uacme": _first_line("uacme", "--version"),
    }
    return {**told, **{peer.name: peer.version for peer in peers.legos()}}
