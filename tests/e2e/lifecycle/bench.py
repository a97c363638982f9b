# SPDX-License-Identifier: MPL-2.0
"""The servers of a destination, a CA, and the configuration of the platform team that hands both to the two states: for many sequences."""

import json
import shutil

from lab import Lab, Terraform
from lab.configuration import configuration

from . import hcl
from .destinations import DESTINATIONS
from .model import State

_CREDENTIAL = """variable "credential" {
  type      = string
  sensitive = true
  ephemeral = true
  default   = null
}
"""
_OUTPUTS = """output "ca" {
  value     = certwright_external_ca_acme.ca.handle
  sensitive = true
}
"""
_CONNECTION_OUTPUT = """output "connection" {
  value     = certwright_app_connection_%s.connection.handle
  sensitive = true
}
"""
_COPIED = (".terraform", ".terraform.lock.hcl", "cli.tfrc")


class Bench:

    def __init__(self, destination: str):
        self.lab = Lab()
        try:
            self.bind = self.lab.bind()
            self.zone = self.bind.zone
            self.pebble = self.lab.pebble(self.bind, authz_reuse=100)
            self.destination = DESTINATIONS[destination](self.lab)
            self._platform = self.lab.terraform("platform")
            self._platform.env.update({"TF_VAR_tsig_secret": self.bind.secret, **self.destination.environment()})
            self._prepare()
        except BaseException:
            self.close()
            raise

    def close(self):
        if hasattr(self, "destination"):
            self.destination.stop()
        self.lab.close()

    def folder(self, name: str) -> Terraform:
        """An empty working folder, in which Terraform is ready and knows the platform's handles."""
        shutil.rmtree(self.lab.directory / name, ignore_errors=True)
        terraform = self.lab.terraform(name)
        terraform.env["CERTWRIGHT_SEALING_KEY"] = self._platform.env["CERTWRIGHT_SEALING_KEY"]
        terraform.env["TF_CLI_CONFIG_FILE"] = self._platform.env["TF_CLI_CONFIG_FILE"]
        self.renew_runner(terraform)
        return terraform

    def renew_runner(self, terraform: Terraform):
        """As on a runner that is new: nothing but the configuration and the state."""
        shutil.rmtree(terraform.directory / ".terraform", ignore_errors=True)
        shutil.copytree(self._platform.directory / ".terraform", terraform.directory / ".terraform", symlinks=True)
        shutil.rmtree(terraform.directory / ".terraform" / "certwright", ignore_errors=True)
        shutil.copy(self._platform.directory / ".terraform.lock.hcl", terraform.directory)

    def set_variables(self, terraform: Terraform, **more: str):
        (terraform.directory / "terraform.tfvars.json").write_text(json.dumps({**self._handles, **more}))

    def write(self, state: State, terraform: Terraform):
        self._writer.write(state, terraform.directory)

    def _prepare(self):
        platform = self._platform
        (platform.directory / "inner").mkdir(exist_ok=True)
        (platform.directory / "inner" / "main.tf").write_text(hcl.empty_module())
        main = platform.directory / "main.tf"
        main.write_text(hcl.empty_module())
        platform.init()
        main.write_text(hcl.call_of_module())
        platform.run("init", "-input=false", check=True)
        is_former = _has_former_schema(platform)
        self._writer = hcl.Writer(self.destination, self.zone, is_former)
        main.write_text(self._writer.in_schema(self._configuration()))
        platform.apply("-compact-warnings", check=True)
        outputs = json.loads(platform.run("output", "-json", check=True).stdout)
        self._handles = {name: output["value"] for name, output in outputs.items()}

    def _configuration(self) -> str:
        connection = self.destination.connection() or ""
        text = configuration(self.bind, self.pebble)
        # The lab's configuration without certificate and sync.
        text = text[:text.index('resource "certwright_certificate" ')]
        kind = connection.split('"')[1].removeprefix("certwright_app_connection_") if connection else ""
        return text + _CREDENTIAL + connection + _OUTPUTS + (_CONNECTION_OUTPUT % kind if kind else "")


def _has_former_schema(terraform: Terraform) -> bool:
    schemas = json.loads(terraform.run("providers", "schema", "-json", check=True).stdout)["provider_schemas"]
    sync = next(iter(schemas.values()))["resource_schemas"]["certwright_certificate_sync"]
    return "options" in sync["block"]["attributes"]
