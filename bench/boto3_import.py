# SPDX-License-Identifier: MPL-2.0
"""Imports certificates into AWS Certificate Manager with boto3; prints the seconds that it took. Settings as JSON on standard input."""

import concurrent.futures
import datetime
import json
import secrets
import sys
import time

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def sign(name: str, issuer: str, key, issuer_key) -> bytes:
    now = datetime.datetime.now(datetime.timezone.utc)
    named = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    builder = x509.CertificateBuilder(named(issuer), named(name), key.public_key(), x509.random_serial_number(),
                                      now - datetime.timedelta(hours=1), now + datetime.timedelta(days=90))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def main():
    settings = json.load(sys.stdin)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = sign("ca.test", "ca.test", ca_key, ca_key)
    leaves = []
    for i in range(settings["count"]):
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        leaves.append((sign(f"n{i}.test", "ca.test", key, ca_key), pem))
    account = {"endpoint_url": settings["url"], "region_name": "eu-west-1", "aws_access_key_id": settings["key_id"],
               "aws_secret_access_key": settings["secret"]}
    client = boto3.client("acm", **account, config=boto3.session.Config(max_pool_connections=settings["threads"]))
    # moto takes seconds for the first of these: it loads every service then.
    boto3.client("resourcegroupstaggingapi", **account).get_resources(ResourceTypeFilters=["acm:certificate"], ResourcesPerPage=100)
    tags = [{"Key": key, "Value": secrets.token_hex(16)} for key in ("Name", "certificate-id", "import-id", "sync-id")]

    def push(leaf):
        arn = client.import_certificate(Certificate=leaf[0], PrivateKey=leaf[1], CertificateChain=ca, Tags=tags)["CertificateArn"]
        client.describe_certificate(CertificateArn=arn)

    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(settings["threads"]) as threads:
        list(threads.map(push, leaves))
    print(time.monotonic() - begin)


main()
