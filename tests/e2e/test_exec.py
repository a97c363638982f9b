# SPDX-License-Identifier: MPL-2.0
"""The exec connection: a program of the user's places the records, where the provider allows it."""

import stat

from lab.configuration import block
from lab.testing import LabTest, main

HOOK = """#!/bin/sh
set -eu
case $1 in present) verb="add $2 1";; cleanup) verb="delete $2";; *) exit 64;; esac
echo "hook: $1 with $NSUPDATE_KEY" >&2
nsupdate -y "$NSUPDATE_KEY" <<EOT
server 127.0.0.1 $NSUPDATE_PORT
update $verb TXT $3
send
EOT
"""


class Exec(LabTest):

    def configure(self, *, allow_exec: bool = True, secret: str = "${var.tsig_secret}", **connection: str):
        hook = self.terraform.directory / "hook"
        hook.write_text(HOOK)
        hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
        super().configure(
            provider=f"allow_exec = {str(allow_exec).lower()}",
            ca={"dns": f'[{{ app_connection = certwright_app_connection_exec.hook.handle, zone = "{self.bind.zone}" }}]'})
        environment = f'{{ NSUPDATE_KEY = "hmac-sha256:{self.bind.key_name}:{secret}", NSUPDATE_PORT = "{self.bind.port}" }}'
        with (self.terraform.directory / "main.tf").open("a") as file:
            file.write(block("app_connection_exec", "hook", {"program": '"${path.module}/hook"', "environment": environment} | connection))

    def test_issues_and_cleans_up_through_the_program(self):
        self.configure()

        self.assert_success(self.terraform.apply())

        self.assertEqual(len(self.files()), 2)
        self.assert_no_txt_records()
        self.assert_no_changes()
        self.assertNotIn(self.bind.secret, (self.terraform.directory / "terraform.tfstate").read_text())

    def test_the_program_sees_neither_the_key_nor_credentials_nor_connections(self):
        self.configure(inherit_environment='["LEGO_*", "MINE"]')
        key = self.terraform.env["CERTWRIGHT_SEALING_KEY"]
        self.terraform.env |= {"LEGO_SERVER": "passed on", "TF_VAR_copy_of_the_key": key, "AWS_SECRET_ACCESS_KEY": "credential-canary", "XDG_COPY": key}
        seen = self.terraform.directory / "seen"
        hook = self.terraform.directory / "hook"
        hook.write_text(HOOK.replace("set -eu", f"set -eu\nenv >>'{seen}'\nfor one in /proc/$$/fd/*; do readlink $one >>'{seen}' || true; done"))

        self.assert_success(self.terraform.apply())

        text = seen.read_text()
        self.assertIn("NSUPDATE_PORT=", text)
        self.assertIn("LEGO_SERVER=passed on", text)
        self.assertNotIn(key, text)
        self.assertNotIn("credential-canary", text)
        self.assertNotIn("TF_VAR_", text)
        self.assertNotIn("socket:", text)

    def test_is_refused_by_the_plan_unless_the_provider_allows_it(self):
        self.configure(allow_exec=False)

        outcome = self.terraform.plan()

        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("allow_exec = true", outcome.stdout + outcome.stderr)
        self.assertIn("app_connection_exec", outcome.stdout + outcome.stderr)

    def test_a_failure_shows_what_the_program_said_without_its_secrets(self):
        wrong = "d3Jvbmctc2VjcmV0LWNhbmFyeS0xMjM0NTY3ODkwMTI="
        self.configure(secret=wrong)

        outcome = self.terraform.apply()

        said = outcome.stdout + outcome.stderr
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("hook: present with ***", said)
        self.assertIn("BADSIG", said)
        self.assertNotIn(wrong, said)


if __name__ == "__main__":
    main()
