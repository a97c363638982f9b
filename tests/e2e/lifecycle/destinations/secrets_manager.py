# SPDX-License-Identifier: MPL-2.0
"""AWS Secrets Manager. What is in deletion counts as gone: nothing can be deleted at once."""

import json

from .. import pem
from .aws import REGION, AwsDestination
from .destination import ALTER, REMOVE, REPLACE, UNMARK, Found


class SecretsManager(AwsDestination):
    name = "aws_secrets_manager"
    drifts = (REMOVE, ALTER, REPLACE, UNMARK)

    def __init__(self, lab):
        super().__init__(lab)
        self._foreign: set[str] = set()

    def block(self) -> str:
        return f'{{ aws_secrets_manager = {{ region = "{REGION}" }} }}'

    def objects(self) -> list[Found]:
        return [_find(name, one) for name, one in self._secrets().items() if name not in self._foreign]

    def private_keys(self) -> list[str]:
        return [found.name for found in self.objects()]

    def add_foreign(self, name: str):
        self._foreign.add(name)
        if name in self.aws.inventory()["secrets"]:
            self.aws.meddle("erase_secret", name=name)  # in deletion: the name is not free
        self.aws.meddle("make_secret", name=name, text="theirs")

    def remove_foreign(self, name: str):
        self._foreign.discard(name)
        self.aws.meddle("erase_secret", name=name)

    def foreign(self) -> dict[str, str]:
        return {name: json.dumps(one) for name, one in self._secrets().items() if name in self._foreign}

    def drift(self, what: str, name: str):
        if what == REMOVE:
            self.aws.meddle("erase_secret", name=name)
        elif what == ALTER:
            self.aws.meddle("write_secret", name=name, text="altered")
        elif what == REPLACE:
            text = json.dumps({"certificate": self.other[0], "private_key": self.other[1]})
            self.aws.meddle("write_secret", name=name, text=text)
        elif what == UNMARK:
            self.aws.meddle("untag_secret", name=name, keys=["certwright:sync-id", "certwright:certificate-id"])

    def remove(self, found: Found):
        self.aws.meddle("erase_secret", name=found.name)

    def clean(self):
        for name, one in self.aws.inventory()["secrets"].items():
            if one["deleted"]:
                self.aws.meddle("erase_secret", name=name)

    def _secrets(self) -> dict[str, dict]:
        return {name: one for name, one in self.aws.inventory()["secrets"].items() if not one["deleted"]}


def _find(name: str, secret: dict) -> Found:
    try:
        data = json.loads(secret["text"])
    except json.JSONDecodeError:
        data = {}
    problem = None if data.get("certificate_chain") else "no certificate_chain"
    return Found(name, name, pem.first_certificate(data.get("certificate", "")), data.get("private_key"), problem,
                 json.dumps(secret["tags"], sort_keys=True))
