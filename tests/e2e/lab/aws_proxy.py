# SPDX-License-Identifier: MPL-2.0
"""The proxy in front of moto: checks each signature with botocore, and refuses what AWS refuses but moto takes.

Certificate Manager, Secrets Manager, Elastic Load Balancing: the policies of the guides, and aws_rules.py.
Route 53: the policy of the guide (four actions, one zone, TXT alone), values without quotes, sets that are to be created but are
there, or deleted but are otherwise, a change that is in sync at once. What is taken goes to BIND as well.
"""

import datetime
import http.server
import json
import pathlib
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials

import aws_rules

NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"
RRSET = re.compile(r"^/2013-04-01/hostedzone/([^/]+)/rrset/?$")
CHANGE = re.compile(r"^/2013-04-01/change/([^/]+)$")


class Refused(Exception):
    def __init__(self, status: int, code: str, *messages: str):
        super().__init__(code)
        self.status = status
        if code == "InvalidChangeBatch":
            root = ET.Element(code, xmlns=NAMESPACE)
            list_ = ET.SubElement(root, "Messages")
            for message in messages:
                ET.SubElement(list_, "Message").text = message
        else:
            root = ET.Element("ErrorResponse")
            error = ET.SubElement(root, "Error")
            ET.SubElement(error, "Code").text = code
            ET.SubElement(error, "Message").text = messages[0] if messages else "refused by the lab"
        self.body = ET.tostring(root)


class RefusedJson(Refused):
    def __init__(self, code: str, message: str):
        super().__init__(400, code, message)
        self.body = aws_rules.json_error(code, message)


class Aws:
    def __init__(self, settings: dict):
        self.settings = settings
        self.lock = threading.RLock()
        self.keys = {settings["key_id"]: (settings["secret"], "")}  # and those of roles: id to secret and token
        self.actions = []
        self.failures = []
        self.polls = {}
        self.rules = aws_rules.Rules(settings["moto"])
        self.route53 = boto3.client("route53", endpoint_url=settings["moto"], region_name="us-east-1",
                                    aws_access_key_id="setup", aws_secret_access_key="setup")
        created = self.route53.create_hosted_zone(Name=settings["zone"], CallerReference="lab")
        self.zone_id = created["HostedZone"]["Id"].rsplit("/", 1)[-1]

    # --- signatures

    def check_signature(self, request):
        given = request.headers.get("Authorization", "")
        match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
                             r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})", given)
        if not match:
            raise Refused(403, "MissingAuthenticationToken")
        key_id, _, region, service, names, signature = match.groups()
        if key_id not in self.keys:
            raise Refused(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        secret, token = self.keys[key_id]
        when = datetime.datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
        if abs(when - datetime.datetime.utcnow()) > datetime.timedelta(minutes=5):
            raise Refused(403, "RequestTimeTooSkewed")
        if request.headers.get("X-Amz-Security-Token", "") != token:
            raise Refused(403, "InvalidClientTokenId")
        url = f"http://{request.headers['Host']}{request.path}"
        headers = {name: request.headers[name] for name in names.split(";")}
        again = botocore.awsrequest.AWSRequest(request.command, url, headers, request.content)
        again.context["timestamp"] = request.headers["X-Amz-Date"]
        auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(key_id, secret, token or None), service, region)
        if auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again) != signature:
            raise Refused(403, "SignatureDoesNotMatch")
        if service == "route53" and region != "us-east-1":
            raise Refused(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region.")

    # --- what moto is too kind for

    def answer(self, request):
        """The status and body for a request."""
        action, handle = self.find_action(request)
        with self.lock:
            try:
                if action != "AssumeRoleWithWebIdentity":
                    self.check_signature(request)
                if self.failures:
                    raise Refused(400, self.failures.pop(0), "Rate exceeded")
                outcome = handle(request)
                self.actions.append(action)
                return outcome
            except Refused:
                self.actions.append(f"{action} refused")
                raise

    def find_action(self, request):
        path = request.path.split("?")[0]
        if path == "/" and b"Action=" in request.content:
            action = re.search(rb"Action=(\w+)", request.content).group(1).decode()
            return action, self.balance if b"Version=2015-12-01" in request.content else self.sts
        service, _, target = request.headers.get("X-Amz-Target", "").partition(".")
        if target:
            allowed = target in aws_rules.ALLOWED.get(service, ())
            return target, (lambda one: self.by_the_rules(target, one)) if allowed else self.deny
        if path == "/2013-04-01/hostedzonesbyname":
            return "ListHostedZonesByName", self.forward
        if match := RRSET.match(path):
            handle = self.change if request.command == "POST" else self.forward
            return ("ChangeResourceRecordSets" if request.command == "POST" else "ListResourceRecordSets",
                    lambda one: self.in_zone(match.group(1), one, handle))
        if match := CHANGE.match(path):
            return "GetChange", lambda one: self.get_change(match.group(1), one)
        return f"{request.command} {path}", self.deny

    def deny(self, _):
        raise Refused(403, "AccessDenied", "User is not authorized to perform this action")

    def by_the_rules(self, action, request):
        body = json.loads(request.content)
        try:
            if action == "GetResources":
                return 200, self.rules.find_tagged(body)
            self.rules.before(action, body)
        except aws_rules.Invalid as invalid:
            raise RefusedJson(*invalid.args) from invalid
        status, answer = self.forward(request)
        return (status, json.dumps(self.rules.after(action, body, json.loads(answer))).encode()) if answer else (status, answer)

    def balance(self, request):
        try:
            return 200, self.rules.balance(request.content)
        except aws_rules.Invalid as invalid:
            raise Refused(400, *invalid.args) from invalid

    def in_zone(self, zone_id, request, handle):
        if zone_id != self.zone_id:
            raise Refused(403, "AccessDenied", "User is not authorized to perform this action on the hosted zone")
        return handle(request)

    def sts(self, request):
        status, body = self.forward(request)
        text = body.decode()
        if status == 200 and "<Credentials>" in text:
            key_id, secret, token = (re.search(f"<{name}>([^<]+)<", text).group(1)
                                     for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
            self.keys[key_id] = (secret, token)
        return status, body

    def get_change(self, change_id, request):
        status, body = self.forward(request)
        self.polls[change_id] = self.polls.get(change_id, 0) + 1
        return status, body.replace(b"INSYNC", b"PENDING") if self.polls[change_id] < 2 else body

    def sets(self) -> dict:
        pages = self.route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=self.zone_id)
        return {(one["Name"], one["Type"]): one for page in pages for one in page["ResourceRecordSets"]}

    def change(self, request):
        """Checks the batch as a whole, then has moto take the sets as they are afterwards."""
        root = ET.fromstring(request.content)
        if root.tag != f"{{{NAMESPACE}}}ChangeResourceRecordSetsRequest":
            raise Refused(400, "InvalidInput", "malformed")
        names = {"n": NAMESPACE}
        before = self.sets()
        after = dict(before)
        problems = []
        for change in root.iterfind("n:ChangeBatch/n:Changes/n:Change", names):
            text = {tag: change.findtext(f".//n:{tag}", "", names) for tag in ("Action", "Name", "Type", "TTL")}
            if text["Type"] != "TXT":
                raise Refused(403, "AccessDenied", "the policy allows TXT alone")
            values = [one.text for one in change.iterfind(".//n:Value", names)]
            problems += self.apply(text, values, after)
        if problems:
            raise Refused(400, "InvalidChangeBatch", *problems)
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        answer = self.route53.change_resource_record_sets(HostedZoneId=self.zone_id, ChangeBatch={"Changes": [
            {"Action": "UPSERT" if key in after else "DELETE", "ResourceRecordSet": after.get(key) or before[key]}
            for key in sorted(changed)]})
        self.mirror({key[0]: [one["Value"] for one in after.get(key, {}).get("ResourceRecords", [])] for key in changed})
        change_id = f"C{len(self.polls) + len(self.actions)}"
        del answer  # moto gives every change the same id
        return 200, (f'<?xml version="1.0"?><ChangeResourceRecordSetsResponse xmlns="{NAMESPACE}"><ChangeInfo>'
                     f"<Id>/change/{change_id}</Id><Status>PENDING</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt>"
                     "</ChangeInfo></ChangeResourceRecordSetsResponse>").encode()

    def apply(self, text: dict, values: list, sets: dict) -> list[str]:
        key = (text["Name"], text["Type"])
        what = f"resource record set [name='{key[0]}', type='TXT']"
        if not key[0].endswith(f"{self.settings['zone']}."):
            return [f"RRSet with DNS name {key[0]} is not permitted in zone {self.settings['zone']}."]
        problems = [f"Invalid Resource Record: '{one}'" for one in values if not re.fullmatch(r'".*"', one or "")]
        new = {"Name": key[0], "Type": key[1], "TTL": int(text["TTL"]), "ResourceRecords": [{"Value": one} for one in values]}
        if text["Action"] == "CREATE":
            problems += [f"Tried to create {what} but it already exists"] if key in sets else []
            sets[key] = new
        elif text["Action"] == "DELETE":
            there = sets.pop(key, None)
            problems += [f"Tried to delete {what} but it was not found"] if there is None else []
            if there and (sorted(values) != sorted(one["Value"] for one in there["ResourceRecords"]) or there["TTL"] != new["TTL"]):
                problems.append(f"Tried to delete {what} but the values provided do not match the current values")
        else:
            sets[key] = new  # UPSERT
        return problems

    def mirror(self, values_by_name: dict):
        host, port = self.settings["bind"].rsplit(":", 1)
        commands = [f"server {host} {port}", f"zone {self.settings['zone']}"]
        for name, values in values_by_name.items():
            commands.append(f"update delete {name} TXT")
            commands += [f"update add {name} 1 TXT {value}" for value in values]
        subprocess.run(["nsupdate", "-y", self.settings["tsig"]], input="\n".join([*commands, "send", ""]), text=True, check=True)

    def forward(self, request):
        headers = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "connection")}
        # moto tells the service by the signature's scope, or by the host's name.
        forwarded = urllib.request.Request(self.settings["moto"] + request.path, request.content or None, headers,
                                           method=request.command)
        try:
            with urllib.request.urlopen(forwarded, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    # --- for the tests

    def lab(self, what: str, content: bytes):
        body = json.loads(content) if content else {}
        if what == "zone":
            return {"id": self.zone_id}
        if what == "actions":
            return self.actions
        if what in ("make_balancer", "meddle"):
            return getattr(self.rules, what)(body)
        if what in ("world", "inventory"):
            return getattr(self.rules, what)()
        with self.lock:
            if what == "fail":
                self.failures = list(body["codes"])
            elif what == "foreign":
                self.route53.change_resource_record_sets(HostedZoneId=self.zone_id, ChangeBatch={"Changes": [
                    {"Action": "UPSERT", "ResourceRecordSet": {"Name": body["name"], "Type": "TXT", "TTL": 300, "ResourceRecords": [
                        {"Value": f'"{body["value"]}"'}]}}]})
            return {name: sorted(one["Value"].strip('"') for one in found["ResourceRecords"])
                    for (name, kind), found in self.sets().items() if kind == "TXT"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    aws: Aws

    def handle_any(self):
        self.content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.startswith("/_lab/"):
            self.reply(200, json.dumps(self.aws.lab(self.path.removeprefix("/_lab/"), self.content)).encode())
            return
        time.sleep(self.aws.settings["latency"])
        try:
            self.reply(*self.aws.answer(self))
        except Refused as refused:
            self.reply(refused.status, refused.body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def reply(self, status: int, body: bytes):
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    settings = json.loads(pathlib.Path(sys.argv[1]).read_text())
    Handler.aws = Aws(settings)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", settings["port"]), Handler)
    print("ready", flush=True)
    server.serve_forever()


main()
