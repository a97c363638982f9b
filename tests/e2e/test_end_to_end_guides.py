# SPDX-License-Identifier: MPL-2.0
"""The guides from end to end, as far as somebody here can judge them: their configuration is applied, serves, and is destroyed. What
differs from the guide is where the servers are, and what is in the lab's place of a vendor."""

import re
import subprocess

from lab import key_vault, kubernetes
from lab.guide import file_of
from lab.testing import LabTest, main

NEEDS_PROVIDER = 'terraform {\n  required_providers {\n    certwright = { source = "certwright/certwright" }\n  }\n}\n'


def replaced(text: str, **patterns: tuple[str, str]) -> str:
    """Each pattern has to be there, so that a change of the guide is noticed."""
    for name, (pattern, by) in patterns.items():
        text, count = re.subn(pattern, lambda found: found.expand(by), text, flags=re.DOTALL)
        if count == 0:
            raise AssertionError(f"the guide no longer has what the test replaces: {name}")
    return text


class Guide(LabTest):

    def with_lab(self, text: str) -> str:
        """With the lab's CA and domain."""
        ca = (f'"{self.pebble.directory_url}"\n  trusted_roots_pem = file("{self.pebble.ca_file}")\n'
              f'  propagation = {{ nameservers = ["{self.bind.address}"], resolvers = ["{self.bind.address}"] }}')
        return replaced(text, directory=(r'"https://acme-staging[^"]*"', ca), domain=(r"example\.com", self.bind.zone))

    def served(self, port: int, name: str) -> str:
        """By the command of the guides."""
        command = (f"openssl s_client -connect 127.0.0.1:{port} -servername {name} </dev/null 2>/dev/null"
                   " | openssl x509 -outform DER | sha256sum")
        return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout.split()[0]


class LinuxServers(Guide):

    def test_the_configuration_serves_and_is_destroyed(self):
        sshd = self.lab.sshd()
        self.terraform.env["TF_VAR_ssh_key"] = sshd.user_key
        reloads = self.terraform.directory / "reloads"
        self.write(replaced(
            self.with_lab(file_of("linux-servers", "main.tf")),
            server=(r'"ns1\.[^"]*"', f'"{self.bind.address}"'),
            key=(r'"certwright\."', f'"{self.bind.key_name}"'),
            user=(r'user( +)= "certwright"', rf'user\1= "{sshd.user}"'),
            host_key=(r"<<-KEYS.*KEYS\n", f'"{sshd.host_key}"\n'),
            host=(r'"(?:web|lb|mail)-1\.[^"]*"', f'"127.0.0.1"\n      port = {sshd.port}'),
            directory=(r'"/etc/ssl/certwright"', f'"{self.out}"'),
            reload=(r'\["sudo", "/usr/bin/systemctl", "reload", "(\w+)"\]', rf'["sh", "-c", "echo \1 >>{reloads}"]')))

        self.assert_success(self.terraform.apply())

        names = [f"app.{self.bind.zone}.pem", *(f"{name}.{self.bind.zone}.{end}" for name in ("mail", "www") for end in ("crt", "key"))]
        self.assertEqual(sorted(self.files()), sorted(names))
        self.assertEqual(sorted(reloads.read_text().split()), ["haproxy", "nginx", "postfix"])
        self.assert_no_changes()
        nginx = self.lab.nginx(self.out / f"www.{self.bind.zone}.crt", self.out / f"www.{self.bind.zone}.key")
        fingerprint = self.terraform.state()['certwright_certificate.server["www"]']["fingerprint_sha256"]
        self.assertEqual(self.served(nginx.port, f"www.{self.bind.zone}"), fingerprint)

        self.assert_success(self.terraform.destroy())
        self.assertEqual(self.files(), {})


class Kubernetes(Guide):
    """The Secrets of a strict fake, and the lab's BIND in the place of Cloudflare."""

    def test_the_configuration_writes_the_secret_and_is_destroyed(self):
        cluster = self.lab.kubernetes()
        self.terraform.env["TF_VAR_kubeconfig"] = f"""apiVersion: v1
kind: Config
clusters: [{{ name: prod, cluster: {{ server: "{cluster.url}" }} }}]
users: [{{ name: certwright, user: {{ token: "{kubernetes.TOKEN}" }} }}]
contexts: [{{ name: prod, context: {{ cluster: prod, user: certwright }} }}]
current-context: prod
"""
        dns = (f'resource "certwright_app_connection_rfc2136" "dns" {{\n  server = "{self.bind.address}"\n'
               f'  tsig_key_name = "{self.bind.key_name}"\n  tsig_secret = var.tsig_secret\n}}\n')
        self.write(replaced(
            self.with_lab(file_of("kubernetes", "main.tf")),
            variable=(r"cloudflare_api_token\" \{", 'tsig_secret" {'),
            connection=(r'resource "certwright_app_connection_cloudflare" "dns" \{.*?\n\}\n', dns),
            handle=(r"certwright_app_connection_cloudflare\.dns\.handle",
                    f'certwright_app_connection_rfc2136.dns.handle, zone = "{self.bind.zone}"'),
            cluster=(r"kubeconfig = var\.kubeconfig", r"\g<0>\n  validate = false")))

        self.assert_success(self.terraform.apply())

        self.assertEqual(cluster.secrets()["shop-tls"]["type"], "kubernetes.io/tls")
        self.assert_no_changes()

        self.assert_success(self.terraform.destroy())
        self.assertEqual(cluster.secrets(), {})


class Azure(Guide):
    """A strict Key Vault, which takes a client secret alone, and the lab's BIND in the place of Azure DNS."""

    def test_the_configuration_imports_under_the_name_that_the_gateway_reads(self):
        vault = self.lab.key_vault()
        self.terraform.env["TF_VAR_azure_secret"] = key_vault.SECRET
        connections = (f'variable "tsig_secret" {{\n  type = string\n  ephemeral = true\n}}\n'
                       f'variable "azure_secret" {{\n  type = string\n  ephemeral = true\n}}\n'
                       f'resource "certwright_app_connection_rfc2136" "dns" {{\n  server = "{self.bind.address}"\n'
                       f'  tsig_key_name = "{self.bind.key_name}"\n  tsig_secret = var.tsig_secret\n}}\n'
                       f'resource "certwright_app_connection_azure" "certwright" {{\n  tenant_id = "{key_vault.TENANT}"\n'
                       f'  client_id = "{key_vault.CLIENT}"\n  client_secret = var.azure_secret\n  authority_url = "{vault.url}"\n}}\n')
        self.write(NEEDS_PROVIDER + replaced(
            self.with_lab(file_of("cloud-azure", "certificates.tf")),
            connection=(r'resource "certwright_app_connection_azure" "certwright" \{\}[^\n]*\n', connections),
            zone=(r'certwright_app_connection_azure\.certwright\.handle\n( +zone +=) "/subscriptions[^"]*"',
                  rf'certwright_app_connection_rfc2136.dns.handle\n\1 "{self.bind.zone}"'),
            vault=(r"https://my-vault\.vault\.azure\.net", vault.url)))

        self.assert_success(self.terraform.apply())

        synced = self.terraform.state()["certwright_certificate_sync.vault"]["synced"]["web"]
        self.assertRegex(synced["external_id"], "^https://[^/]+/certificates/www-example-com$")
        self.assert_no_changes()

        self.assert_success(self.terraform.destroy())


class Aws(Guide):
    """moto, behind a proxy that is as strict as AWS."""

    def test_the_configuration_imports_into_both_regions_and_is_destroyed(self):
        aws = self.lab.aws(self.bind)
        self.terraform.env.update(aws.environment, AWS_ACCESS_KEY_ID=aws.key_id, AWS_SECRET_ACCESS_KEY=aws.secret, AWS_ENDPOINT_URL=aws.url)
        self.write(NEEDS_PROVIDER + replaced(
            self.with_lab(file_of("cloud-aws", "certificates.tf")), zone=(r"Z0123456789ABCDEFGHIJ", aws.zone_id)))

        self.assert_success(self.terraform.apply())

        state = self.terraform.state()
        for sync, region in (("load_balancer", "eu-west-1"), ("cloudfront", "us-east-1")):
            arn = state[f"certwright_certificate_sync.{sync}"]["synced"]["web"]["external_id"]
            self.assertRegex(arn, f"^arn:aws:acm:{region}:[0-9]+:certificate/")
        self.assertEqual(aws.records(), {})
        self.assertEqual(aws.actions().count("ImportCertificate"), 2)
        self.assert_no_changes()

        self.assert_success(self.terraform.destroy())
        self.assertEqual(aws.actions().count("DeleteCertificate"), 2)


if __name__ == "__main__":
    main("kubectl", "nginx", "sshd", "ssh-keygen")
