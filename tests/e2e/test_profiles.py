# SPDX-License-Identifier: MPL-2.0
"""Certificate profiles: what a platform team hands out in place of its CA, to its own configuration and to those of others."""

import json
import subprocess

from lab.configuration import block, configuration
from lab.rego import denied
from lab.terraform import ROOT
from lab.testing import LabTest, main
from test_renewal import WEB, make_due

CA = "certwright_external_ca_acme.ca.handle"
TEAM = "certwright_certificate_profile.team.handle"
SYNC = "certwright_certificate_sync.files"
CSR = "file(\"${path.module}/web.csr\")"

# Rules of the profile, arguments of the certificate, the line to be shown, words of the message.
VIOLATIONS = [
    ({"dns_names": '{ allow = ["*.team.example.test"] }'}, {"dns_names": '["web.example.test"]'}, "dns_names",
     ["profile team", "Names that match no pattern: web.example.test.", "`dns_names.allow`", "Allowed: *.team.example.test."]),
    ({"dns_names": '{ deny = ["admin.example.test"] }'}, {"dns_names": '["*.example.test"]'}, "dns_names",
     ["Names that match a denied pattern: *.example.test.", "`dns_names.deny`", "Denied: admin.example.test."]),
    ({"dns_names": "{ wildcards = false }"}, {"dns_names": '["*.example.test"]'}, "dns_names", ["`dns_names.wildcards`"]),
    ({"dns_names": "{ max = 1 }"}, {"dns_names": '["a.example.test", "b.example.test"]'}, "dns_names", ["2 names", "At most 1"]),
    ({"common_name": '"forbidden"'}, {"common_name": '"example.test"'}, "common_name", ["`common_name` is set.", "forbidden"]),
    ({"common_name": '"required"'}, {}, 'resource "certwright_certificate" "web"', ["`common_name` is not set.", "required"]),
    ({"csr": '"required"'}, {}, 'resource "certwright_certificate" "web"', ["`csr_pem` is not set."]),
    ({"key_algorithms": '["EC_P384", "RSA_4096"]'}, {"key_algorithm": '"RSA_2048"'}, "key_algorithm",
     ["The key algorithm is RSA_2048.", "Allowed: EC_P384, RSA_4096."]),
    ({"profiles": '["shortlived"]'}, {"profile": '"default"'}, "profile", ['`profile` is "default".', "Allowed: shortlived."]),
    ({"profiles": '["shortlived"]'}, {}, 'resource "certwright_certificate" "web"', ["`profile` is not set."]),
    ({"max_validity": '"30d"'}, {"validity": '"60d"'}, "validity", ["`validity` is 60d.", "At most 30d is allowed."]),
    ({}, {"export_private_key": "true"}, "export_private_key", ["Private keys may not be exported into the state."]),
]


class ProfileTest(LabTest):

    def configure_team(self, rules: dict | None = None, issuer: str = TEAM, **certificate):
        """Everything, with the certificate ordered through a profile with these rules, unless it has another issuer."""
        self.write(configuration(self.bind, self.pebble, certificate={"external_ca": issuer, **certificate}) +
                   block("certificate_profile", "team", {"name": '"team"', "external_ca": CA, **(rules or {})}))

    def errors(self, *arguments: str) -> list[dict]:
        outcome = self.terraform.plan("-json", *arguments)
        self.assertEqual(outcome.code, 1, outcome)
        return outcome.diagnostics()

    def web(self) -> dict:
        return self.terraform.state()[WEB]


class Rules(ProfileTest):

    def test_each_violation_is_an_error_of_the_plan_at_its_line(self):
        self.configure_team()
        self.assert_success(self.terraform.apply("-target=certwright_external_ca_acme.ca"))
        for rules, certificate, line, words in VIOLATIONS:
            with self.subTest(rules=rules, certificate=certificate):
                self.configure_team(rules, **certificate)

                errors = self.errors()

                self.assertEqual(len(errors), 1, errors)
                self.assertIn(line, errors[0]["snippet"]["code"], errors[0])
                for word in words:
                    self.assertIn(word, errors[0]["summary"] + errors[0]["detail"], errors[0])
        self.assertNotIn(WEB, self.terraform.state())

    def test_a_renewal_under_a_tightened_rule_fails_in_the_plan_and_touches_nothing(self):
        self.configure_team()
        self.assert_success(self.terraform.apply())
        tightened = {"dns_names": '{ wildcards = false }'}
        self.configure_team(tightened)
        self.assert_success(self.terraform.apply())

        outcome = self.terraform.plan("-json")
        self.assertEqual(outcome.code, 0, outcome)
        warning, = outcome.diagnostics("warning")
        self.assertIn(f"no longer fits its profile: *.{self.bind.zone}", warning["summary"])
        self.assertIn("`dns_names.wildcards` of the profile team", warning["detail"])
        self.assertIn(self.web()["not_after"], warning["detail"])
        self.terraform.edit_state(WEB, make_due)
        before, files = self.terraform.state(), {path.name: path.read_bytes() for path in self.out.iterdir()}
        error, = self.errors()
        refused = self.terraform.apply()

        self.assertIn("dns_names", error["snippet"]["code"])
        self.assertEqual(refused.code, 1, refused)
        self.assertEqual(self.terraform.state(), before)
        self.assertEqual({path.name: path.read_bytes() for path in self.out.iterdir()}, files)
        self.assertEqual(self.pebble.status_of(before[WEB]["serial_number"]), "Valid")

        # Other changes are not stopped by it.
        self.configure_team(tightened, revoke_on_destroy="true", renew_before='"1%"')
        self.terraform.edit_state(WEB, lambda attributes, _: attributes["renewal"].update(due_at="2099-01-01T00:00:00Z"))
        self.assert_success(self.terraform.apply())
        self.assertEqual(self.web()["serial_number"], before[WEB]["serial_number"])

    def test_a_sync_to_another_destination_is_refused_at_the_key(self):
        self.configure_team({"destinations": '["local_files"]'})
        self.assert_success(self.terraform.apply())
        self.configure_team({"destinations": '["kubernetes_secret", "vault_kv"]'})
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()

        self.terraform.edit_state(WEB, make_due)
        error, = self.errors()

        self.assertEqual(error["address"], SYNC)
        self.assertIn("certificates", error["snippet"]["code"])
        self.assertIn("Allowed: kubernetes_secret, vault_kv.", error["detail"])

    def test_a_new_certificate_is_issued_and_goes_nowhere_else(self):
        self.configure_team({"destinations": '["vault_kv"]'})

        outcome = self.terraform.apply("-json")

        self.assertEqual(outcome.code, 1, outcome)
        error, = outcome.diagnostics()
        self.assertEqual(error["address"], SYNC)
        self.assertIn("Allowed: vault_kv.", error["detail"])
        self.assertEqual(self.files(), {})
        error, = self.errors()
        self.assertIn("may not be deployed here: web", error["summary"])

    def test_a_signing_request_is_judged_by_what_it_says(self):
        self.configure_team()
        self.assert_success(self.terraform.apply("-target=certwright_external_ca_acme.ca"))
        self.make_csr()
        for rules, words in [({"csr": '"forbidden"'}, "`csr_pem` is set."), ({"key_algorithms": '["EC_P256"]'}, "RSA_2048"),
                             ({"dns_names": '{ allow = ["x.test"] }'}, "web.example.test")]:
            with self.subTest(rules=rules):
                self.configure_team(rules, csr_pem=CSR, dns_names=None)

                errors = [one for one in self.errors() if one["address"] == WEB]

                self.assertEqual(len(errors), 1, errors)
                self.assertIn("csr_pem", errors[0]["snippet"]["code"], errors[0])
                self.assertIn(words, errors[0]["detail"])

    def make_csr(self):
        subprocess.run(["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj", "/", "-addext",
                        "subjectAltName=DNS:web.example.test", "-out", self.terraform.directory / "web.csr"], check=True, capture_output=True)


class Defaults(ProfileTest):

    def test_moving_between_a_ca_and_its_profiles_orders_nothing(self):
        defaults = {"defaults": '{ key_algorithm = "EC_P384", renew_before = "33%" }'}
        self.configure_team(defaults, issuer=CA)
        self.assert_success(self.terraform.apply())
        serial = self.web()["serial_number"]

        for issuer in (TEAM, CA, TEAM):
            self.configure_team(defaults, issuer=issuer)
            self.assert_success(self.terraform.apply())
            self.assertEqual(self.web()["serial_number"], serial)
            self.assert_no_changes()

    def test_a_changed_default_takes_effect_at_the_next_issuance(self):
        self.configure_team({"defaults": '{ key_algorithm = "EC_P384", renew_before = "33%" }'})
        self.assert_success(self.terraform.apply())
        first = self.web()
        self.assertEqual((first["key_algorithm"], first["renew_before"]), ("EC_P384", "33%"))

        self.configure_team({"defaults": '{ key_algorithm = "RSA_2048", renew_before = "25%" }'})
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()
        self.assertEqual(self.web()["serial_number"], first["serial_number"])
        self.terraform.edit_state(WEB, make_due)
        self.assert_success(self.terraform.apply())

        second = self.web()
        self.assertEqual((second["key_algorithm"], second["renew_before"]), ("RSA_2048", "25%"))
        self.assert_no_changes()

    def test_the_policy_of_the_guide_says_the_same_of_names(self):
        policy = ROOT / "examples" / "certificate-names" / "certificate_names.rego"
        for names, expected in {
                '["team-a.example.com", "SHOP.team-a.example.com"]': set(),
                '["a.shop.team-a.example.com", "example.com"]': {f"{WEB}: a.shop.team-a.example.com is not allowed",
                                                                  f"{WEB}: example.com is not allowed"},
        }.items():
            self.configure(certificate={"dns_names": names})
            self.terraform.run("plan", "-input=false", "-out=plan", check=True)
            plan = self.terraform.run("show", "-json", "plan", check=True).stdout

            self.assertEqual(denied(policy, "data.certificate_names.deny", plan), expected)

    def test_there_is_nothing_to_import(self):
        self.configure_team()
        self.assert_success(self.terraform.apply("-target=certwright_certificate_profile.team"))
        handle = self.terraform.state()["certwright_certificate_profile.team"]["handle"]
        self.terraform.run("state", "rm", "certwright_certificate_profile.team", check=True)

        outcome = self.terraform.run("import", "-no-color", "certwright_certificate_profile.team", "team")
        self.assert_success(self.terraform.apply("-target=certwright_certificate_profile.team"))

        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("There is nothing to import", outcome.stderr)
        self.assertEqual(self.terraform.state()["certwright_certificate_profile.team"]["handle"], handle)

    def test_rules_are_shown_and_can_be_asked(self):
        self.configure_team({"dns_names": '{ allow = ["*.example.test"], max = 2 }', "defaults": '{ renew_before = "33%" }'})
        more = """
data "certwright_handle" "team" { handle = certwright_certificate_profile.team.handle }
output "profiles" { value = data.certwright_handle.team.profiles }
output "allowed" { value = provider::certwright::profile_allows(certwright_certificate_profile.team.dns_names, ["a.example.test"]) }
output "refused" { value = provider::certwright::profile_allows({ allow = ["*.example.test"] }, ["example.test"]) }
"""
        main = self.terraform.directory / "main.tf"
        main.write_text(main.read_text().replace('["example.test", "*.example.test"]', '["a.example.test"]') + more)
        self.assert_success(self.terraform.apply())

        outputs = json.loads(self.terraform.run("output", "-json", check=True).stdout)
        profile, = outputs["profiles"]["value"]
        self.assertEqual(profile["name"], "team")
        self.assertEqual(profile["rules"]["dns_names"], {"allow": ["*.example.test"], "deny": None, "wildcards": None, "max": 2})
        self.assertEqual(profile["defaults"]["renew_before"], "33%")
        self.assertIs(outputs["allowed"]["value"], True)
        self.assertIs(outputs["refused"]["value"], False)


class TwoStates(ProfileTest):
    """A platform team has the CA and its DNS; an application team has a profile's handle, and a state of its own."""

    def start_teams(self, names: str):
        """Applies the platform's configuration, and writes the application's, with these names for its certificate."""
        platform = configuration(self.bind, self.pebble).split('resource "certwright_certificate" "web"')[0]
        self.write(platform + block("certificate_profile", "team", {
            "name": '"team-a"', "external_ca": CA, "dns_names": '{ allow = ["**.team-a.example.test"], wildcards = false }',
            "destinations": '["local_files"]'}) + f'output "profile" {{\n  value     = {TEAM}\n  sensitive = true\n}}\n')
        self.assert_success(self.terraform.apply())
        handle = self.terraform.run("output", "-raw", "profile", check=True).stdout
        self.team = self.lab.terraform("team")
        self.team.env["CERTWRIGHT_SEALING_KEY"] = self.terraform.env["CERTWRIGHT_SEALING_KEY"]
        self.team.env["TF_VAR_profile"] = handle
        self.write_team(names)
        self.team.init()

    def write_team(self, names: str):
        (self.team.directory / "main.tf").write_text(
            'terraform {\n  required_providers { certwright = { source = "certwright/certwright" } }\n}\n'
            'provider "certwright" {}\nvariable "profile" {\n  type      = string\n  sensitive = true\n}\n' +
            block("certificate", "web", {"external_ca": "var.profile", "dns_names": names}) +
            block("certificate_sync", "files", {
                "name": '"web"', "destination": '{ local_files = { directory = "${path.module}/out" } }',
                "certificates": "{ web = certwright_certificate.web.handle }"}))

    def test_an_application_team_orders_what_its_profile_allows_and_nothing_else(self):
        self.start_teams('["www.team-a.example.test"]')
        self.assert_success(self.team.apply())
        self.assertEqual(self.team.plan().code, 0)
        issued = self.team.state()[WEB]

        self.write_team('["www.team-b.example.test"]')
        outcome = self.team.plan("-json")
        self.assertEqual(outcome.code, 1, outcome)
        error, = outcome.diagnostics()
        self.assertIn("profile team-a", error["summary"])
        self.assertIn("dns_names", error["snippet"]["code"])

        # The platform rotates what the handle contains: the certificate stays.
        main = self.terraform.directory / "main.tf"
        main.write_text(main.read_text().replace("wildcards = false", "wildcards = false, max = 10"))
        self.assert_success(self.terraform.apply())
        self.team.env["TF_VAR_profile"] = self.terraform.run("output", "-raw", "profile", check=True).stdout
        self.write_team('["www.team-a.example.test"]')
        self.assert_success(self.team.apply())
        self.assertEqual(self.team.state()[WEB]["serial_number"], issued["serial_number"])
        self.assertEqual(self.team.plan().code, 0)


if __name__ == "__main__":
    main()
