# SPDX-License-Identifier: MPL-2.0
"""A sync of many certificates to AWS Certificate Manager, and boto3 making the same calls with as many threads."""

import json
import pathlib
import subprocess

from lab.aws import find_moto

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
