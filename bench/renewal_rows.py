# SPDX-License-Identifier: MPL-2.0
"""What a refresh of many certificates asks the CA about their renewal (ARI, RFC 9773), on a Pebble that knows it, and what people read
in the plan of a renewal."""

import os
import pathlib
import re

from lab import Lab, kubernetes
from lab.configuration import block, configuration
from lab.fake import find_fake_server
from lab.former import former
from lab.go import recent_pebble
from lab.recorder import Recorder
from lab.terraform import find_provider

import sync_rows  # bench.py puts these on the path
from issuing import Issuing, seconds_of
from report import Row

_WEB = "certwright_certificate.web"
# A build of the last commit with the first schema, as `scripts/judges upgrade` leaves one in build/judges. Optional.
_FORMER = "CERTWRIGHT_FORMER_PROVIDER"


def renewal_info(lab: Lab, small: bool):
    """Renewal information"""
    if (pebble := recent_pebble()) is None:
        return  # Debian's Pebble has none
    count = 20 if small else 1000
    issuing = Issuing(lab, program=pebble, profiles={"default": 90 * 86400})
    recorder = Recorder(issuing.pebble)
    terraform = issuing.prepare("renewal-info", ca={"directory_url": f'"{recorder.directory_url}"'}, sync={"certificates": "{}"},
                                certificate={"count": str(count), "dns_names": '["n${count.index}.example.test"]', "profile": '"default"'})
    terraform.apply("-parallelism=50", check=True, timeout=900)
    recorder.exchanges.clear()
    terraform.plan("-parallelism=50", check=True)
    yield Row(f"refresh of {count} certificates inside their Retry-After: requests to the CA", len(recorder.exchanges), "requests", 0)
    recorder.exchanges.clear()
    terraform.edit_state(_WEB, lambda _, private: private.pop("ask_after"))
    wall = seconds_of(lambda: terraform.plan("-parallelism=50", check=True))
    due = {path for method, path, *_ in recorder.exchanges if method == "GET" and "renewalInfo" in path}
    recorder.stop()
    yield Row("the same when all may ask again: unsigned requests for renewal information", len(due), "requests", count)
    yield Row("all other requests then, the directory", len(recorder.exchanges) - len(due), "requests", 1)
    yield Row("that refresh", wall, "s")


def renewal_plan(lab: Lab, small: bool):
    """The plan of a renewal: certificates with syncs to ACM, files and Kubernetes, and what follows their ARNs"""
    if not find_fake_server().exists():
        print("left out: the fake of Kubernetes is not built: cmake --preset dev && cmake --build build/dev --target fake_server")
        return
    number = 3 if small else 50
    providers = {"Certwright": (find_provider(), lambda text: text)}
    if _FORMER in os.environ:
        providers["the first schema's last commit"] = (pathlib.Path(os.environ[_FORMER]), former)
    for name, (program, written) in providers.items():
        text = _planned_renewal(lab, number, program, written)
        yield Row(f"{name}: lines of the plan of {number}", len(text.splitlines()), "lines")
        yield Row(f"{name}: values known after apply", text.count("(known after apply)"), "values")
        yield Row(f"{name}: dependents of an ARN that are replaced", len(re.findall("must be .*replaced", text)), "resources",
                  0 if program == find_provider() else None)


def _planned_renewal(lab: Lab, number: int, program: pathlib.Path, written) -> str:
    issuing = Issuing(lab)
    aws, cluster = lab.aws(issuing.bind), lab.kubernetes()
    terraform = lab.terraform(f"renewal-plan-{program.parent.parent.parent.name}", provider=program)
    terraform.env.update(TF_VAR_tsig_secret=issuing.bind.secret, TF_VAR_aws_secret=aws.secret, TF_VAR_kubernetes_token=kubernetes.TOKEN)
    certificates = sync_rows.sync()["certificates"]
    text = configuration(issuing.bind, issuing.pebble, certificate={"count": str(number), "dns_names": '["n${count.index}.example.test"]'},
                         sync={"certificates": certificates}) + sync_rows.configuration(aws) + """
variable "kubernetes_token" {
  type      = string
  sensitive = true
  ephemeral = true
}
resource "terraform_data" "listener" {
  for_each         = certwright_certificate_sync.acm.synced
  triggers_replace = each.value.external_id
}
""" + "".join([
        block("app_connection_kubernetes", "kubernetes", {
            "server_url": f'"{cluster.url}"', "token": "var.kubernetes_token", "validate": "false"}),
        block("certificate_sync", "acm", {"name": '"acm"', **sync_rows.sync()}),
        block("certificate_sync", "tls", {
            "name": '"tls"', "app_connection": "certwright_app_connection_kubernetes.kubernetes.handle", "certificates": certificates,
            "destination": f'{{ kubernetes_secret = {{ namespace = "{kubernetes.NAMESPACE}" }} }}',
            "name_schema": '"tls-{{certificateId}}"'})])
    (terraform.directory / "main.tf").write_text(written(text))
    terraform.init()
    terraform.apply("-parallelism=50", check=True, timeout=900)
    terraform.edit_state(_WEB, lambda web, _: web["renewal"].update(due_at="2026-01-01T00:00:00Z"))
    planned = terraform.plan()
    issuing.pebble.stop()
    return planned.stdout[planned.stdout.index("Terraform will perform"):]
