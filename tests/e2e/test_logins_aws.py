# SPDX-License-Identifier: MPL-2.0
"""Who one is at AWS: boto3 and our connection, in the same environments."""

import datetime
import hashlib
import json
import re
import unittest
import urllib.parse

from lab.logins import SDKS, Case, FakeVendor, LoginTest, Outcome
from lab.testing import main
from lab.venv import venv

LATER = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
EARLIER = "2020-01-01T00:00:00Z"
_XML = "<{0}Response><{0}Result>{1}</{0}Result></{0}Response>"


def keys(name: str) -> str:
    return f"aws_access_key_id = AKIA{name}EXAMPLE00000\naws_secret_access_key = secret-of-{name}\n"


def role(name: str) -> str:
    return f"role_arn = arn:aws:iam::123456789012:role/{name}\n"


class FakeAws(FakeVendor):
    """STS, IAM Identity Center, the metadata service of instances, and that of containers. Who one is: the key's id, or how a temporary
    one was come by; the token; the region that was signed for."""

    def __init__(self, directory):
        super().__init__(directory)
        self._descriptions = {}

    def _issue(self, description: str) -> dict:
        key_id = "ASIA" + hashlib.sha256(description.encode()).hexdigest()[:16].upper()
        self._descriptions[key_id] = description
        return {"AccessKeyId": key_id, "SecretAccessKey": "secret", "Token": f"token-of-{key_id}", "Expiration": LATER}

    def _signer(self, request) -> tuple[str, str]:
        found = re.search(r"Credential=([^/]+)/\d+/([^/]+)/sts/", request.headers.get("Authorization", ""))
        key_id, region = found.groups() if found else ("nobody", "nowhere")
        token = request.headers.get("X-Amz-Security-Token", "no token")
        if key_id in self._descriptions:
            return self._descriptions[key_id] if token == f"token-of-{key_id}" else "a thief", region
        return f"{key_id} with {token}", region

    def answer(self, client, request, host, path, body):
        path, _, query = path.partition("?")
        query = dict(urllib.parse.parse_qsl(query))
        if path == "/" and request.command == "POST":
            return self._sts(client, request, dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)))
        if path == "/latest/api/token" and request.command == "PUT":
            return 200, {"X-aws-ec2-metadata-token-ttl-seconds": "21600"}, "imds"
        if path.startswith("/latest/meta-data/iam/security-credentials/") and request.headers.get("X-aws-ec2-metadata-token") == "imds":
            name = path.rsplit("/", 1)[1]
            return 200, {}, json.dumps({"Code": "Success", **self._issue("the instance")}) if name else "instance-role"
        if path == "/container":
            authorized = request.headers.get("Authorization") == "container-token"
            return (200, {}, json.dumps(self._issue("the container"))) if authorized else (401, {}, "{}")
        if path == "/federation/credentials":
            return self._sso(request, query)
        return 404, {}, ""

    def _sso(self, request, query):
        if request.headers.get("x-amz-sso_bearer_token") != "sso-token":
            return 401, {"x-amzn-ErrorType": "UnauthorizedException"}, '{"message": "Session token not found or invalid"}'
        issued = self._issue(f"{query['role_name']} of {query['account_id']} by sso")
        expires = int(datetime.datetime.fromisoformat(LATER.replace("Z", "+00:00")).timestamp() * 1000)
        return 200, {"Content-Type": "application/json"}, json.dumps({"roleCredentials": {
            "accessKeyId": issued["AccessKeyId"], "secretAccessKey": "secret", "sessionToken": issued["Token"],
            "expiration": expires}})

    def _sts(self, client, request, form):
        action = form.pop("Action")
        form.pop("Version")
        signer, region = self._signer(request)
        if action == "GetCallerIdentity":
            self.identities[client].append(f"{signer} in {region}")
            return 200, {}, _XML.format(action, "<Arn>arn:aws:sts::1:x</Arn><UserId>u</UserId><Account>1</Account>")
        if form["RoleSessionName"].startswith("botocore-session") or form["RoleSessionName"] == "certwright":
            form["RoleSessionName"] = "of its own"
        form.setdefault("DurationSeconds", "3600")
        if action == "AssumeRoleWithWebIdentity":
            if form.pop("WebIdentityToken") != "web-token":
                return 400, {}, ("<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>not ours</Message></Error>"
                                 "</ErrorResponse>")
            signer = "a web identity"
        issued = self._issue(f"{sorted(form.items())} by {signer}")
        return 200, {}, _XML.format(action, "<Credentials>" + "".join(
            f"<{name}>{value}</{name}>" for name, value in (
                ("AccessKeyId", issued["AccessKeyId"]), ("SecretAccessKey", "secret"), ("SessionToken", issued["Token"]),
                ("Expiration", LATER))) + "</Credentials>" + (
                    "<AssumedRoleUser><Arn>arn:aws:sts::1:x</Arn><AssumedRoleId>i:s</AssumedRoleId></AssumedRoleUser>"))


ENVIRONMENT_KEYS = {"AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT00000", "AWS_SECRET_ACCESS_KEY": "secret"}
INSTANCE = {"AWS_EC2_METADATA_DISABLED": None, "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}/"}
CONTAINER = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token"}
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/web"}
WEB_FILE = {"token": "web-token"}
CREDENTIALS = ".aws/credentials"
CONFIG = ".aws/config"
PROFILE = {"connection": {"profile": '"it"'}, "sdk": {"session": {"profile_name": "it"}}}
PRINTED = {"Version": 1, "AccessKeyId": "ASIAPROGRAM000000000", "SecretAccessKey": "secret", "SessionToken": "t", "Expiration": LATER}
SESSION = ("[sso-session ours]\nsso_region = eu-west-1\nsso_start_url = https://ours.awsapps.com/start\n"
           "sso_registration_scopes = sso:account:access\n")
SSO = "sso_account_id = 123456789012\nsso_role_name = Reader\n"
SSO_PROFILE = SESSION + "[profile it]\nsso_session = ours\n" + SSO
SSO_FILE = f".aws/sso/cache/{hashlib.sha1(b'ours').hexdigest()}.json"
LEGACY_FILE = f".aws/sso/cache/{hashlib.sha1(b'https://ours.awsapps.com/start').hexdigest()}.json"
LOGIN_ARN = "arn:aws:iam::123456789012:user/u"
LOGIN_FILE = f".aws/login/cache/{hashlib.sha256(LOGIN_ARN.encode()).hexdigest()}.json"


def sso_token(token: str = "sso-token", expires: str = LATER) -> str:
    return json.dumps({"accessToken": token, "expiresAt": expires, "region": "eu-west-1",
                       "startUrl": "https://ours.awsapps.com/start"})


def login(expires: str) -> str:
    return json.dumps({"accessToken": {"accessKeyId": "ASIALOGIN00000000000", "secretAccessKey": "s", "sessionToken": "t",
                                       "accountId": "123456789012", "expiresAt": expires},
                       "clientId": "c", "refreshToken": "r", "idToken": "i", "tokenType": "t", "dpopKey": "k"})


def program(printed: dict | str, code: int = 0) -> str:
    text = printed if isinstance(printed, str) else json.dumps(printed)
    return f"#!/bin/sh\ncat <<'END'\n{text}\nEND\nexit {code}\n"


def process_case(name: str, printed: dict | str, code: int = 0, *, config: str = "", allow_exec: bool = True, **more) -> Case:
    config = config or "[profile it]\ncredential_process = {home}/program\n"
    return Case(name, files={CONFIG: config, "program": program(printed, code)}, allow_exec=allow_exec, **PROFILE, **more)


EQUAL, BOTH_REFUSE, REFUSED = Outcome.EQUAL, Outcome.BOTH_REFUSE, Outcome.REFUSED

CASES = [
    Case("environment", ENVIRONMENT_KEYS),
    Case("environment with a token", {**ENVIRONMENT_KEYS, "AWS_SESSION_TOKEN": "t1"}),
    Case("environment with two tokens", {**ENVIRONMENT_KEYS, "AWS_SESSION_TOKEN": "t1", "AWS_SECURITY_TOKEN": "t2"}, outcome=REFUSED,
         says="two different tokens"),
    Case("environment with a token by its older name", {**ENVIRONMENT_KEYS, "AWS_SECURITY_TOKEN": "t2"}),
    Case("environment with half a key", {"AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT00000"}, outcome=BOTH_REFUSE,
         says="AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"),
    Case("environment that has expired", {**ENVIRONMENT_KEYS, "AWS_CREDENTIAL_EXPIRATION": EARLIER}, outcome=BOTH_REFUSE,
         says="have expired"),
    Case("environment that will expire", {**ENVIRONMENT_KEYS, "AWS_CREDENTIAL_EXPIRATION": LATER}),
    Case("environment before everything else", {**ENVIRONMENT_KEYS, **WEB, **CONTAINER, **INSTANCE},
         {CREDENTIALS: f"[default]\n{keys('FILE')}", **WEB_FILE}),
    Case("environment before a profile that it names", {**ENVIRONMENT_KEYS, "AWS_PROFILE": "it"}, {CREDENTIALS: f"[it]\n{keys('FILE')}"}),
    Case("given key before the environment", ENVIRONMENT_KEYS,
         connection={"access_key_id": '"AKIAGIVENEXAMPLE0000"', "secret_access_key": '"secret"'},
         sdk={"session": {"aws_access_key_id": "AKIAGIVENEXAMPLE0000", "aws_secret_access_key": "secret"}}),
    Case("given profile before the environment", {**ENVIRONMENT_KEYS, **WEB},
         {CREDENTIALS: f"[it]\n{keys('FILE')}", **WEB_FILE}, **PROFILE),
    Case("nothing", outcome=BOTH_REFUSE, says="No AWS credentials found"),

    Case("credentials file", files={CREDENTIALS: f"[default]\n{keys('FILE')}aws_session_token = t\n"}),
    Case("credentials file with a token by its older name", files={CREDENTIALS: f"[default]\n{keys('FILE')}aws_security_token = t\n"}),
    Case("config file", files={CONFIG: f"[default]\n{keys('FILE')}"}),
    Case("config file, profile default", files={CONFIG: f"[profile default]\n{keys('FILE')}"}),
    Case("credentials file before config file", files={CREDENTIALS: f"[default]\n{keys('ONE')}", CONFIG: f"[default]\n{keys('TWO')}"}),
    Case("half a key in a file", files={CREDENTIALS: "[default]\naws_access_key_id = AKIAHALF\n"}, outcome=BOTH_REFUSE,
         says="only one of aws_access_key_id"),
    Case("files elsewhere", {"AWS_SHARED_CREDENTIALS_FILE": "{home}/c1", "AWS_CONFIG_FILE": "~/c2", "AWS_PROFILE": "it"},
         {"c1": f"[base]\n{keys('FILE')}", "c2": f"[profile it]\n{role('r')}source_profile = base\n"}),
    Case("AWS_PROFILE", {"AWS_PROFILE": "it"}, {CREDENTIALS: f"[default]\n{keys('ONE')}[it]\n{keys('TWO')}"}),
    Case("AWS_DEFAULT_PROFILE", {"AWS_DEFAULT_PROFILE": "it"}, {CREDENTIALS: f"[default]\n{keys('ONE')}[it]\n{keys('TWO')}"}),
    Case("AWS_PROFILE and AWS_DEFAULT_PROFILE agree", {"AWS_PROFILE": "it", "AWS_DEFAULT_PROFILE": "it"},
         {CREDENTIALS: f"[it]\n{keys('TWO')}"}),
    Case("AWS_PROFILE and AWS_DEFAULT_PROFILE disagree", {"AWS_PROFILE": "it", "AWS_DEFAULT_PROFILE": "other"},
         {CREDENTIALS: f"[it]\n{keys('ONE')}[other]\n{keys('TWO')}"}, outcome=REFUSED, says="name different profiles"),
    Case("AWS_PROFILE that is not there", {**ENVIRONMENT_KEYS, "AWS_PROFILE": "it"}, outcome=BOTH_REFUSE, says='no profile "it"'),
    Case("profile in double quotes", {"AWS_PROFILE": "my prof"}, {CONFIG: f'[profile "my prof"]\n{keys("FILE")}'}),
    Case("profile in single quotes", {"AWS_PROFILE": "my prof"}, {CONFIG: f"[profile 'my prof']\n{keys('FILE')}"}),
    Case("profile of the config file without the word", {"AWS_PROFILE": "it"}, {CONFIG: f"[it]\n{keys('FILE')}"}, outcome=BOTH_REFUSE,
         says='no profile "it"'),
    Case("regions of a profile", {"AWS_PROFILE": "it", "AWS_REGION": None, "AWS_DEFAULT_REGION": None},
         {CONFIG: f"[profile it]\nregion = eu-north-1\n{keys('FILE')}"}),

    Case("role of a profile", {"AWS_PROFILE": "it"}, {CONFIG: f"[profile base]\n{keys('FILE')}[profile it]\n{role('r')}"
         "source_profile = base\nexternal_id = ours\nrole_session_name = me\nduration_seconds = 900\n"}),
    Case("role of a role", {"AWS_PROFILE": "it"}, {CONFIG: f"[profile base]\n{keys('FILE')}[profile mid]\n{role('m')}"
         f"source_profile = base\n[profile it]\n{role('r')}source_profile = mid\n"}),
    Case("role with the profile's own key", {"AWS_PROFILE": "it"},
         {CONFIG: f"[profile it]\n{role('r')}source_profile = it\n{keys('FILE')}"}),
    Case("role with the environment's key", ENVIRONMENT_KEYS, {CONFIG: f"[profile it]\n{role('r')}credential_source = Environment\n"},
         **PROFILE),
    Case("role with the container's credentials", {**CONTAINER, "AWS_PROFILE": "it"},
         {CONFIG: f"[profile it]\n{role('r')}credential_source = EcsContainer\n"}),
    Case("role with the instance's credentials", {**INSTANCE, "AWS_PROFILE": "it"},
         {CONFIG: f"[profile it]\n{role('r')}credential_source = Ec2InstanceMetadata\n"}),
    Case("role with an unknown source", {"AWS_PROFILE": "it"}, {CONFIG: f"[profile it]\n{role('r')}credential_source = Wishes\n"},
         outcome=BOTH_REFUSE, says="known credential_source"),
    Case("role with two sources", {"AWS_PROFILE": "it"}, {CONFIG: f"[profile base]\n{keys('FILE')}[profile it]\n{role('r')}"
         "source_profile = base\ncredential_source = Environment\n"}, outcome=BOTH_REFUSE, says="both source_profile and"),
    Case("role with no source", {"AWS_PROFILE": "it"}, {CONFIG: f"[profile it]\n{role('r')}"}, outcome=BOTH_REFUSE,
         says="neither source_profile nor"),
    Case("role with a source that is not there", {"AWS_PROFILE": "it"}, {CONFIG: f"[profile it]\n{role('r')}source_profile = base\n"},
         outcome=BOTH_REFUSE, says='no profile "base"'),
    Case("role with a source without credentials", {**INSTANCE, "AWS_PROFILE": "it"},
         {CONFIG: f"[profile base]\nregion = eu-west-1\n[profile it]\n{role('r')}source_profile = base\n"}, outcome=BOTH_REFUSE,
         says='profile "base" of the shared files has no credentials'),
    Case("roles in a loop", {"AWS_PROFILE": "it"}, {CONFIG: f"[profile it]\n{role('r')}source_profile = that\n"
         f"[profile that]\n{role('s')}source_profile = it\n"}, outcome=BOTH_REFUSE, says="loop"),
    Case("role with an MFA device", {"AWS_PROFILE": "it"}, {CONFIG: f"[profile base]\n{keys('FILE')}[profile it]\n{role('r')}"
         "source_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n"}, outcome=BOTH_REFUSE, says="MFA device"),
    Case("role of the connection with all that it can have", ENVIRONMENT_KEYS, connection={"assume_role": """{
         role_arn = "arn:aws:iam::123456789012:role/r"
         external_id = "ours"
         source_identity = "me"
         duration = "30m"
         policy = jsonencode({ Version = "2012-10-17" })
         policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/ViewOnlyAccess"]
         tags = { Project = "certs", Empty = "" }
         transitive_tag_keys = ["Project"]
       }"""}, sdk={"assume_role": {
           "RoleArn": "arn:aws:iam::123456789012:role/r", "ExternalId": "ours", "SourceIdentity": "me", "DurationSeconds": 1800,
           "Policy": '{"Version":"2012-10-17"}', "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
                                                                {"arn": "arn:aws:iam::aws:policy/ViewOnlyAccess"}],
           "Tags": [{"Key": "Empty", "Value": ""}, {"Key": "Project", "Value": "certs"}], "TransitiveTagKeys": ["Project"]}}),

    process_case("program", PRINTED),
    process_case("program with quoted arguments", PRINTED,
                 config='[profile it]\ncredential_process = /bin/sh -c \'"$0" "$@"\' "{home}/program" a\\ b\n'),
    process_case("program without an expiry", {"Version": 1, "AccessKeyId": "AKIAPROGRAM000000000", "SecretAccessKey": "s"}),
    process_case("program for a role", PRINTED,
                 config=f"[profile base]\ncredential_process = {{home}}/program\n[profile it]\n{role('r')}source_profile = base\n"),
    process_case("program that may not run", PRINTED, allow_exec=False, outcome=REFUSED, says="allow_exec = true"),
    process_case("program that fails", "no", 3, outcome=BOTH_REFUSE, says="ended with exit code 3"),
    process_case("program of another version", {**PRINTED, "Version": 2}, outcome=BOTH_REFUSE, says='another "Version" than 1'),
    process_case("program that prints no JSON", "hello", outcome=BOTH_REFUSE, says="printed no JSON object"),
    process_case("program that prints half a key", {"Version": 1, "AccessKeyId": "AKIAPROGRAM000000000"}, outcome=BOTH_REFUSE,
                 says="SecretAccessKey"),
    process_case("program whose credentials have expired", {**PRINTED, "Expiration": EARLIER}, outcome=BOTH_REFUSE, says="have expired"),
    Case("program that is not there", files={CONFIG: "[profile it]\ncredential_process = /nowhere/program\n"}, allow_exec=True,
         outcome=BOTH_REFUSE, says="/nowhere/program", **PROFILE),
    Case("program beside a key", files={CREDENTIALS: f"[it]\n{keys('FILE')}", CONFIG: "[profile it]\ncredential_process = /bin/false\n"},
         allow_exec=True, outcome=REFUSED, says="both access key and credential_process", **PROFILE),

    Case("Identity Center by its session", files={CONFIG: SSO_PROFILE, SSO_FILE: sso_token()}, **PROFILE),
    Case("Identity Center, older form", {"AWS_PROFILE": "it"}, {CONFIG: "[profile it]\nsso_region = eu-west-1\n"
         f"sso_start_url = https://ours.awsapps.com/start\n{SSO}", LEGACY_FILE: sso_token()}),
    Case("Identity Center for a role", {"AWS_PROFILE": "role"},
         {CONFIG: f"{SSO_PROFILE}[profile role]\n{role('r')}source_profile = it\n", SSO_FILE: sso_token()}),
    Case("Identity Center without a login", files={CONFIG: SSO_PROFILE}, outcome=BOTH_REFUSE, says="is missing: run `aws sso login",
         **PROFILE),
    Case("Identity Center with a login that has expired", files={CONFIG: SSO_PROFILE, SSO_FILE: sso_token(expires=EARLIER)},
         outcome=BOTH_REFUSE, says="has expired: run `aws sso login --profile it`", **PROFILE),
    Case("Identity Center with a login that is not accepted", files={CONFIG: SSO_PROFILE, SSO_FILE: sso_token("stale")},
         outcome=BOTH_REFUSE, says="not accepted any more", **PROFILE),
    Case("Identity Center with a session that is not there", files={CONFIG: f"[profile it]\nsso_session = ours\n{SSO}"},
         outcome=BOTH_REFUSE, says='sso-session "ours", which is not', **PROFILE),
    Case("Identity Center with a contradiction", files={CONFIG: f"{SSO_PROFILE}sso_region = us-east-1\n", SSO_FILE: sso_token()},
         outcome=BOTH_REFUSE, says="different values of sso_region", **PROFILE),
    Case("Identity Center without a role", files={CONFIG: f"{SESSION}[profile it]\nsso_session = ours\nsso_account_id = 1\n",
                                                  SSO_FILE: sso_token()}, outcome=BOTH_REFUSE, says="lacks sso_role_name", **PROFILE),
    Case("Identity Center beside a key", files={CONFIG: SSO_PROFILE + keys("FILE"), SSO_FILE: sso_token()}, outcome=REFUSED,
         says="both access key and IAM Identity Center", **PROFILE),
    Case("aws login", files={CONFIG: f"[profile it]\nlogin_session = {LOGIN_ARN}\n", LOGIN_FILE: login(LATER)}, **PROFILE),
    Case("aws login, kept elsewhere", {"AWS_LOGIN_CACHE_DIRECTORY": "{home}/logins"},
         {CONFIG: f"[profile it]\nlogin_session = {LOGIN_ARN}\n", LOGIN_FILE.replace(".aws/login/cache", "logins"): login(LATER)},
         **PROFILE),
    Case("aws login that has expired", files={CONFIG: f"[profile it]\nlogin_session = {LOGIN_ARN}\n", LOGIN_FILE: login(EARLIER)},
         outcome=BOTH_REFUSE, says="has expired: run `aws login", **PROFILE),
    Case("aws login without a login", files={CONFIG: f"[profile it]\nlogin_session = {LOGIN_ARN}\n"}, outcome=BOTH_REFUSE,
         says="is missing: run `aws login", **PROFILE),

    Case("web identity", WEB, WEB_FILE),
    Case("web identity with a session's name, before files", {**WEB, "AWS_ROLE_SESSION_NAME": "me"},
         {CREDENTIALS: f"[default]\n{keys('FILE')}", **WEB_FILE}),
    Case("web identity of a profile", {"AWS_PROFILE": "it"},
         {CONFIG: f"[profile it]\n{role('r')}web_identity_token_file = {{home}}/token\nrole_session_name = me\n", **WEB_FILE}),
    Case("web identity without its file", WEB, outcome=BOTH_REFUSE, says="cannot be read"),
    Case("web identity without a role", {**WEB, "AWS_ROLE_ARN": None}, WEB_FILE, outcome=BOTH_REFUSE, says="AWS_ROLE_ARN is not"),
    Case("web identity that is refused", WEB, {"token": "stale"}, outcome=BOTH_REFUSE, says="InvalidIdentityToken"),
    Case("web identity beside a profile with a role", WEB, {CONFIG: f"[profile base]\n{keys('FILE')}[default]\n{role('r')}"
         "source_profile = base\n", **WEB_FILE}, outcome=REFUSED, says="AWS's tools disagree"),

    Case("container", CONTAINER),
    Case("container with its token in a file", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container",
         "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/token"}, {"token": "container-token"}),
    Case("container that is refused", {**CONTAINER, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other"}, outcome=BOTH_REFUSE, says="status 401"),
    Case("container before instance, behind files without credentials", {**CONTAINER, **INSTANCE},
         {CONFIG: "[default]\nregion = eu-west-1\n"}),
    Case("instance", INSTANCE),
    Case("instance by the profile's address", {"AWS_EC2_METADATA_DISABLED": None},
         {CONFIG: "[default]\nec2_metadata_service_endpoint = {url}/\n"}),
    Case("instance in an unknown mode", {"AWS_EC2_METADATA_DISABLED": None, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv5"},
         outcome=BOTH_REFUSE, says="neither IPv4 nor IPv6"),

    Case("endpoint of a service", {**ENVIRONMENT_KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_STS": "{url}"}),
    Case("endpoint of a profile", {"AWS_ENDPOINT_URL": None}, {CONFIG: f"[default]\nendpoint_url = {{url}}\n{keys('FILE')}"}),
    Case("endpoint of a service in a profile", {"AWS_ENDPOINT_URL": None},
         {CONFIG: f"[default]\nendpoint_url = http://127.0.0.1:1\nservices = local\n{keys('FILE')}"
          "[services local]\nsts =\n  endpoint_url = {url}\n"}),
    Case("endpoints that are not there", {"AWS_ENDPOINT_URL": None}, {CONFIG: f"[default]\nservices = local\n{keys('FILE')}"},
         outcome=BOTH_REFUSE, says='services section "local"'),
    Case("FIPS at a given endpoint", {**ENVIRONMENT_KEYS, "AWS_USE_FIPS_ENDPOINT": "true"}, outcome=REFUSED,
         says="asks for a FIPS endpoint"),
    Case("dual-stack at a given endpoint", {**ENVIRONMENT_KEYS}, {CONFIG: "[default]\nuse_dualstack_endpoint = true\n"},
         outcome=REFUSED, says="asks for a dual-stack endpoint"),
    Case("FIPS by another word", {**ENVIRONMENT_KEYS, "AWS_USE_FIPS_ENDPOINT": "1"}, outcome=REFUSED, says="neither true nor false"),
]


class LoginsAws(LoginTest, unittest.TestCase):
    kind = "aws"
    cases = CASES
    environment = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
                   "AWS_ENDPOINT_URL": "{url}"}
    clean = ("AWS_",)
    guide = "connection-aws.md"
    # Where a fake cannot be: fixed addresses, and AWS itself.
    elsewhere = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_DUALSTACK_ENDPOINT",
                 "AWS_ENDPOINT_URL_ROUTE_53"}

    def make_vendor(self):
        return FakeAws(self.lab.directory)

    def sdk_command(self):
        return [venv("boto3", "boto3==1.43.11", "awscrt") / "bin" / "python", "-B", SDKS / "sdk_aws.py"]


if __name__ == "__main__":
    main()
