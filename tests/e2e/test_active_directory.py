# SPDX-License-Identifier: MPL-2.0
"""The program of the rfc2136 guide for Active Directory's DNS, at BIND: updates that a Kerberos ticket signs (GSS-TSIG), and no other. A
Windows server has not run it."""

from lab.configuration import block
from lab.guide import script_of
from lab.testing import LabTest, main


class ActiveDirectory(LabTest):

    def start_servers(self):
        self.kerberos = self.lab.kerberos()
        self.bind = self.lab.bind(kerberos=self.kerberos)
        self.pebble = self.lab.pebble(self.bind)

    def configure_program(self, principal: str = "certwright"):
        keytab = self.kerberos.keytab(principal)
        program = self.terraform.directory / "active-directory"
        program.write_text(script_of("dns-rfc2136", "active-directory"))
        program.chmod(0o755)
        self.configure(
            provider="allow_exec = true",
            ca={"dns": f'[{{ app_connection = certwright_app_connection_exec.dns.handle, zone = "{self.bind.zone}" }}]'})
        environment = {"AD_SERVER": f"127.0.0.1 {self.bind.port}", "KEYTAB": keytab, "PRINCIPAL": f"{principal}@{self.kerberos.realm}",
                       "KRB5_CONFIG": self.kerberos.config}
        lines = ", ".join(f'{name} = "{value}"' for name, value in environment.items())
        with (self.terraform.directory / "main.tf").open("a") as file:
            file.write(block("app_connection_exec", "dns", {"program": f'"{program}"', "environment": f"{{ {lines} }}"}))

    def test_issues_and_removes_its_values_alone(self):
        self.bind.add_foreign(f"_acme-challenge.{self.bind.zone}", "foreign")
        self.configure_program()

        self.assert_success(self.terraform.apply())

        self.assertEqual(len(self.files()), 2)
        self.assertEqual([line.split()[-1] for line in self.bind.txt_records()], ['"foreign"'])
        self.assertIn(f"certwright\\@{self.kerberos.realm}: updating zone", self.bind.server.text())

    def test_an_account_without_rights_is_shown_what_the_server_says(self):
        self.configure_program("somebody")

        outcome = self.terraform.apply()

        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("REFUSED", outcome.stdout + outcome.stderr)


if __name__ == "__main__":
    main("krb5kdc", "kadmin.local", "kdb5_util", "kinit")
