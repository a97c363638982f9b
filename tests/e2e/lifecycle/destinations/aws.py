# SPDX-License-Identifier: MPL-2.0
"""What the destinations at AWS share: moto behind the lab's strict proxy, and a gate before that."""

import json

from .. import pem
from ..accident import CUT, DENIED, THROTTLED, UNAVAILABLE, Accident
from ..gate import Gate
from .destination import Destination

REGION = "eu-west-1"
_CODES = {THROTTLED: (400, "ThrottlingException"), DENIED: (400, "AccessDeniedException"), UNAVAILABLE: (503, "ServiceUnavailable")}


def _is_write(_, __, headers) -> bool:
    action = headers.get("X-Amz-Target", "").partition(".")[2]
    return action != "" and not action.startswith(("Describe", "Get", "List"))


def _refuse(what: str):
    status, code = _CODES[what]
    body = json.dumps({"__type": code, "message": f"{what} by the lab"}).encode()
    return status, [("Content-Type", "application/x-amz-json-1.1")], body


class AwsDestination(Destination):
    failures = (THROTTLED, DENIED, UNAVAILABLE, CUT)

    def __init__(self, lab):
        self.aws = lab.aws(lab.bind())
        self._gate = Gate(self.aws.url, _is_write, _refuse)
        self.other = pem.make_pair(lab.directory / "foreign")

    def connection(self) -> str:
        return (f'resource "certwright_app_connection_aws" "connection" {{\n  access_key_id = "{self.aws.key_id}"\n'
                f'  secret_access_key = var.credential\n  endpoint_url = "{self._gate.url}"\n  validate = false\n}}\n')

    def environment(self) -> dict[str, str]:
        return {**self.aws.environment, "TF_VAR_credential": self.aws.secret}

    def arm(self, accident: Accident):
        self._gate.accident = accident

    def disarm(self):
        self._gate.accident = None

    def stop(self):
        self._gate.stop()
