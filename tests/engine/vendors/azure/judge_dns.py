# SPDX-License-Identifier: MPL-2.0
# Packages: azure-identity==1.27.0 azure-mgmt-dns==9.0.0
"""Microsoft's own SDK: signs in, finds the zone, and makes, changes and deletes a TXT set, each under its condition. Prints a line
a finding. Arguments: tenant, client id, client secret, subscription."""

import logging
import sys

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.dns import DnsManagementClient
from azure.mgmt.dns.models import RecordSet, TxtRecord

logging.disable()  # what is printed is the findings
tenant, client_id, secret, subscription = sys.argv[1:]


def connect(with_secret: str) -> DnsManagementClient:
    # Instance discovery asks for the list of Microsoft's clouds, which is none of the fake's business.
    return DnsManagementClient(ClientSecretCredential(tenant, client_id, with_secret, disable_instance_discovery=True), subscription)


client = connect(secret)
sets = client.record_sets
zone, = (zone for zone in client.zones.list() if zone.name == "example.test")
at = (zone.id.split("/")[4], zone.name, "_acme-challenge", "TXT")


def put(*values: str, **condition):
    return sets.create_or_update(*at, RecordSet(ttl=60, txt_records=[TxtRecord(value=[value]) for value in values]), **condition)


def refusal(kind, action, *arguments, **options) -> int | None:
    """The status of the refusal; None when there is none."""
    try:
        action(*arguments, **options)
    except kind as error:
        return error.status_code
    return None


print("absent:", refusal(ResourceNotFoundError, sets.get, *at))
first = put("one", if_none_match="*")
print("made twice:", refusal(HttpResponseError, put, "two", if_none_match="*"))
second = put("one", "two", if_match=first.etag)
print("values:", *sorted("".join(record.value) for record in sets.get(*at).txt_records))
print("overtaken:", refusal(HttpResponseError, put, "three", if_match=first.etag))
print("without values:", refusal(HttpResponseError, put, if_match=second.etag))
sets.delete(*at, if_match=second.etag)
print("deleted:", refusal(ResourceNotFoundError, sets.get, *at))
try:
    connect("wrong").record_sets.get(*at)
except ClientAuthenticationError as error:
    print("stranger:", "AADSTS7000215" in str(error))
