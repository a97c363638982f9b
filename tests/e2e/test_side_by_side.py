# SPDX-License-Identifier: MPL-2.0
"""Two runs at once that order the same names from one account of one CA, in one zone: from one directory, and from two."""

import json
import threading

from lab.accident import DnsProxy
from lab.testing import LabTest, journal_entries, main

_APP = """terraform {
  required_providers { certwright = { source = "certwright/certwright" } }
}
variable "ca" {
  type      = string
  sensitive = true
}
provider "certwright" {}
resource "certwright_certificate" "web" {
  external_ca = var.ca
  dns_names   = ["example.test", "*.example.test"]
}
"""


class Meeting:
    """Lets the first changes of two runs through together, so that the records of both stand in the zone at one time."""

    def __init__(self):
        self._together = threading.Barrier(2)
        self._first = threading.Semaphore(2)
        self.missed = False

    def through(self, forward):
        if self._first.acquire(blocking=False):
            try:
                self._together.wait(30)
            except threading.BrokenBarrierError:
                self.missed = True
        return forward()


class SideBySide(LabTest):

    def setUp(self):
        super().setUp()
        self.meeting = Meeting()
        proxy = DnsProxy(self.bind, self.meeting)
        self.addCleanup(proxy.stop)
        self.configure(connection={"server": f'"{proxy.address}"'})
        self.terraform.apply("-target=certwright_external_ca_acme.ca", check=True)
        self.handle = self.terraform.state()["certwright_external_ca_acme.ca"]["handle"]

    def app(self, name: str):
        """A directory with a certificate alone, whose CA is another state's."""
        terraform = self.lab.terraform(name)
        terraform.env.update(TF_VAR_ca=self.handle, CERTWRIGHT_SEALING_KEY=self.terraform.env["CERTWRIGHT_SEALING_KEY"])
        (terraform.directory / "main.tf").write_text(_APP)
        terraform.init()
        return terraform

    def assert_both_succeed(self, first, second):
        """`first`, `second`: a Terraform and the name of its state file."""
        runs = [(terraform, state, terraform.start("apply", "-auto-approve", "-input=false", "-no-color", f"-state={state}"))
                for terraform, state in (first, second)]
        ids = set()
        for terraform, state, process in runs:
            stdout, stderr = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, stdout + stderr)
            saved = json.loads((terraform.directory / state).read_text())
            ids.add(saved["resources"][0]["instances"][0]["attributes"]["certificate_id"])
        self.assertFalse(self.meeting.missed, "the runs did not overlap")
        self.assertEqual(len(ids), 2)
        self.assert_no_txt_records()
        for terraform, state, _ in runs:
            self.assertEqual((outcome := terraform.plan(f"-state={state}")).code, 0, outcome)
        for terraform, _, _ in runs:
            self.assertEqual(journal_entries(terraform.directory), [])

    def test_two_runs_in_one_directory(self):
        app = self.app("app")

        self.assert_both_succeed((app, "one.tfstate"), (app, "two.tfstate"))

    def test_two_states_with_one_zone_and_one_ca(self):
        self.assert_both_succeed((self.app("one"), "terraform.tfstate"), (self.app("two"), "terraform.tfstate"))


if __name__ == "__main__":
    main()
