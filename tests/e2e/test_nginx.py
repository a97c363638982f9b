# SPDX-License-Identifier: MPL-2.0
"""nginx serves what local_files wrote, and goes over to a renewed certificate without losing a connection."""

import json
import time

from lab.nginx import Load
from lab.testing import LabTest, main


class Served(LabTest):

    def configure_files(self, names: str, after_change: list[str] | None):
        program = f", after_change = {json.dumps(after_change)}" if after_change else ""
        self.configure(provider="allow_exec = true", certificate={"dns_names": names}, sync={
            "destination": f'{{ local_files = {{ directory = "${{path.module}}/out"{program} }} }}'})

    def fingerprint(self) -> str:
        return self.terraform.state()["certwright_certificate_sync.files"]["synced"]["web"]["fingerprint_sha256"]

    def test_a_renewal_is_served_without_a_failed_connection(self):
        self.configure_files(f'["{self.bind.zone}"]', None)
        self.assert_success(self.terraform.apply())
        first = self.fingerprint()
        nginx = self.lab.nginx(next(self.out.glob("*.crt")), next(self.out.glob("*.key")))
        self.assertEqual(nginx.fingerprint(), first)

        old_workers = nginx.workers()
        with Load(nginx) as load:
            self.configure_files(f'["{self.bind.zone}", "www.{self.bind.zone}"]', nginx.reload)
            self.assert_success(self.terraform.apply())
            deadline = time.monotonic() + 15
            # They serve besides the new ones for a moment.
            while old_workers & nginx.workers() and time.monotonic() < deadline:
                nginx.fingerprint()

        self.assertEqual(nginx.fingerprint(), self.fingerprint())
        self.assertEqual(load.failures, [])
        self.assertEqual(set(load.served), {first, self.fingerprint()})
        self.assert_no_changes()

    def test_a_program_that_fails_is_run_again(self):
        allowed = self.terraform.directory / "allowed"
        allowed.touch()
        program = ["test", "-e", str(allowed)]
        self.configure_files(f'["{self.bind.zone}"]', program)
        self.assert_success(self.terraform.apply())
        allowed.unlink()
        self.configure_files(f'["{self.bind.zone}", "www.{self.bind.zone}"]', program)

        outcome = self.terraform.apply()
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("test ended with exit code 1", outcome.stderr)
        self.assertEqual((planned := self.terraform.plan()).code, 2, planned)
        allowed.touch()
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()


if __name__ == "__main__":
    main("nginx")
