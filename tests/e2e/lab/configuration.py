# SPDX-License-Identifier: MPL-2.0
"""Configurations for tests: the four resources with good values, each of which a test can replace."""

_HEAD = """terraform {
  required_providers { certwright = { source = "certwright/certwright" } }
}
variable "tsig_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}
variable "eab_hmac_key" {
  type      = string
  default   = null
  sensitive = true
  ephemeral = true
}
"""
_AWS_SECRET = """variable "aws_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}
"""


def block(kind: str, label: str, attributes: dict) -> str:
    """A resource; values are HCL expressions, None leaves an attribute out."""
    lines = [f"  {name} = {value}" for name, value in attributes.items() if value is not None]
    return "\n".join([f'resource "certwright_{kind}" "{label}" {{', *lines, "}", ""])


def configuration(bind, pebble, *, provider: str = "", connection: dict | None = None, ca: dict | None = None,
                  certificate: dict | None = None, sync: dict | None = None) -> str:
    """main.tf with one of each resource: `dns`, `ca`, `web` and `files`. Each dict replaces attributes by HCL expressions."""
    return "".join([
        _HEAD,
        f'provider "certwright" {{\n{provider}\n}}\n',
        block("app_connection_rfc2136", "dns", {
            "server": f'"{bind.address}"', "tsig_key_name": f'"{bind.key_name}"', "tsig_algorithm": '"hmac-sha256"',
            "tsig_secret": "var.tsig_secret", **(connection or {})}),
        block("external_ca_acme", "ca", {
            "name": '"pebble"', "directory_url": f'"{pebble.directory_url}"', "account_email": '"ops@example.test"',
            "trusted_roots_pem": f'file("{pebble.ca_file}")',
            "dns": f'[{{ app_connection = certwright_app_connection_rfc2136.dns.handle, zone = "{bind.zone}" }}]',
            "propagation": f'{{ nameservers = ["{bind.address}"], resolvers = ["{bind.address}"] }}', **(ca or {})}),
        certificate_block(bind, "web", **(certificate or {})),
        block("certificate_sync", "files", {
            "name": '"web"', "destination": '{ local_files = { directory = "${path.module}/out" } }',
            "certificates": "{ web = certwright_certificate.web.handle }",
            "name_schema": '"web-{{certificateId}}"', **(sync or {})}),
    ])


def aws_configuration(bind, aws, pebble, *, connection: dict | None = None, ca: dict | None = None,
                      certificate: dict | None = None) -> str:
    """main.tf with `dns`, `ca` and `web` for the hosted zone of the lab's AWS. Each dict replaces attributes by HCL expressions."""
    return "".join([
        _HEAD,
        _AWS_SECRET,
        block("app_connection_aws", "dns", {
            "access_key_id": f'"{aws.key_id}"', "secret_access_key": "var.aws_secret", "endpoint_url": f'"{aws.url}"',
            **(connection or {})}),
        block("external_ca_acme", "ca", {
            "name": '"pebble"', "directory_url": f'"{pebble.directory_url}"', "account_email": '"ops@example.test"',
            "trusted_roots_pem": f'file("{pebble.ca_file}")',
            "dns": f'[{{ app_connection = certwright_app_connection_aws.dns.handle, zone = "{aws.zone_id}" }}]',
            "propagation": f'{{ nameservers = ["{bind.address}"], resolvers = ["{bind.address}"] }}', **(ca or {})}),
        certificate_block(bind, "web", **(certificate or {})),
    ])


def certificate_block(bind, label: str, **attributes) -> str:
    return block("certificate", label, {
        "external_ca": "certwright_external_ca_acme.ca.handle", "dns_names": f'["{bind.zone}", "*.{bind.zone}"]', **attributes})
