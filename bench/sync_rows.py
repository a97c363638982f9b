# SPDX-License-Identifier: MPL-2.0
"""A sync of many certificates to AWS Certificate Manager, and boto3 making the same calls with as many threads."""

import json
import pathlib
import subprocess

from lab import Lab
from lab.aws import find_moto

from issuing import Issuing, calls  # bench.py puts both on the path
from report import Row

THREADS = 8  # engine/sync/destination.h: DestinationSpec::lanes


def configuration(aws) -> str:
    """What a configuration of certificates `web` needs besides them."""
    return f"""
variable "aws_secret" {{
  type      = string
  sensitive = true
  ephemeral = true
}}
resource "certwright_app_connection_aws" "aws" {{
  access_key_id     = "{aws.key_id}"
  secret_access_key = var.aws_secret
  endpoint_url      = "{aws.url}"
}}
"""


def sync() -> dict:
    """The sync's attributes, for lab.configuration."""
    return {"app_connection": "certwright_app_connection_aws.aws.handle",
            "destination": '{ aws_certificate_manager = { region = "eu-west-1" } }',
            "certificates": '{ for i, one in certwright_certificate.web : "n${i}" => one.handle }'}


def boto3_seconds(aws, count: int) -> float:
    """What boto3 takes to import and describe that many new certificates."""
    settings = {"url": aws.url, "key_id": aws.key_id, "secret": aws.secret, "count": count, "threads": THREADS}
    done = subprocess.run([find_moto() / "bin" / "python", "-B", pathlib.Path(__file__).parent / "boto3_import.py"],
                          input=json.dumps(settings), capture_output=True, text=True, check=True, timeout=600)
    return float(done.stdout)


def syncs(lab: Lab, small: bool):
    """A sync to AWS Certificate Manager, as moto plays it"""
    issuing = Issuing(lab)
    aws = lab.aws(issuing.bind)
    number = 10 if small else 200
    terraform = issuing.prepare("syncs", {"count": str(number), "dns_names": '["n${count.index}.example.test"]'}, sync=sync(),
                                extra=configuration(aws), env={"TF_VAR_aws_secret": aws.secret})
    terraform.apply("-target=certwright_certificate.web", "-parallelism=50", check=True, timeout=900)
    boto3 = boto3_seconds(aws, number)
    debug = {"TF_LOG_PROVIDER": "DEBUG"}
    pushed = calls(terraform.apply(check=True, env=debug, timeout=900).stderr, "ApplyResourceChange", "certwright_certificate_sync")
    before = len(aws.actions())
    refreshed = calls(terraform.plan(check=True, env=debug).stderr, "ReadResource", "certwright_certificate_sync")
    asked = aws.actions()[before:]
    yield Row(f"push of {number} certificates", pushed[0], "s", None, f"boto3 with as many threads: {boto3:.2f} s")
    yield Row("beside boto3", pushed[0] / boto3, "times", 1.3)
    yield Row(f"refresh of {number} unchanged certificates", refreshed[0], "s", 2, f"{len(asked)} requests")
    yield Row("writes in it", sum(not one.startswith(("List", "Get", "Describe")) for one in asked), "requests", 0)
