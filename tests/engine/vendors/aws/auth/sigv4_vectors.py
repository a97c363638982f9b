# SPDX-License-Identifier: MPL-2.0
"""Writes the signatures that AWS and botocore make, for tests/engine/vendors/aws/auth/sigv4_test.cc.

  python3 -m venv build/venv && build/venv/bin/pip install botocore==1.43.11
  git clone https://github.com/awslabs/aws-c-auth build/aws-c-auth   # made with 495329c24330
  cd tests/engine/vendors/aws/auth
  ../../../../../build/venv/bin/python sigv4_vectors.py ../../../../../build/aws-c-auth >sigv4_vectors.json

Left out of AWS's suite: paths that are not normalised (S3), bodies whose digest is a header too (S3), tokens that are
not signed, and paths that no URL can hold.
"""

import datetime
import json
import pathlib
import random
import sys
import unittest.mock
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials

GENERATED = 150
UNSAFE = "!$&'()*+,;=:@ %/?#[]{}|^`\"<>\\~.-_aZ9äሴ"


def read_suite(folder):
    for case in sorted((folder / "tests/aws-signing-test-suite/v4").iterdir()):
        context = json.loads((case / "context.json").read_text())
        head, _, body = (case / "request.txt").read_text().partition("\n\n")
        first, *lines = head.split("\n")
        method, target = first.removesuffix(" HTTP/1.1").split(" ", 1)
        path, _, query = target.partition("?")
        left_out = not context["normalize"] or context["sign_body"] or context.get("omit_session_token")
        if left_out or not path.isascii() or " " in path:
            continue
        headers = []
        for line in lines:
            if line[:1] in (" ", "\t"):
                headers[-1][1] += "\n" + line
            elif line:
                headers.append(list(line.split(":", 1)))
        host = dict(headers)["Host"].strip()
        query = urllib.parse.quote(query, safe="=&%-._~")
        signed = (case / "header-signed-request.txt").read_text().split("\n")
        yield {
            "name": case.name,
            "method": method,
            "url": f"https://{host}{path}" + (f"?{query}" if query else ""),
            "headers": [[name, value] for name, value in headers if name not in ("Host", "X-Amz-Date")],
            "body": body,
            "key_id": context["credentials"]["access_key_id"],
            "secret": context["credentials"]["secret_access_key"],
            "token": context["credentials"].get("token", ""),
            "region": context["region"],
            "service": context["service"],
            "time": context["timestamp"],
            "authorization": next(line for line in signed if line.startswith("Authorization:")).split(":", 1)[1].strip(),
        }


def odd_text(source, longest):
    return "".join(source.choice(UNSAFE) for _ in range(source.randint(0, longest)))


def generate(source, number):
    path = "".join("/" + urllib.parse.quote(odd_text(source, 6), safe="~") for _ in range(source.randint(1, 4)))
    if source.random() < 0.3:
        path += source.choice(["/", "/.", "/..", "/../x", "//y", "/./z"])
    query = {odd_text(source, 5) + str(i): odd_text(source, 8) for i in range(source.randint(0, 4))}
    host = source.choice(["route53.amazonaws.com", "acm.eu-west-1.amazonaws.com", "127.0.0.1:4566", "[::1]:8080"])
    scheme = "http" if ":" in host else "https"
    encoded = "&".join(f"{urllib.parse.quote(k, safe='~')}={urllib.parse.quote(v, safe='~')}" for k, v in query.items())
    url = f"{scheme}://{host}{path}" + (f"?{encoded}" if query else "")
    headers = [["X-Odd-" + str(i), source.choice(["  a   b ", "plain", "\ttabs\tinside", "", "a,b", "ü"])]
               for i in range(source.randint(0, 3))] + [["User-Agent", "not signed"]]
    case = {
        "name": f"generated-{number}",
        "method": source.choice(["GET", "POST", "PUT", "DELETE"]),
        "url": url,
        "headers": headers,
        "body": odd_text(source, 60) if source.random() < 0.6 else "",
        "key_id": "AKIDEXAMPLE",
        "secret": odd_text(source, 40) or "secret",
        "token": odd_text(source, 80).strip() if source.random() < 0.5 else "",
        "region": source.choice(["us-east-1", "cn-northwest-1", "us-gov-west-1"]),
        "service": source.choice(["route53", "acm", "sts"]),
        "time": f"20{source.randint(20, 40)}-0{source.randint(1, 9)}-1{source.randint(0, 9)}T0{source.randint(0, 9)}:36:0{source.randint(0, 9)}Z",
    }
    return case | {"authorization": sign_with_botocore(case)}


def sign_with_botocore(case):
    credentials = botocore.credentials.Credentials(case["key_id"], case["secret"], case["token"] or None)
    now = datetime.datetime.fromisoformat(case["time"])
    headers = {name: value for name, value in case["headers"]}
    request = botocore.awsrequest.AWSRequest(case["method"], case["url"], headers, case["body"].encode())
    with unittest.mock.patch("botocore.auth.get_current_datetime", return_value=now.replace(tzinfo=None)):
        botocore.auth.SigV4Auth(credentials, case["service"], case["region"]).add_auth(request)
    return request.headers["Authorization"]


def main():
    source = random.Random(20250830)
    cases = list(read_suite(pathlib.Path(sys.argv[1]))) + [generate(source, i) for i in range(GENERATED)]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    sys.stdout.write(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
