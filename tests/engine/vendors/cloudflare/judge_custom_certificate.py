# SPDX-License-Identifier: MPL-2.0
# Packages: cloudflare==5.9.0
"""Cloudflare's own SDK: uploads a custom certificate, lists and shows it, replaces it in place, and deletes it. Prints a line a
finding. Arguments: zone, API token, a chain and its key, another of each (paths)."""

import logging
import pathlib
import sys

from cloudflare import APIStatusError, Cloudflare

logging.disable()  # what is printed is the findings
zone, token, *paths = sys.argv[1:]
chain, key, renewed_chain, renewed_key = (pathlib.Path(path).read_text() for path in paths)


def connect(with_token: str):
    return Cloudflare(api_token=with_token, max_retries=0).custom_certificates


certificates = connect(token)


def refusal(action, *arguments, **options) -> str:
    """Status and code of the refusal; "none" when there is none."""
    try:
        action(*arguments, **options)
    except APIStatusError as error:
        return f"{error.status_code} {error.body['errors'][0]['code']}"
    return "none"


def upload(pem: str, with_key: str):
    return certificates.create(zone_id=zone, certificate=pem, private_key=with_key, bundle_method="force", type="sni_custom")


made = upload(chain, key)
shown = certificates.get(made.id, zone_id=zone)
print("hosts:", *shown.hosts)
print("shown as made:", shown == made)
print("bundle method:", shown.bundle_method)
print("listed:", [one.id for one in certificates.list(zone_id=zone, per_page=50)] == [made.id])
print("twice:", refusal(upload, chain, key))
print("foreign key:", refusal(upload, renewed_chain, key))
edited = certificates.edit(made.id, zone_id=zone, certificate=renewed_chain, private_key=renewed_key, bundle_method="force")
print("same id:", edited.id == made.id)
print("newer:", edited.uploaded_on > made.uploaded_on and edited.modified_on > made.modified_on)
print("stranger:", refusal(connect("wrong").list, zone_id=zone))
print("deleted:", certificates.delete(made.id, zone_id=zone).id == made.id)
print("gone:", refusal(certificates.get, made.id, zone_id=zone))
