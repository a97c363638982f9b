# SPDX-License-Identifier: MPL-2.0
"""AWS Certificate Manager. It hands out no key: the proxy checks at each import that it is the certificate's."""

import json

from .. import pem
from .aws import REGION, AwsDestination
from .destination import REMOVE, REPLACE, UNMARK, Found


class CertificateManager(AwsDestination):
    name = "aws_certificate_manager"
    drifts = (REMOVE, REPLACE, UNMARK)
    names_are_unique = False

    def __init__(self, lab):
        super().__init__(lab)
        self._other_p384 = pem.make_pair(lab.directory / "foreign-p384", "P-384")

    def block(self) -> str:
        return f'{{ aws_certificate_manager = {{ region = "{REGION}" }} }}'

    def objects(self) -> list[Found]:
        return [Found(one["tags"].get("Name", ""), arn, one["certificate"], None, None, json.dumps(one["tags"], sort_keys=True))
                for arn, one in self._certificates().items() if one["tags"].get("owner") != "others"]

    def private_keys(self) -> list[str]:
        return [found.identifier for found in self.objects()]

    def add_foreign(self, name: str):
        certificate, key = self.other
        self.aws.meddle("import_certificate", certificate=certificate, key=key, chain=certificate,
                        tags={"Name": name, "owner": "others"})

    def remove_foreign(self, name: str):
        for arn, one in self._certificates().items():
            if one["tags"].get("owner") == "others" and one["tags"]["Name"] == name:
                self.aws.meddle("remove_certificate", arn=arn)

    def foreign(self) -> dict[str, str]:
        return {arn: json.dumps(one) for arn, one in self._certificates().items() if one["tags"].get("owner") == "others"}

    def drift(self, what: str, name: str):
        for found in self.objects():
            if found.name != name:
                continue
            if what == REMOVE:
                self.aws.meddle("remove_certificate", arn=found.identifier)
            elif what == REPLACE:
                # AWS takes no key of another type or size into an ARN from anybody.
                certificate, key = self._other_p384 if pem.is_p384(found.certificate) else self.other
                self.aws.meddle("replace_certificate", arn=found.identifier, certificate=certificate, key=key)
            elif what == UNMARK:
                # The name stays: it is how the lab finds the object again.
                marks = [key for key in json.loads(found.mark) if key.startswith("certwright:")]
                self.aws.meddle("untag", arn=found.identifier, keys=marks)

    def remove(self, found: Found):
        self.aws.meddle("remove_certificate", arn=found.identifier)

    def _certificates(self) -> dict[str, dict]:
        return self.aws.inventory()["certificates"]
