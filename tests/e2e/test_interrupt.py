# SPDX-License-Identifier: MPL-2.0
"""Ctrl-C and a killed provider in the middle of an issuance."""

import os
import signal
import time

from lab.accident import provider_of
from lab.testing import LabTest, main


def wait_for(fact, what: str, seconds: float = 30.0):
    deadline = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain until {what}")
        time.sleep(0.02)


class Interrupt(LabTest):
    pebble_options = {"sleep": 20}

    def setUp(self):
        super().setUp()
        self.configure()
        self.terraform.apply("-target=certwright_external_ca_acme.ca", check=True)

    def start_validation(self):
        """Terraform while the CA validates: it sleeps for 0 to 19 seconds before it asks for each name's record."""
        self.pebble.mark()
        process = self.terraform.start("apply", "-auto-approve", "-input=false", "-no-color")
        self.addCleanup(lambda: process.poll() is None and os.killpg(process.pid, signal.SIGKILL))
        wait_for(lambda: "Pulled a task" in self.pebble.text(), "the CA validates")
        self.assertNotEqual(self.bind.txt_records(), [])
        return process

    def finish(self, process) -> tuple[int, str]:
        stdout, stderr = process.communicate(timeout=60)
        return process.returncode, stdout + stderr

    def test_ctrl_c_is_obeyed_at_once_and_leaves_nothing_but_what_others_wrote(self):
        process = self.start_validation()
        self.bind.add_foreign("_acme-challenge.example.test.", "foreign")

        pressed = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        code, output = self.finish(process)

        self.assertLess(time.monotonic() - pressed, 2.0)
        self.assertNotEqual(code, 0, output)
        self.assertNotIn("did not respond", output)
        self.assertEqual([line.split()[-1] for line in self.bind.txt_records()], ['"foreign"'])
        self.assertEqual(self.files(), {})
        self.assertNotIn("certwright_certificate.web", self.terraform.state())
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()

    def test_ctrl_c_is_obeyed_while_the_ca_does_not_answer(self):
        process = self.start_validation()
        os.kill(self.pebble.server.process.pid, signal.SIGSTOP)
        self.addCleanup(os.kill, self.pebble.server.process.pid, signal.SIGCONT)

        pressed = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        code, output = self.finish(process)

        self.assertLess(time.monotonic() - pressed, 2.0)
        self.assertNotEqual(code, 0, output)
        self.assert_no_txt_records()

    def test_next_apply_succeeds_after_a_killed_provider(self):
        process = self.start_validation()

        os.kill(provider_of(process.pid), signal.SIGKILL)
        code, output = self.finish(process)

        self.assertNotEqual(code, 0, output)
        self.assertEqual(self.files(), {})
        self.assert_success(self.terraform.apply())
        self.assertEqual(len(self.files()), 2)
        self.assert_no_changes()


if __name__ == "__main__":
    main()
