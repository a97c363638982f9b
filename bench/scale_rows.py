# SPDX-License-Identifier: MPL-2.0
"""What it costs to plan thousands of certificates when nothing is due, beside Terraform's own terraform_data (no provider at all) and
HashiCorp's time_static (the least that a provider costs), each with a state of the same size.

The many are copies of one certificate in the state: planning looks at each by itself, and opens no handle."""

import dataclasses
import json
import os
import statistics
import subprocess
import time

from lab import Lab
from lab.configuration import configuration
from lab.go import TIME, time_provider
from lab.terraform import Terraform

import process_rows  # bench.py puts these on the path
from issuing import Issuing
from report import Row

_EACH = 100
_KINDS = {"certwright_certificate": "Certwright", "terraform_data": "terraform_data", "time_static": "time_static"}


@dataclasses.dataclass
class Plan:
    wall: float
    terraform_cpu: float
    provider_cpu: float
    provider_peak_mb: float


def measured_plan(terraform: Terraform) -> Plan:
    begin = time.monotonic()
    log = terraform.directory / "plan.log"
    with open(log, "wb") as output:
        process = subprocess.Popen([terraform.program, "plan", "-input=false", "-no-color", "-detailed-exitcode"], cwd=terraform.directory,
                                   env=terraform.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        watch = process_rows.CpuWatch(process.pid)
        while True:
            watch.sample()
            # Terraform waits for its providers, so theirs is in it.
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"the plan is not empty: {log.read_text()[-2000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return Plan(time.monotonic() - begin, cpu - watch.seconds(), watch.seconds(), watch.peak_mb)


def _rows(kind: str, number: int, plan: Plan, own: Plan):
    what = f"{number:,} of {_KINDS[kind]}"
    is_ours = kind == "certwright_certificate"
    yield Row(f"{what}: whole plan", plan.wall, "s", None, f"Terraform's CPU {plan.terraform_cpu:.2f} s")
    if plan is own:
        return
    yield Row(f"{what}: the provider's CPU", plan.provider_cpu, "s", 1 if is_ours and number == 1000 else None,
              f"peak memory {plan.provider_peak_mb:.0f} MB")
    yield Row(f"{what}: the provider's CPU beside Terraform's own in the same plan", 100 * plan.provider_cpu / plan.terraform_cpu, "%",
              15 if is_ours and number == 10000 else None)
    yield Row(f"{what}: wall time beside terraform_data's", 100 * (plan.wall / own.wall - 1), "% more")


class Many:
    """A directory with any number of one resource, a hundred in each block: Terraform copies all instances of a block for each of them.
    `head`: the configuration besides; `body`: what is in the block."""

    def __init__(self, terraform: Terraform, kind: str, head: str, body: str, *provider):
        self.terraform, self.kind, self._head, self._body = terraform, kind, head, body
        self._write(1, 1)
        if kind == "terraform_data":
            terraform.run("init", "-input=false", check=True)
        else:
            terraform.init(*provider)
        terraform.apply(check=True)
        self._state = json.loads((terraform.directory / "terraform.tfstate").read_text())

    def _write(self, blocks: int, each: int):
        text = "".join(f'resource "{self.kind}" "web_{block}" {{\n  count = {each}\n{self._body}}}\n' for block in range(blocks))
        (self.terraform.directory / "main.tf").write_text(self._head + text)

    def size(self) -> int:
        """Of one in the state, in bytes."""
        return len(json.dumps(self._one()["instances"]))

    def _one(self) -> dict:
        return next(one for one in self._state["resources"] if one["type"] == self.kind)

    def plan(self, number: int) -> Plan:
        blocks = number // _EACH
        self._write(blocks, _EACH)
        one = self._one()
        instances = [{**one["instances"][0], "index_key": index} for index in range(_EACH)]
        others = [other for other in self._state["resources"] if other is not one]
        many = [{**one, "name": f"web_{block}", "instances": instances} for block in range(blocks)]
        (self.terraform.directory / "terraform.tfstate").write_text(json.dumps({**self._state, "resources": others + many}))
        return measured_plan(self.terraform)


def _head(issuing: Issuing) -> str:
    head = configuration(issuing.bind, issuing.pebble)
    return head[:head.index('resource "certwright_certificate"')]


def plans(lab: Lab, small: bool):
    """Plan and refresh when nothing is due"""
    issuing = Issuing(lab)
    terraform = {name: lab.terraform(name) for name in ("certificates", "own", "time")}
    terraform["certificates"].env["TF_VAR_tsig_secret"] = issuing.bind.secret
    ours = Many(terraform["certificates"], "certwright_certificate", _head(issuing),
                '  external_ca = certwright_external_ca_acme.ca.handle\n  dns_names = ["example.test"]\n')
    half = "x" * (ours.size() // 2)  # terraform_data has it twice: input and output
    own = Many(terraform["own"], "terraform_data", "", f'  input = "{half}"\n')
    program = time_provider()
    other = Many(terraform["time"], "time_static", "", f'  triggers = {{ content = "{half}{half}" }}\n',
                 "hashicorp/time", TIME, program) if program else None
    for number in (_EACH, 3 * _EACH) if small else (1000, 10000):
        issuing.pebble.mark()
        # time_static takes minutes for ten thousand, and more than a gigabyte.
        of = {many.kind: many.plan(number) for many in (ours, own, other) if many and (many is not other or number <= 1000)}
        yield Row(f"{number:,} of Certwright: requests to the CA", sum(issuing.pebble.requests().values()), "requests", 0)
        for kind, plan in of.items():
            yield from _rows(kind, number, plan, of["terraform_data"])


_PROFILE = """resource "certwright_certificate_profile" "team" {
  name        = "team"
  external_ca = certwright_external_ca_acme.ca.handle
  dns_names   = { allow = ["example.test", "**.example.test"], deny = ["*.prod.example.test"], max = 10 }
  profiles    = []
}
"""


def plans_under_a_profile(lab: Lab, small: bool):
    """Plan and refresh under a certificate profile, beside the same without"""
    issuing = Issuing(lab)
    terraform = {name: lab.terraform(name) for name in ("plain", "profile")}
    for one in terraform.values():
        one.env["TF_VAR_tsig_secret"] = issuing.bind.secret
    names = '  dns_names = ["example.test"]\n'
    plain = Many(terraform["plain"], "certwright_certificate", _head(issuing),
                 f"  external_ca = certwright_external_ca_acme.ca.handle\n{names}")
    under = Many(terraform["profile"], "certwright_certificate", _head(issuing) + _PROFILE,
                 f"  external_ca = certwright_certificate_profile.team.handle\n{names}")
    number, runs = (_EACH, 1) if small else (1000, 5)
    issuing.pebble.mark()
    cpu = {many: statistics.median(many.plan(number).provider_cpu for _ in range(runs)) for many in (plain, under)}
    yield Row(f"{number:,} under a profile: requests to the CA", sum(issuing.pebble.requests().values()), "requests", 0)
    yield Row(f"{number:,} under a profile: the provider's CPU, median of {runs}", cpu[under], "s")
    yield Row(f"{number:,} under a profile: the provider's CPU beside that without", 100 * (cpu[under] / cpu[plain] - 1), "% more",
              None if small else 5)
