# SPDX-License-Identifier: MPL-2.0
"""Azure's own client of Key Vault (azure-keyvault-certificates), doing what it is told on standard input."""

import base64
import json
import sys
import time

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.transport import RequestsTransport
from azure.keyvault.certificates import CertificateClient, CertificateContentType, CertificatePolicy

VAULT = "https://unit.vault.azure.net"


class ToTheFake(RequestsTransport):
    """What the client sends to the vault goes to the fake."""

    def send(self, request, **options):
        meant = request.url
        request.url = meant.replace(VAULT, sys.argv[1])
        try:
            return super().send(request, **options)
        finally:
            request.url = meant


class Credential:
    def get_token(self, *scopes, **_):
        assert scopes == ("https://vault.azure.net/.default",), scopes
        return AccessToken("vault.token-canary", int(time.time()) + 3600)


class Commands:
    def __init__(self):
        self.client = CertificateClient(VAULT, Credential(), transport=ToTheFake())

    @staticmethod
    def _told(certificate) -> dict:
        told = {"name": certificate.name, "version": certificate.properties.version, "tags": certificate.properties.tags,
                "enabled": certificate.properties.enabled}
        return {**told, "cer": base64.b64encode(certificate.cer).decode()} if getattr(certificate, "cer", None) else told

    def get(self, name):
        return self._told(self.client.get_certificate(name))

    def list(self):
        return [{"name": one.name, "tags": one.tags, "x5t": one.x509_thumbprint.hex()}
                for one in self.client.list_properties_of_certificates()]

    def import_pem(self, name, pem, tags):
        policy = CertificatePolicy(content_type=CertificateContentType.pem)
        return self._told(self.client.import_certificate(name, pem.encode(), policy=policy, tags=tags))

    def import_pkcs12(self, name, file, password):
        return self._told(self.client.import_certificate(name, base64.b64decode(file), password=password))

    def tag(self, name, tags):
        return self._told(self.client.update_certificate_properties(name, tags=tags))

    def delete(self, name):
        return self.client.begin_delete_certificate(name).result().name

    def deleted(self, name):
        return self.client.get_deleted_certificate(name).recovery_id

    def recover(self, name):
        return self._told(self.client.begin_recover_deleted_certificate(name).result())


def answer(commands: Commands, name: str, arguments: list):
    try:
        return getattr(commands, name)(*arguments)
    except HttpResponseError as error:
        inner = error.error.innererror if error.error else None
        return {"status": error.status_code, "code": inner["code"] if inner else error.error and error.error.code}


def main():
    commands = Commands()
    json.dump([answer(commands, name, arguments) for name, *arguments in json.load(sys.stdin)], sys.stdout)


main()
