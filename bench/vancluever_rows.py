# SPDX-License-Identifier: MPL-2.0
"""The provider that people use today, vancluever/acme, doing the same work on the same servers.

BENCH_VANCLUEVER_ACME is a build of its sources (`go build` in a checkout of github.com/vancluever/terraform-provider-acme): no package
has it, so without the variable these rows are left out."""

import os
import pathlib
import re
import subprocess
import time

from lab import Lab
from lab.configuration import configuration
from lab.terraform import Terraform

from issuing import Issuing  # bench.py puts these on the path
from report import Row

PEER = "BENCH_VANCLUEVER_ACME"
_PEER_VERSION = "2.48.0"  # for the mirror only: init compares it with nothing
_APEX = '["example.test", "*.example.test"]'
_TWENTY = {"count": "20", "dns_names": '["n${count.index}.example.test"]'}
_NAMES = {"dns_names": '[for i in range(20) : "m${i}.example.test"]'}


class Family:
    """The provider's processes below a Terraform process: how many there were at once, and how much memory they had then."""

    def __init__(self, terraform_pid: int, program: pathlib.Path):
        self._root = terraform_pid
        self._program = str(program)
        self.most = 0
        self.peak_mb = 0.0

    def sample(self):
        children: dict[int, list[int]] = {}
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                children.setdefault(int(stat.read_text().rsplit(")", 1)[1].split()[1]), []).append(int(stat.parent.name))
            except OSError:
                continue
        found, left = [], [self._root]
        while left:
            below = children.get(left.pop(), [])
            left += below
            found += below
        sizes = [size for pid in found if (size := _proportional_kb(pid, self._program))]
        self.most = max(self.most, len(sizes))
        self.peak_mb = max(self.peak_mb, sum(sizes) / 1024)


def _proportional_kb(pid: int, program: str) -> int:
    """Memory that is shared is divided among those that share it. 0 for other programs, and for a process that has ended."""
    try:
        if os.readlink(f"/proc/{pid}/exe") != program:
            return 0
        return int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE).group(1))
    except (OSError, AttributeError):
        return 0


def _watched(terraform: Terraform, program: pathlib.Path, *arguments: str) -> tuple[float, Family]:
    """Seconds of the command, and what its providers were."""
    log = terraform.directory / "watched.log"
    begin = time.monotonic()
    with open(log, "wb") as output:
        process = subprocess.Popen([terraform.program, *arguments, "-input=false", "-no-color"], cwd=terraform.directory, env=terraform.env,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        family = Family(process.pid, program)
        while process.poll() is None:
            family.sample()
            time.sleep(0.02)
    if process.returncode != 0:
        raise RuntimeError(f"terraform {' '.join(arguments)}: {log.read_text()[-3000:]}")
    return time.monotonic() - begin, family


class _Ours:
    name = "Certwright"

    def __init__(self, issuing: Issuing):
        self._issuing = issuing
        self.terraform = issuing.prepare("certwright")
        self.program = self.terraform.provider

    def write(self, certificates: dict[str, dict]):
        whole = configuration(self._issuing.bind, self._issuing.pebble)
        head = whole[:whole.index('resource "certwright_certificate"')]
        blocks = [f'resource "certwright_certificate" "{label}" {{\n  external_ca = certwright_external_ca_acme.ca.handle\n'
                  + "".join(f"  {name} = {value}\n" for name, value in attributes.items()) + "}\n"
                  for label, attributes in certificates.items()]
        (self.terraform.directory / "main.tf").write_text(head + "".join(blocks))


class _Theirs:
    """As its documentation has it. Like lego's rows, without the propagation check that asks port 53, and with the pause of a minute
    between two values of one record cut to a second."""
    name = "vancluever/acme"

    def __init__(self, issuing: Issuing, program: pathlib.Path):
        self._bind = issuing.bind
        self.program = program
        self.terraform = issuing.lab.terraform("vancluever")
        self.terraform.env["LEGO_CA_CERTIFICATES"] = str(issuing.pebble.ca_file)
        self._head = f"""terraform {{
  required_providers {{ acme = {{ source = "vancluever/acme" }} }}
}}
provider "acme" {{ server_url = "{issuing.pebble.directory_url}" }}
resource "acme_registration" "ca" {{
  account_key_algorithm = "ECDSA"
  account_key_ecdsa_curve = "P256"
  email_address = "ops@example.test"
}}
"""
        self.write({})
        self.terraform.init("vancluever/acme", _PEER_VERSION, program)
        self.terraform.apply(check=True)

    def write(self, certificates: dict[str, dict]):
        blocks = []
        for label, attributes in certificates.items():
            count = f"  count = {attributes['count']}\n" if "count" in attributes else ""
            blocks.append(f"""resource "acme_certificate" "{label}" {{
{count}  account_key_pem = acme_registration.ca.account_key_pem
  key_type = "P256"
  subject_alternative_names = {attributes["dns_names"]}
  recursive_nameservers = ["{self._bind.address}"]
  disable_complete_propagation = true
  dns_challenge {{
    provider = "rfc2136"
    config = {{
      RFC2136_NAMESERVER = "{self._bind.address}"
      RFC2136_TSIG_KEY = "{self._bind.key_name}"
      RFC2136_TSIG_SECRET = "{self._bind.secret}"
      RFC2136_TSIG_ALGORITHM = "hmac-sha256."
      RFC2136_SEQUENCE_INTERVAL = "1"
    }}
  }}
}}
""")
        (self.terraform.directory / "main.tf").write_text(self._head + "".join(blocks))


def vancluever(lab: Lab, small: bool):
    """Beside vancluever/acme"""
    if PEER not in os.environ:
        print(f"left out: {PEER} names no build of it")
        return
    issuing = Issuing(lab)
    for one in (_Ours(issuing), _Theirs(issuing, pathlib.Path(os.environ[PEER]).resolve())):
        terraform = one.terraform
        certificates = {}
        for what, label, attributes in (("one certificate, apex and wildcard", "apex", {"dns_names": _APEX}),
                                        ("one certificate with 20 names", "names", _NAMES),
                                        ("20 more certificates", "many", _TWENTY)):
            certificates[label] = attributes
            one.write(certificates)
            seconds, family = _watched(terraform, one.program, "apply", "-auto-approve")
            yield Row(f"{one.name}: {what}, whole apply", seconds, "s")
        yield Row(f"{one.name}: memory during the last, at most", family.peak_mb, "MB", None, "1 process" if family.most == 1 else f"{family.most} processes")
        issuing.pebble.mark()
        seconds, _ = _watched(terraform, one.program, "plan")
        yield Row(f"{one.name}: plan of these 22, nothing due", seconds, "s")
        yield Row(f"{one.name}: requests to the CA in that plan", sum(issuing.pebble.requests().values()), "requests")
        state = (terraform.directory / "terraform.tfstate").read_text()
        yield Row(f"{one.name}: private keys in clear in that state", len(re.findall("BEGIN (?:EC |RSA )?PRIVATE KEY", state)), "keys")
