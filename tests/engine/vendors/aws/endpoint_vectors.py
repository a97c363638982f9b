# SPDX-License-Identifier: MPL-2.0
"""Writes the endpoints that botocore knows, for tests/engine/vendors/aws/endpoint_test.cc: of each service, in regions of every
partition, usual, FIPS and dual-stack. A host that is null: botocore refuses.

  python3 -m venv build/venv && build/venv/bin/pip install botocore==1.43.11
  cd tests/engine/vendors/aws && ../../../../build/venv/bin/python endpoint_vectors.py >endpoint_vectors.json
"""

import itertools
import json

import botocore.session
from botocore.config import Config
from botocore.exceptions import EndpointVariantError

# By the name in host names.
SERVICES = {"acm": "acm", "elasticloadbalancing": "elbv2", "portal.sso": "sso", "route53": "route53",
            "secretsmanager": "secretsmanager", "sts": "sts", "tagging": "resourcegroupstaggingapi"}
REGIONS = ("eu-west-1", "us-east-1", "cn-north-1", "cn-northwest-1", "eusc-de-east-1", "us-gov-east-1", "us-gov-west-1",
           "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1")


def main():
    session = botocore.session.Session()
    session.set_credentials("AKIA", "secret")
    rows = []
    for (name, service), region, fips, dual_stack in itertools.product(SERVICES.items(), REGIONS, (False, True), (False, True)):
        row = {"service": name, "region": region, "fips": fips, "dual_stack": dual_stack, "url": None, "signed_for": None}
        try:
            client = session.create_client(service, region, config=Config(
                use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack))
        except EndpointVariantError:
            rows.append(row)
            continue
        operation = client.meta.service_model.operation_model(client.meta.service_model.operation_names[0])
        endpoint = client._ruleset_resolver.construct_endpoint(operation, {}, {})
        schemes = endpoint.properties.get("authSchemes")
        rows.append(row | {"url": endpoint.url, "signed_for": schemes[0]["signingRegion"] if schemes else region})
    print("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]")


main()
