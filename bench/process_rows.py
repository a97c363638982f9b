# SPDX-License-Identifier: MPL-2.0
"""What the provider costs as a process: start, memory, stop, size."""

import datetime
import os
import pathlib
import re
import signal
import statistics
import subprocess
import time

from lab import Lab, find_provider

from report import Row  # bench.py puts both on the path

# Terraform's constant, without which a plugin refuses to start.
_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"


def _client_certificate(directory: pathlib.Path) -> str:
    """A certificate as Terraform offers one, so that the provider makes its own and verifies: the slower way, and the usual one."""
    pem = directory / "client.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                    "-keyout", "/dev/null", "-out", str(pem)], check=True, capture_output=True)
    return pem.read_text()


def measure(provider: pathlib.Path, directory: pathlib.Path, runs: int = 15) -> dict[str, float]:
    """Medians: milliseconds to the handshake line, MB resident after it, milliseconds from an interrupt to the end. A plugin stops on
    Terraform's word alone, so the stop is that of -debug, which is the same but for what starts it."""
    env = dict(os.environ, TF_PLUGIN_MAGIC_COOKIE=_COOKIE, PLUGIN_PROTOCOL_VERSIONS="6",
               PLUGIN_CLIENT_CERT=_client_certificate(directory))
    starts, sizes, stops = [], [], []
    for _ in range(runs):
        begin = time.monotonic()
        process = subprocess.Popen([provider], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = process.stdout.readline()
        starts.append((time.monotonic() - begin) * 1000)
        if not line.startswith(b"1|6|unix|"):
            raise RuntimeError(f"no handshake line: {line!r}")
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        sizes.append(int(status.split("VmRSS:")[1].split()[0]) / 1024)
        process.kill()
        process.wait()
        stops.append(_stop_of_debug_mode(provider))
    return {"start": statistics.median(starts), "resident": statistics.median(sizes), "stop": statistics.median(stops)}


def _stop_of_debug_mode(provider: pathlib.Path) -> float:
    process = subprocess.Popen([provider, "-debug"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    while not process.stdout.readline().startswith(b"TF_REATTACH_PROVIDERS="):
        if process.poll() is not None:
            raise RuntimeError("-debug ended by itself")
    begin = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    return (time.monotonic() - begin) * 1000


def _until_schema(lab: Lab, runs: int) -> float:
    """Median of the milliseconds from Terraform's start of the program to the provider's answer with its schemas, as their log has it."""
    terraform = lab.terraform("schema")
    (terraform.directory / "main.tf").write_text('terraform {\n  required_providers { certwright = { source = "certwright/certwright" } }\n}\n')
    terraform.init()
    taken = []
    for _ in range(runs):
        log = terraform.run("providers", "schema", "-json", check=True, env={"TF_LOG": "DEBUG"}).stderr
        started = re.search(r"^(\S+) \[DEBUG\] provider: starting plugin", log, re.MULTILINE).group(1)
        answered = re.search(r"call answered: .*rpc=GetProviderSchema .*timestamp=(\S+)", log).group(1)
        taken.append((datetime.datetime.fromisoformat(answered) - datetime.datetime.fromisoformat(started)).total_seconds() * 1000)
    return statistics.median(taken)


def _stripped_mb(provider: pathlib.Path, directory: pathlib.Path) -> float:
    stripped = directory / "stripped"
    subprocess.run(["strip", "-o", stripped, provider], check=True)
    return stripped.stat().st_size / 1024 / 1024


def process(lab: Lab, small: bool):
    """The process"""
    runs = 3 if small else 15
    provider = find_provider()
    figures = measure(provider, lab.directory, runs)
    yield Row(f"start to handshake line, median of {runs}", figures["start"], "ms", 20)
    yield Row("start to schema, Terraform's part included", _until_schema(lab, runs), "ms", 30)
    yield Row("resident after the handshake", figures["resident"], "MB", 16)
    yield Row("stop", figures["stop"], "ms", 20)
    yield Row("size of the program, stripped", _stripped_mb(provider, lab.directory), "MB", 20)


class CpuWatch:
    """CPU seconds of the provider processes below a Terraform process; sample() often, they end without a word."""

    def __init__(self, terraform_pid: int):
        self._parent = terraform_pid
        self._ticks: dict[str, int] = {}
        self.peak_mb = 0.0

    def sample(self):
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
                if int(fields[1]) != self._parent:
                    continue
                self._ticks[stat.parent.name] = int(fields[11]) + int(fields[12])
                status = (stat.parent / "status").read_text()
                self.peak_mb = max(self.peak_mb, int(status.split("VmHWM:")[1].split()[0]) / 1024)
            except (OSError, IndexError):
                continue

    def seconds(self) -> float:
        return sum(self._ticks.values()) / os.sysconf("SC_CLK_TCK")
