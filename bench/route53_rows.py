# SPDX-License-Identifier: MPL-2.0
"""What a hosted zone of Route 53 costs: moto behind the strict proxy, each answer 50 ms late."""

import time

from lab import Lab
from lab.configuration import aws_configuration
from lab.tunnel import Tunnel

import peers  # bench.py puts these on the path
from report import Row

LATENCY = 0.05


class Route53:
    def __init__(self, lab: Lab):
        self.lab = lab
        self.bind = lab.bind()
        self.aws = lab.aws(self.bind, latency=LATENCY)
        self.pebble = lab.pebble(self.bind)

    def issue(self, name: str, certificate: dict, *arguments: str) -> tuple[float, int, int]:
        """Wall seconds of the apply that issues, changes of the zone and questions to Route 53 in it."""
        terraform = self.lab.terraform(name)
        terraform.env.update(self.aws.environment, TF_VAR_tsig_secret="unused")
        (terraform.directory / "main.tf").write_text(aws_configuration(self.bind, self.aws, self.pebble, certificate=certificate))
        terraform.init()
        terraform.apply("-target=certwright_external_ca_acme.ca", check=True)
        before = len(self.aws.actions())
        begin = time.monotonic()
        terraform.apply(*arguments, check=True, timeout=900)
        wall = time.monotonic() - begin
        if left := self.aws.records():
            raise RuntimeError(f"records are left in the zone: {left}")
        actions = self.aws.actions()[before:]
        return wall, actions.count("ChangeResourceRecordSets"), len(actions)

    def issue_with_lego(self, lego: peers.Lego, count: int) -> tuple[float, int]:
        """Wall seconds for one certificate with so many names, and changes of the zone."""
        tunnel = Tunnel(self.aws.directory, "route53.amazonaws.com", self.aws.port)
        before = len(self.aws.actions())
        names = [f"n{number}.{self.bind.zone}" for number in range(count)]
        wall = lego.issue_at_route53(self.aws, self.pebble, self.bind.address, names, tunnel)
        tunnel.stop()
        return wall, self.aws.actions()[before:].count("ChangeResourceRecordSets")


def route53(lab: Lab, small: bool):
    """A hosted zone of Route 53, 50 ms away"""
    bench = Route53(lab)
    zone = bench.bind.zone
    names, many = (5, 3) if small else (100, 50)
    wall, changes, asked = bench.issue("route53-names", {"dns_names": f'[for i in range({names}) : "n${{i}}.{zone}"]'})
    yield Row(f"one certificate with {names} names, whole apply", wall, "s", 6, f"{asked} requests to AWS")
    yield Row("changes of the zone in it, in and out", changes, "changes", 4)
    wall, changes, asked = bench.issue("route53-certificates", {"count": str(many), "dns_names": f'["c${{count.index}}.{zone}"]'},
                                       f"-parallelism={many}")
    yield Row(f"{many} certificates at once, whole apply", wall, "s", None, f"{changes} changes, {asked} requests to AWS")
    for lego in peers.legos():
        wall, changes = bench.issue_with_lego(lego, 2 if small else 5)
        yield Row(f"{lego.name} {lego.version}, one certificate with {2 if small else 5} names", wall, "s", None, f"{changes} changes")
