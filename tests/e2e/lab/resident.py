# SPDX-License-Identifier: MPL-2.0
"""A provider that outlives the runs of Terraform, as one is started for a debugger: what a long life leaves behind shows in it."""

import base64
import dataclasses
import json
import os
import pathlib
import re

from .process import Server


@dataclasses.dataclass
class Figures:
    resident_mb: float
    descriptors: int
    threads: int

    def __str__(self):
        return f"{self.resident_mb:.1f} MB resident, {self.descriptors} descriptors, {self.threads} threads"


class Resident(Server):

    def __init__(self, provider: pathlib.Path, directory: pathlib.Path):
        directory.mkdir(parents=True, exist_ok=True)
        super().__init__([provider, "-debug"], directory / "provider.log", env={
            **os.environ, "CERTWRIGHT_SEALING_KEY": base64.b64encode(os.urandom(32)).decode(), "NO_PROXY": "localhost,127.0.0.1"})
        self.wait_until(lambda: re.search(r"TF_REATTACH_PROVIDERS='.*'\n", self.text()))
        self.reattach = re.search(r"TF_REATTACH_PROVIDERS='(.*)'\n", self.text()).group(1)
        json.loads(self.reattach)

    def figures(self) -> Figures:
        process = pathlib.Path(f"/proc/{self.process.pid}")
        status = (process / "status").read_text()
        return Figures(resident_mb=int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024,
                       descriptors=len(list((process / "fd").iterdir())),
                       threads=int(re.search(r"Threads:\s+(\d+)", status).group(1)))
