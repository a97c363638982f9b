# SPDX-License-Identifier: MPL-2.0
"""Certificates issued at Pebble, with challenge records at BIND: what most rows stand on."""

import re
import time

from lab import Lab
from lab.configuration import configuration
from lab.pebble import issuance_requests

_ANSWERED = re.compile(r"^(\S+) \[DEBUG\] .*call answered.*$", re.MULTILINE)
NO_SYNC = {"certificates": "{ web = certwright_certificate.web[0].handle }"}


def calls(log: str, rpc: str, resource: str) -> list[float]:
    """Seconds that each such call took, from the provider's debug log."""
    lines = [line.group(0) for line in _ANSWERED.finditer(log)]
    return [float(re.search(r"took=\"?([\d.]+)", line).group(1)) / 1000
            for line in lines if f"rpc={rpc}" in line and f"resource={resource}" in line]


def seconds_of(do) -> float:
    begin = time.monotonic()
    do()
    return time.monotonic() - begin


class Issuing:

    def __init__(self, lab: Lab, **pebble_options):
        self.lab = lab
        self.bind = lab.bind()
        self.pebble = lab.pebble(self.bind, **pebble_options)

    def prepare(self, name: str, certificate: dict | None = None, extra: str = "", env: dict | None = None, **replacements):
        """A directory whose account exists already, with certificates still to be issued."""
        terraform = self.lab.terraform(name)
        terraform.env.update({"TF_VAR_tsig_secret": self.bind.secret, **(env or {})})
        text = configuration(self.bind, self.pebble, certificate=certificate, **replacements) + extra
        (terraform.directory / "main.tf").write_text(text)
        terraform.init()
        terraform.apply("-target=certwright_external_ca_acme.ca", check=True)
        self.pebble.mark()
        return terraform

    def issue(self, name: str, *arguments: str, certificate: dict | None = None, **replacements):
        """Wall seconds of the apply, seconds of each ApplyResourceChange of a certificate, requests to the CA."""
        terraform = self.prepare(name, certificate, **replacements)
        begin = time.monotonic()
        log = terraform.apply("-target=certwright_certificate.web", *arguments, check=True, timeout=900,
                              env={"TF_LOG_PROVIDER": "DEBUG"}).stderr
        wall = time.monotonic() - begin
        return wall, calls(log, "ApplyResourceChange", "certwright_certificate"), issuance_requests(self.pebble.requests())
