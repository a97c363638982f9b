# SPDX-License-Identifier: MPL-2.0
"""Knot DNS as the authoritative server of a zone, with an access list that is the caller's: in tests the one of the guide."""

import base64
import os
import pathlib
import subprocess

from .process import Server, find_program, free_port

_CONFIG = """
server:
    listen: 127.0.0.1@{port}
    rundir: {directory}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: {directory}
key:
  - id: {key_name}
    algorithm: hmac-sha256
    secret: {secret}
  - id: reader.
    algorithm: hmac-sha256
    secret: {secret}
{acl}
  - id: reader
    key: reader.
    action: transfer
template:
  - id: default
    storage: {directory}
    zonefile-sync: -1
    journal-content: all
zone:
  - domain: {zone}
    acl: [certwright, reader]
"""

_ZONE = """$TTL 1
@ IN SOA ns.{zone}. hostmaster.{zone}. 1 3600 600 86400 1
@ IN NS ns.{zone}.
ns IN A 127.0.0.1
"""


class Knot:
    key_name = "certwright."

    def __init__(self, directory: pathlib.Path, acl: str, *, zone: str = "example.test"):
        """`acl`: the section of that name, with a rule "certwright" for the key of the same name."""
        self.directory = directory
        self.zone = zone
        self.secret = base64.b64encode(os.urandom(32)).decode()
        for _ in range(3):
            self.port = free_port()
            if self._start(acl):
                return
        raise RuntimeError(f"knotd did not start; see {self.server.log}")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _start(self, acl: str) -> bool:
        config = self.directory / "knot.conf"
        config.write_text(_CONFIG.format(
            directory=self.directory, port=self.port, zone=self.zone, key_name=self.key_name, secret=self.secret, acl=acl))
        config.chmod(0o600)
        (self.directory / f"{self.zone}.zone").write_text(_ZONE.format(zone=self.zone))
        self.server = Server([find_program("knotd"), "-c", config], self.directory / "knot.log")
        try:
            self.server.wait_until(lambda: f"[{self.zone}.] loaded" in self.server.text())
        except RuntimeError:
            if "address already in use" in self.server.text():
                return False
            raise
        return "cannot bind" not in self.server.text()

    def txt_records(self) -> list[str]:
        """The zone's TXT records, one line each, by a zone transfer."""
        answer = subprocess.run(
            ["dig", "@127.0.0.1", "-p", str(self.port), "-y", f"hmac-sha256:reader.:{self.secret}", "+onesoa", "+noall", "+answer",
             self.zone, "AXFR"], check=True, capture_output=True, text=True, timeout=10).stdout
        if "SOA" not in answer:
            raise RuntimeError(f"the zone transfer failed: {answer}")
        return [line for line in answer.splitlines() if line.split()[3:4] == ["TXT"]]

    def stop(self):
        self.server.stop()
