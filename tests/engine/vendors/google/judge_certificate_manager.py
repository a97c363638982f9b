# SPDX-License-Identifier: MPL-2.0
# Packages: google-cloud-certificate-manager==1.16.0
"""Google's own SDK: makes a self-managed certificate and shows it in a map, replaces it in place, labels it, and deletes both. Prints a
line a finding. Arguments: a service account's key file, the place (projects/…/locations/…), a chain and its key, another of each
(paths)."""

import logging
import pathlib
import sys

from google.api_core.exceptions import GoogleAPICallError
from google.auth.transport.requests import Request
from google.cloud import certificate_manager_v1 as api
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials

logging.disable()  # what is printed is the findings
key_file, place, *paths = sys.argv[1:]
chain, key, renewed_chain, renewed_key = (pathlib.Path(path).read_text() for path in paths)
# A token of the token server: left to itself, the client signs one of its own, which the provider does not.
account = service_account.Credentials.from_service_account_file(key_file, scopes=["https://www.googleapis.com/auth/cloud-platform"])
account.refresh(Request())
client = api.CertificateManagerClient(credentials=Credentials(account.token), transport="rest")
name = f"{place}/certificates/web"
entry = f"{place}/certificateMaps/edge/certificateMapEntries/web"


def refusal(action, *arguments, **options) -> str:
    """Status and message of the refusal; "none" when there is none."""
    try:
        result = action(*arguments, retry=None, **options)
        if hasattr(result, "result"):
            result.result(timeout=10)
    except GoogleAPICallError as error:
        return f"{type(error).__name__} {error.message.rsplit(': ', 1)[-1]}"
    return "none"


def certificate(pem: str, with_key: str) -> api.Certificate:
    managed = api.Certificate.SelfManagedCertificate(pem_certificate=pem, pem_private_key=with_key)
    return api.Certificate(name=name, self_managed=managed, labels={"team": "web"})


def create(pem: str, with_key: str, **options):
    return client.create_certificate(parent=place, certificate_id="web", certificate=certificate(pem, with_key), **options)


made = create(chain, key).result(timeout=10)
print("made:", made.name == name, made.pem_certificate == chain, dict(made.labels), made.scope.name)
print("names:", *made.san_dnsnames)
print("hides the key:", not made.self_managed.pem_private_key)
print("listed:", [one.name for one in client.list_certificates(parent=place)] == [name])
print("twice:", refusal(create, chain, key))
renewed = certificate(renewed_chain, renewed_key)
updated = client.update_certificate(certificate=renewed, update_mask={"paths": ["self_managed"]}).result(timeout=10)
print("updated:", updated.name == name, updated.pem_certificate == renewed_chain, updated.expire_time > updated.create_time)
renewed.labels["tier"] = "front"
client.update_certificate(certificate=renewed, update_mask={"paths": ["labels"]}).result(timeout=10)
print("labels:", *sorted(client.get_certificate(name=name).labels))
print("foreign key:", refusal(client.update_certificate, certificate=certificate(chain, renewed_key), update_mask={"paths": ["self_managed"]}))
shown = api.CertificateMapEntry(name=entry, hostname="www.example.test", certificates=[name])
client.create_certificate_map_entry(parent=entry.rsplit("/certificateMapEntries", 1)[0], certificate_map_entry_id="web",
                                    certificate_map_entry=shown).result(timeout=10)
print("entry:", list(client.get_certificate_map_entry(name=entry).certificates) == [name])
print("in use:", refusal(client.delete_certificate, name=name).split()[0])
client.delete_certificate_map_entry(name=entry).result(timeout=10)
client.delete_certificate(name=name).result(timeout=10)
print("gone:", refusal(client.get_certificate, name=name).split()[0])
