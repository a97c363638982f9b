# SPDX-License-Identifier: MPL-2.0
"""A real state of the first schema, with every resource, is upgraded: one plan that changes everything in place, orders nothing and moves
nothing, then empty plans. CERTWRIGHT_FORMER_PROVIDER is the program that writes the state: a build of the last commit with that schema."""

import os
import pathlib
import sys
import unittest

from lab.configuration import configuration
from lab.former import former
from lab.terraform import find_provider
from lab.testing import LabTest, main

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "vectors"))

import state as vectors  # noqa: E402


class Upgrade(LabTest):
    def test_one_plan_in_place_then_none(self):
        values = vectors.secrets() | {"cluster_ca_pem": self.pebble.ca_file.read_text()}
        self.terraform.env.update({f"TF_VAR_{name}": value for name, value in values.items()})
        text = configuration(self.bind, self.pebble, provider="  allow_exec = true") + vectors.connections()
        (self.terraform.directory / "main.tf").write_text(former(text))
        self.terraform.provider = pathlib.Path(os.environ["CERTWRIGHT_FORMER_PROVIDER"]).resolve()
        self.terraform.init()
        self.assert_success(self.terraform.apply())
        before = self.terraform.state()
        files = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.out.iterdir()}
        self.pebble.mark()

        self.terraform.provider = find_provider().resolve()
        (self.terraform.directory / "main.tf").write_text(text)
        self.terraform.init()
        plan = self.terraform.plan()
        self.assertIn(f"Plan: 0 to add, {len(before)} to change, 0 to destroy", plan.stdout, plan)
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()
        self.assert_no_changes()

        after = self.terraform.state()
        self.assertEqual(self.pebble.requests(), {})
        self.assertEqual({path: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.out.iterdir()}, files)
        for address, attributes in before.items():
            self.assertEqual(after[address]["id"], attributes["id"], address)
        web = "certwright_certificate.web"
        self.assertEqual(after[web]["serial_number"], before[web]["serial_number"])
        text = (self.terraform.directory / "terraform.tfstate").read_text()
        self.assertNotIn("cw1:", text)
        self.assert_success(self.terraform.destroy())
        self.assertEqual(self.files(), {})


if __name__ == "__main__":
    unittest.main() if "CERTWRIGHT_FORMER_PROVIDER" in os.environ else main("CERTWRIGHT_FORMER_PROVIDER")
