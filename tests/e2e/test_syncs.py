# SPDX-License-Identifier: MPL-2.0
"""One certificate at seven destinations at once, through Terraform and Pebble: AWS as moto plays it behind a strict proxy, a strict
Key Vault, Kubernetes and Cloudflare, and files."""

import json

from lab import key_vault, kubernetes
from lab.configuration import block, configuration
from lab.testing import LabTest, main
from test_key_vault import make_certificate

VARIABLES = """
variable "aws_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}
variable "azure_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}
variable "kubernetes_token" {
  type      = string
  sensitive = true
  ephemeral = true
}
variable "cloudflare_token" {
  type      = string
  sensitive = true
  ephemeral = true
}
"""
SYNCS = ("acm", "balancer", "edge", "files", "secrets", "tls", "vault")
CLOUDFLARE_TOKEN = "token-canary-0123456789abcdefghijklmnopq"
CLOUDFLARE_ZONE = "0123456789abcdef0123456789abcdef"
FOREIGN = {"metadata": {"name": "theirs"}, "type": "Opaque", "data": {"password": "dGhlaXJz"}}


class Syncs(LabTest):

    def setUp(self):
        super().setUp()
        self.aws = self.lab.aws(self.bind)
        self.vault = self.lab.key_vault()
        self.kubernetes = self.lab.kubernetes()
        self.cloudflare = self.lab.fake("cloudflare_certificates")
        self.terraform.env.update(TF_VAR_aws_secret=self.aws.secret, TF_VAR_azure_secret=key_vault.SECRET,
                                  TF_VAR_kubernetes_token=kubernetes.TOKEN, TF_VAR_cloudflare_token=CLOUDFLARE_TOKEN)
        self.kubernetes.apply(FOREIGN)
        pem, _ = make_certificate(self.lab.directory)
        key, certificate = pem.split("-----END PRIVATE KEY-----\n")
        self.balancer = self.aws.make_balancer(certificate, key + "-----END PRIVATE KEY-----\n")
        self.aws.meddle("make_secret", name="theirs", text="stays")
        self.vault.ask_client(["import_pem", "theirs", pem, {}])

    def configure_all(self, names: str):
        destinations = {
            "acm": ("aws", '{ aws_certificate_manager = { region = "eu-west-1", tags = { team = "web" } } }'),
            "balancer": ("aws", f'{{ aws_load_balancer = {{ load_balancer_arn = "{self.balancer["load_balancer"]}", listeners = '
                                f'[{{ listener_arn = "{self.balancer["listener"]}", default = true }}] }} }}'),
            "secrets": ("aws", '{ aws_secrets_manager = { region = "eu-west-1", field_names = { certificate = "tls.crt" } } }'),
            "tls": ("kubernetes", f'{{ kubernetes_secret = {{ namespace = "{kubernetes.NAMESPACE}", labels = {{ team = "web" }} }} }}'),
            "edge": ("cloudflare", f'{{ cloudflare_custom_certificate = {{ zone_id = "{CLOUDFLARE_ZONE}" }} }}'),
            "vault": ("azure", f'{{ azure_key_vault = {{ vault_url = "{self.vault.url}" }} }}'),
        }
        self.write(VARIABLES + configuration(self.bind, self.pebble, certificate={"dns_names": names}) + "".join([
            block("app_connection_aws", "aws", {
                "access_key_id": f'"{self.aws.key_id}"', "secret_access_key": "var.aws_secret", "endpoint_url": f'"{self.aws.url}"'}),
            block("app_connection_azure", "azure", {
                "tenant_id": f'"{key_vault.TENANT}"', "client_id": f'"{key_vault.CLIENT}"', "client_secret": "var.azure_secret",
                "authority_url": f'"{self.vault.url}"'}),
            block("app_connection_kubernetes", "kubernetes", {
                "server_url": f'"{self.kubernetes.url}"', "token": "var.kubernetes_token", "validate": "false"}),
            block("app_connection_cloudflare", "cloudflare", {
                "endpoint_url": f'"{self.cloudflare.url}/client/v4"', "api_token": "var.cloudflare_token", "validate": "false"}),
            *(block("certificate_sync", name, {
                "name": f'"{name}"', "app_connection": f"certwright_app_connection_{connection}.{connection}.handle",
                "certificates": "{ web = certwright_certificate.web.handle }", "destination": destination,
                "name_schema": '"tls-{{certificateId}}"'})
              for name, (connection, destination) in destinations.items())]))

    def synced(self) -> dict[str, dict]:
        state = self.terraform.state()
        return {name: state[f"certwright_certificate_sync.{name}"]["synced"]["web"] for name in SYNCS}

    def planned_changes(self) -> dict[str, str]:
        """The address and action of each resource that a plan would change."""
        lines = [json.loads(line) for line in self.terraform.run("plan", "-input=false", "-json").stdout.splitlines()]
        return {line["change"]["resource"]["addr"]: line["change"]["action"] for line in lines if line["type"] == "planned_change"}

    def assert_all_serve(self, synced: dict, fingerprint: str):
        self.assertEqual({name: one["fingerprint_sha256"] for name, one in synced.items()}, dict.fromkeys(SYNCS, fingerprint))
        self.assertEqual({one["status"] for one in synced.values()}, {"synced"})
        self.assert_no_changes()

    def test_a_certificate_stays_right_at_seven_destinations(self):
        self.configure_all(f'["{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        first = self.synced()
        self.assert_all_serve(first, self.terraform.state()["certwright_certificate.web"]["fingerprint_sha256"])
        written = self.kubernetes.secrets()[first["tls"]["name"]]
        self.assertEqual((written["type"], written["metadata"]["labels"]["team"]), ("kubernetes.io/tls", "web"))
        self.assertEqual(self.aws.world()["listeners"][self.balancer["listener"]][0], first["balancer"]["external_id"])

        # A renewal: the same objects, new content.
        self.configure_all(f'["{self.bind.zone}", "www.{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        second = self.synced()
        self.assert_all_serve(second, self.terraform.state()["certwright_certificate.web"]["fingerprint_sha256"])
        for name in SYNCS:
            self.assertEqual(second[name]["external_id"], first[name]["external_id"], name)
            self.assertNotEqual(second[name]["fingerprint_sha256"], first[name]["fingerprint_sha256"], name)
        for name in ("secrets", "tls", "vault"):
            self.assertNotEqual(second[name]["version"], first[name]["version"], name)
        self.assertEqual(self.aws.actions().count("ImportCertificate"), 4)

        # Drift by hand shows, there and nowhere else, and is repaired.
        self.aws.meddle("write_secret", name=second["secrets"]["name"], text="{}")
        self.assertEqual(self.planned_changes(), {"certwright_certificate_sync.secrets": "update"})
        self.assert_success(self.terraform.apply())
        self.assertIn("tls.crt", json.loads(self.aws.world()["secrets"][second["secrets"]["name"]]["text"]))
        self.aws.meddle("untag", arn=second["acm"]["external_id"], keys=["certwright:sync-id"])
        self.assertEqual(self.planned_changes(), {"certwright_certificate_sync.acm": "update"})
        self.assert_success(self.terraform.apply())
        self.vault.ask_client(["tag", second["vault"]["name"], {}])
        self.assertEqual(self.planned_changes(), {"certwright_certificate_sync.vault": "update"})
        self.assert_success(self.terraform.apply())
        self.kubernetes.apply({"metadata": {"name": second["tls"]["name"]}, "type": "kubernetes.io/tls",
                               "data": {"tls.crt": "dGhlaXJz", "tls.key": "dGhlaXJz"}}, "--force-conflicts")
        self.assertEqual(self.planned_changes(), {"certwright_certificate_sync.tls": "update"})
        self.assert_success(self.terraform.apply())
        self.kubernetes.kubectl("delete", "secret", second["tls"]["name"], "--wait=false")
        self.assertEqual(self.planned_changes(), {"certwright_certificate_sync.tls": "update"})
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()
        self.assertEqual(self.aws.actions().count("ImportCertificate"), 4)

        # What is not ours stays.
        self.assert_success(self.terraform.destroy())
        world = self.aws.world()
        self.assertEqual(set(world["certificates"]), {self.balancer["foreign"]})
        self.assertEqual(world["listeners"][self.balancer["listener"]][0], self.balancer["foreign"])
        self.assertEqual({name: one["deleted"] for name, one in world["secrets"].items()},
                         {"theirs": False, second["secrets"]["name"]: True})
        theirs, ours = self.vault.ask_client(["get", "theirs"], ["deleted", second["vault"]["name"]])
        self.assertEqual(theirs["name"], "theirs")
        self.assertTrue(ours.endswith(second["vault"]["name"]), ours)
        self.assertEqual(self.kubernetes.secrets().keys(), {"theirs"})
        self.assertEqual(self.files(), {})
        self.assertNotIn("refused", " ".join(self.aws.actions()))


if __name__ == "__main__":
    main("kubectl")
