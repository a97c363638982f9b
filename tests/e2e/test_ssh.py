# SPDX-License-Identifier: MPL-2.0
"""Certificates on a machine that is reached by SSH: OpenSSH's own server."""

import json

from lab.configuration import configuration
from lab.testing import LabTest, main


class Ssh(LabTest):

    def setUp(self):
        super().setUp()
        self.sshd = self.lab.sshd()
        self.log = self.terraform.directory / "reloads"
        self.terraform.env["TF_VAR_user_key"] = self.sshd.user_key

    def configure_ssh(self, names: str, host_key: str | None = None):
        program = json.dumps(["sh", "-c", f"echo reload >>{self.log}"])
        connection = f"""
variable "user_key" {{
  type      = string
  sensitive = true
  ephemeral = true
}}
resource "certwright_app_connection_ssh" "ssh" {{
  user        = "{self.sshd.user}"
  private_key_pem = var.user_key
  host_key    = "{host_key or self.sshd.host_key}"
}}
"""
        self.write(connection + configuration(self.bind, self.pebble, provider="allow_exec = true",
                                              certificate={"dns_names": names}, sync={
            "app_connection": "certwright_app_connection_ssh.ssh.handle",
            "destination": f'{{ ssh_host = {{ host = "127.0.0.1", port = {self.sshd.port}, directory = "{self.out}",'
                           f' after_change = {program} }} }}'}))

    def test_a_renewal_replaces_the_files_and_runs_the_program_once(self):
        self.configure_ssh(f'["{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        first = {path.name: path.read_text() for path in self.out.iterdir()}
        self.assertEqual(sorted(self.files().values()), [0o600, 0o644])
        self.assert_no_changes()

        self.configure_ssh(f'["{self.bind.zone}", "www.{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        second = {path.name: path.read_text() for path in self.out.iterdir()}
        self.assertEqual(first.keys(), second.keys())
        self.assertFalse(set(first.values()) & set(second.values()))
        self.assertEqual(self.log.read_text(), "reload\nreload\n")

        next(self.out.glob("*.key")).chmod(0o644)
        self.assertEqual((outcome := self.terraform.plan()).code, 2, outcome)
        self.assert_success(self.terraform.apply())
        self.assertEqual(sorted(self.files().values()), [0o600, 0o644])
        self.assert_no_changes()

        self.assert_success(self.terraform.destroy())
        self.assertEqual(self.files(), {})

    def test_a_machine_with_another_key_gets_nothing(self):
        other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
        self.configure_ssh(f'["{self.bind.zone}"]', other)

        outcome = self.terraform.apply()

        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("is not the one that is known", " ".join(outcome.stderr.split()))
        self.assertEqual(self.files(), {})

    def test_a_password_opens_a_machine_and_a_wrong_one_is_told(self):
        self.assert_password_opens(self.lab.password_sshd())

    def test_a_password_answers_a_dialog(self):
        self.assert_password_opens(self.lab.password_sshd(asks="dialog"))

    def assert_password_opens(self, sshd):
        connection = f"""
variable "password" {{
  type      = string
  sensitive = true
  ephemeral = true
}}
resource "certwright_app_connection_ssh" "ssh" {{
  user     = "{sshd.user}"
  password = var.password
  host_key = "{sshd.host_key}"
}}
"""
        program = json.dumps(["sh", "-c", f"echo reload >>{self.log}"])
        self.write(connection + configuration(self.bind, self.pebble, provider="allow_exec = true", sync={
            "app_connection": "certwright_app_connection_ssh.ssh.handle",
            "destination": f'{{ ssh_host = {{ host = "127.0.0.1", port = {sshd.port}, directory = "{self.out}",'
                           f' after_change = {program} }} }}'}))
        self.terraform.env["TF_VAR_password"] = "wrong"

        refused = self.terraform.apply()
        self.assertEqual(refused.code, 1, refused)
        self.assertIn("refuses the password for the user deploy", refused.stderr)
        self.assertEqual(self.files(), {})
        self.terraform.env["TF_VAR_password"] = sshd.password
        self.assert_success(self.terraform.apply())

        self.assertEqual(sorted(self.files().values()), [0o600, 0o644])
        self.assertEqual(self.log.read_text(), "reload\n")
        self.assert_no_changes()


if __name__ == "__main__":
    main("sshd", "ssh-keygen")
