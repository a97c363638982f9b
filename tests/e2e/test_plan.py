# SPDX-License-Identifier: MPL-2.0
"""What people and programs read of this provider for years: the plan of a renewal."""

import json
import re
import subprocess

from lab import Lab
from lab.rego import denied
from lab.terraform import ROOT
from lab.testing import LabTest, main
from test_renewal import WEB, make_due

FILES = "certwright_certificate_sync.files"
USER = """
resource "terraform_data" "user" {
  triggers_replace = certwright_certificate_sync.files.synced["web"].external_id
}
"""
# As a reusable module would pass it on.
MODULE = """
variable "certificates" { type = map(string) }
resource "certwright_certificate_sync" "files" {
  name         = "module"
  destination  = { local_files = { directory = "${path.root}/module-out" } }
  certificates = { for name, handle in merge(var.certificates, {}) : name => handle }
}
output "ids" { value = { for name, one in certwright_certificate_sync.files.synced : name => one.external_id } }
"""
USER_OF_MODULE = """
module "deployed" {
  for_each     = toset(["one"])
  source       = "./deployed"
  certificates = { web = certwright_certificate.web.handle }
}
resource "terraform_data" "user_of_module" {
  triggers_replace = module.deployed["one"].ids["web"]
}
"""


def without_pem(text: str) -> str:
    """Terraform prints a text of several lines with markers around it."""
    return re.sub(r" +~ \w+_pem += <<-EOT\n.*?\n *EOT[^\n]*\n", "", text, flags=re.DOTALL)


class PlanTest(LabTest):

    def start(self, more: str = USER):
        self.configure()
        self.write((self.terraform.directory / "main.tf").read_text() + more)
        self.terraform.run("get", check=True)
        self.terraform.init()
        self.assert_success(self.terraform.apply())

    def changes(self) -> dict[str, dict]:
        """Of a saved plan, by address."""
        shown = json.loads(self.terraform.run("show", "-json", "plan", check=True).stdout)
        return {one["address"]: one["change"] for one in shown["resource_changes"] if one["change"]["actions"] != ["no-op"]}

    def plan_to_file(self, *arguments: str) -> dict[str, dict]:
        self.terraform.run("plan", "-input=false", "-out=plan", *arguments, check=True)
        return self.changes()

    def apply_plan(self):
        self.assert_success(self.terraform.run("apply", "-input=false", "plan"))


class RenewalPlan(PlanTest):

    def test_a_renewal_replaces_nothing_that_refers_to_the_deployed_object(self):
        module = self.terraform.directory / "deployed"
        module.mkdir()
        (module / "main.tf").write_text(
            'terraform {\n  required_providers { certwright = { source = "certwright/certwright" } }\n}\n' + MODULE)
        self.start(USER + USER_OF_MODULE)
        before = self.terraform.state()
        self.terraform.edit_state(WEB, make_due)

        changes = self.plan_to_file()

        synced = 'module.deployed["one"].certwright_certificate_sync.files'
        self.assertEqual(set(changes), {WEB, FILES, synced})
        for address in (FILES, synced):
            self.assertEqual(changes[address]["actions"], ["update"])
            unknown = changes[address]["after_unknown"]["synced"]["web"]
            self.assertNotIn("external_id", unknown)
            self.assertNotIn("name", unknown)
        self.apply_plan()
        self.assert_no_changes()
        after = self.terraform.state()
        self.assertEqual(after["terraform_data.user"], before["terraform_data.user"])
        self.assertNotEqual(after[WEB]["serial_number"], before[WEB]["serial_number"])

    def test_a_repair_replaces_nothing_either(self):
        self.start()
        for path in self.out.glob("*.crt"):
            path.unlink()

        changes = self.plan_to_file()

        self.assertEqual(set(changes), {FILES})
        self.assertNotIn("external_id", changes[FILES]["after_unknown"]["synced"]["web"])
        self.apply_plan()
        self.assert_no_changes()

    def test_the_plan_says_why_and_is_short(self):
        self.start("")
        self.terraform.edit_state(WEB, make_due)

        outcome = self.terraform.plan()
        changes = self.plan_to_file()

        web = changes[WEB]["after"]
        self.assertEqual(web["issued_because"], "renewal")
        self.assertIn("since 2026-01-01T00:00:00Z", web["issued_because_detail"])
        self.assertEqual(outcome.stdout.count("BEGIN CERTIFICATE"), 2, outcome)
        lines = outcome.stdout.split("\n")
        first = next(i for i, line in enumerate(lines) if line.startswith(f"  # {WEB}"))
        last = next(i for i, line in enumerate(lines) if line.startswith("Plan:"))
        shown = [line for line in without_pem("\n".join(lines[first:last])).split("\n") if line.strip()]
        self.assertLessEqual(len(shown), 40, "\n".join(shown))

    def test_the_log_has_a_line_for_what_is_due_and_one_for_what_is_renewed(self):
        self.start("")
        self.terraform.edit_state(WEB, make_due)

        log = self.terraform.apply(env={"TF_LOG_PROVIDER": "INFO"}).stderr

        self.assertEqual(log.count("certificate is due for renewal"), 1, log)
        self.assertEqual(log.count("certificate renewed"), 1, log)
        self.assertIn("by its lifetime since 2026-01-01T00:00:00Z", log)

    def test_without_a_refresh_a_client_renews_or_is_told(self):
        self.start("")
        self.terraform.edit_state(WEB, make_due)

        outcome = self.terraform.plan("-refresh=false", "-json")

        if outcome.code == 0:
            warning, = outcome.diagnostics("warning")
            self.assertIn("A renewal is due", warning["summary"])
            self.assertEqual(warning["address"], WEB)
        else:
            self.assertEqual(outcome.code, 2, outcome)
            self.assertIn("renewal", self.plan_to_file("-refresh=false")[WEB]["after"]["issued_because"])
            self.apply_plan()
            self.assert_no_changes()


POLICY = ROOT / "examples" / "renewals-only"


class Approval(PlanTest):
    """The policies of the guide: renewals alone pass, by each of them and for the same reasons."""

    def refusals(self) -> list[str]:
        """What jq says; what the policy in Rego says must be about the same objects."""
        plan = self.terraform.run("show", "-json", "plan", check=True).stdout
        jq = subprocess.run(["jq", "-e", "-f", POLICY / "renewals_only.jq"], input=plan, capture_output=True, text=True)
        said = jq.stderr.split("\n")[:-1]
        self.assertEqual(jq.returncode, 1 if said else 0, jq)
        denied_by_policy = denied(POLICY / "renewals_only.rego", "data.renewals_only.deny", plan)
        self.assertEqual({one.split()[0].rstrip(":") for one in denied_by_policy}, {one.split()[0] for one in said}, denied_by_policy)
        return said

    def judge(self) -> list[str]:
        self.terraform.run("plan", "-input=false", "-out=plan", check=True)
        return self.refusals()

    def test_nothing_but_renewals_is_approved(self):
        self.start()
        self.assertEqual(self.judge(), [])
        self.terraform.edit_state(WEB, make_due)
        self.assertEqual(self.judge(), [])

        config = (self.terraform.directory / "main.tf").read_text()
        for change, reason in {
                "revoke_on_destroy = true": f"{WEB} `revoke_on_destroy` changes",
                'common_name = "example.test"': f"{WEB} is not renewed",
        }.items():
            self.write(config.replace('resource "certwright_certificate" "web" {', f'resource "certwright_certificate" "web" {{\n  {change}'))
            self.assertIn(reason, self.judge())
        self.write(config.replace('triggers_replace =', 'input = "another"\n  triggers_replace ='))
        self.assertEqual(self.judge(), ["terraform_data.user changes"])
        self.write(config.replace('name = "web"', 'name = "web"\n  description = "another"'))
        self.assertEqual(self.judge(), [f"{FILES} `description` changes"])

    def test_a_repair_and_a_new_object_are_refused(self):
        self.configure()
        self.terraform.run("plan", "-input=false", "-out=plan", check=True)
        self.assertIn(f"{WEB} is not updated in place", self.refusals())
        self.assert_success(self.terraform.apply())
        for path in self.out.glob("*.crt"):
            path.unlink()
        self.assertIn(f"{FILES} is changed without a renewal", self.judge())


# Attribute of a resource, what is written for it, the line to be shown, and words of the text.
MISTAKES = [
    ("external_ca_acme", "propagation", '{\n    nameservers = ["127.0.0.1"]\n    timeout     = "soon"\n  }', "timeout", "propagation.timeout"),
    ("external_ca_acme", "propagation", '{\n    wait_for = "some"\n    delay    = "1s"\n  }', "wait_for", "propagation.wait_for"),
    ("external_ca_acme", "propagation", '{\n    delay     = "1s"\n    resolvers = ["bad address"]\n  }', "resolvers", "propagation.resolvers[0]"),
    ("external_ca_acme", "eab", '{\n    kid      = "kid"\n    hmac_key = "no base64!"\n  }', "hmac_key", "eab.hmac_key"),
    ("external_ca_acme", "eab", '{\n    hmac_key = "aGVsbG8"\n    kid      = ""\n  }', "kid", "eab.kid"),
    ("external_ca_acme", "dns", '[\n    { app_connection = "not-a-handle", zone = "a.test" },\n  ]', "app_connection", "dns[0].app_connection"),
    ("certificate", "timeouts", '{\n    create = "10m"\n    update = "soon"\n  }', "update", "timeouts.update"),
    ("certificate_sync", "timeouts", '{\n    read   = "10m"\n    delete = "soon"\n  }', "delete", "timeouts.delete"),
    ("certificate_sync", "certificates", '{\n    one = "not-a-handle"\n  }', "one", "handle"),
    ("certificate_sync", "names", '{\n    web   = "fine"\n    other = "a/../b"\n  }', "other", "leads out of the directory"),
    ("external_ca_acme", "dns", '[\n    { zone = "", app_connection = local.dns },\n  ]', "zone", "dns[0].zone"),
    ("certificate_sync", "destination",
     '{\n    local_files = {\n      directory = "/x"\n      certificate_mode = "9"\n    }\n  }', "local_files",
     "destination.local_files.certificate_mode"),
    ("certificate_sync", "destination",
     '{\n    aws_secrets_manager = {\n      recovery_window_days = 3\n    }\n  }', "aws_secrets_manager",
     "destination.aws_secrets_manager.recovery_window_days"),
    ("certificate_sync", "destination",
     '{\n    azure_key_vault = {\n      vault_url = "my-vault"\n    }\n  }', "azure_key_vault", "destination.azure_key_vault.vault_url"),
    ("certificate_sync", "destination",
     '{\n    google_certificate_manager = {\n      labels = { "Team" = "x" }\n    }\n  }', "google_certificate_manager",
     "destination.google_certificate_manager.labels"),
    ("certificate_sync", "destination",
     '{\n    ssh_host = {\n      host      = "h"\n      directory = "relative"\n    }\n  }', "ssh_host",
     "destination.ssh_host.directory"),
    ("certificate_sync", "destination",
     '{\n    vault_kv = {\n      mount = "a b/"\n    }\n  }', "vault_kv", "destination.vault_kv."),
    ("certificate_sync", "destination", '{\n    local_files = {\n      directory = "/x"\n      layout    = "pem"\n    }\n  }', "local_files", "destination.local_files.layout"),
    ("certificate_sync", "destination",
     '{\n    aws_certificate_manager = {\n      region = "Ireland"\n    }\n  }', "aws_certificate_manager", "destination.aws_certificate_manager.region"),
    ("certificate_sync", "destination",
     '{\n    aws_certificate_manager = {\n      tags = { "aws:x" = "y" }\n    }\n  }', "aws_certificate_manager", "destination.aws_certificate_manager.tags"),
    ("certificate_sync", "destination",
     '{\n    kubernetes_secret = {\n      namespace = "Not Valid"\n    }\n  }', "kubernetes_secret", "destination.kubernetes_secret.namespace"),
    ("app_connection_aws", "assume_role", '{\n    duration = "15m"\n    role_arn = "role"\n  }', "role_arn", "assume_role.role_arn"),
    ("app_connection_aws", "assume_role",
     '{\n    role_arn = "arn:aws:iam::123456789012:role/name"\n    duration = "1m"\n  }', "duration", "assume_role.duration"),
    ("app_connection_vault", "jwt", '{\n    token_file = "/x"\n    role       = null\n  }', "", "role"),
]


class Lines(LabTest):
    """Errors in nested attributes are shown at the line of the mistake; deeper ones at the line of what holds it, with the whole path."""

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.terraform = self.lab.terraform()

    def test_each_mistake_is_at_its_line_once(self):
        others = {
            "external_ca_acme": {"name": '"ca"', "directory_url": '"https://ca.test/dir"', "dns": "[]"},
            "certificate": {"external_ca": "local.ca", "dns_names": '["a.test"]'},
            "certificate_sync": {"name": '"s"', "certificates": "{}", "destination": '{ local_files = { directory = "/x" } }'},
            "app_connection_aws": {},
            "app_connection_vault": {"server_url": '"https://vault.test"'},
        }
        for kind, attribute, value, line, words in MISTAKES:
            with self.subTest(kind=kind, attribute=attribute, line=line):
                attributes = {**others[kind], attribute: value}
                if attribute == "names":
                    attributes["certificates"] = '{ web = "cw2:certificate:1.EC_P256:0:A", other = "cw2:certificate:2.EC_P256:0:A" }'
                if attribute == "destination" and "local_files" not in value:
                    attributes["app_connection"] = '"cw2:connection::00000000:AAAA"'
                body = "\n".join(f"  {name} = {text}" for name, text in attributes.items())
                self.write('terraform {\n  required_providers { certwright = { source = "certwright/certwright" } }\n}\n'
                           'locals {\n  ca  = "cw2:ca::00000000:AAAA"\n  dns = "cw2:connection::00000000:AAAA"\n}\n'
                           f'resource "certwright_{kind}" "x" {{\n{body}\n}}\n')

                outcome = self.terraform.run("validate", "-json")

                errors = [one for one in json.loads(outcome.stdout)["diagnostics"] if one["severity"] == "error"]
                self.assertEqual(len(errors), 1, errors)
                self.assertIn(line, errors[0]["snippet"]["code"], errors[0])
                self.assertIn(words, errors[0]["summary"] + errors[0]["detail"], errors[0])


if __name__ == "__main__":
    main()
