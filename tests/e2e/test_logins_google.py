# SPDX-License-Identifier: MPL-2.0
"""Who one is at Google Cloud: google-auth and our connection, in the same environments."""

import base64
import json
import secrets
import subprocess
import unittest
import urllib.parse

from lab.logins import SDKS, Case, FakeVendor, LoginTest, Outcome
from lab.testing import main
from lab.venv import venv

HOSTS = ("oauth2.googleapis.com", "sts.googleapis.com", "iamcredentials.googleapis.com", "cloudresourcemanager.googleapis.com")
IMPERSONATION = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{}:generateAccessToken"
TARGET = "dns-admin@project-1.iam.gserviceaccount.com"
LIFETIME = 3600


class FakeGoogle(FakeVendor):
    """Token server, token exchange, IAM's impersonation, and metadata server. Who one is: how the last token was come by."""

    def __init__(self, directory):
        super().__init__(directory, HOSTS)
        self._descriptions = {}

    def _issue(self, client, description) -> str:
        # What is only to impersonate may be for IAM alone.
        description = description.replace("auth/iam", "auth/cloud-platform")
        token = secrets.token_hex(16)
        self._descriptions[token] = description
        self.identities[client].append(description)
        return token

    def _token(self, client, description):
        return 200, {"Content-Type": "application/json"}, json.dumps({
            "access_token": self._issue(client, description), "expires_in": LIFETIME, "token_type": "Bearer",
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"})

    def answer(self, client, request, host, path, body):
        path, _, query = path.partition("?")
        form = dict(urllib.parse.parse_qsl(body.decode())) if host else {}
        if host == "oauth2.googleapis.com" and path == "/token":
            return self._token_server(client, form)
        if host == "sts.googleapis.com" and path == "/v1/token":
            names = ("subject_token", "subject_token_type", "audience", "scope", "requested_token_type", "options")
            # Of AWS, the subject's token is signed with the time.
            form["subject_token"] = form["subject_token"][:40]
            if form["subject_token"] == "stale":
                return 400, {}, '{"error": "invalid_grant", "error_description": "The given credential is rejected."}'
            # google-auth encodes this twice, Google's other libraries do not.
            form["options"] = str(json.loads(urllib.parse.unquote(form.get("options", "{}"))))
            parts = [form.get(name, "") for name in names] + [request.headers.get("Authorization", "")]
            return self._token(client, f"federated: {parts}")
        if host == "cloudresourcemanager.googleapis.com":  # google-auth looks the project's name up
            return 200, {"Content-Type": "application/json"}, '{"projectId": "project-1"}'
        if host == "sts.googleapis.com" and path == "/v1/oauthtoken":
            return self._token(client, "a federated user")
        if host == "iamcredentials.googleapis.com":
            source = self._descriptions.get(request.headers.get("Authorization", "").removeprefix("Bearer "), "nobody")
            asked = json.loads(body)
            description = f"{urllib.parse.unquote(path)} by {source}: {asked['scope']} {asked['lifetime']} {asked.get('delegates') or []}"
            return 200, {}, json.dumps({"accessToken": self._issue(client, description), "expireTime": "2099-01-01T00:00:00Z"})
        return self._metadata(client, request, path, query)

    def _token_server(self, client, form):
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] == "revoked":
                return 400, {}, '{"error": "invalid_grant", "error_description": "Token has been expired or revoked."}'
            return self._token(client, f"user {form['refresh_token']} by {form['client_id']} {form['client_secret']}")
        header, claims, _ = (part + "=" * (-len(part) % 4) for part in form["assertion"].split("."))
        header, claims = (json.loads(base64.urlsafe_b64decode(part)) for part in (header, claims))
        return self._token(client, f"{claims['iss']} by {header['kid']} for {claims['scope']} at {claims['aud']}")

    def _metadata(self, client, request, path, query):
        google = {"Metadata-Flavor": "Google", "Content-Type": "text/plain"}
        if path == "/foreign":
            return (200, {}, '{"id": {"token": 1}, "value": "foreign"}') if request.headers.get("X-Proof") == "it" else (403, {}, "")
        if path in ("/", "") or request.headers.get("Metadata-Flavor") != "Google":
            return 200, google, ""
        if path.endswith("/token"):
            status, headers, text = self._token(client, "the machine")
            return status, {**google, **headers}, text
        if path.endswith("/service-accounts/default/"):
            return 200, {**google, "Content-Type": "application/json"}, json.dumps(
                {"email": "default", "scopes": [], "aliases": ["default"]})
        if path.endswith("/project/project-id"):
            return 200, google, "project-1"
        return 404, google, ""


def _make_key() -> str:
    return subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], check=True,
                          capture_output=True, text=True).stdout


ACCOUNT = {"type": "service_account", "project_id": "project-1", "private_key_id": "key-1", "private_key": _make_key(),
           "client_email": "one@project-1.iam.gserviceaccount.com", "client_id": "1",
           "token_uri": "https://oauth2.googleapis.com/token"}
USER = {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r", "quota_project_id": "q"}
POOL = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x"
WORKFORCE = "//iam.googleapis.com/locations/global/workforcePools/p/providers/x"
FEDERATION = {"type": "external_account", "audience": POOL, "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
              "token_url": "https://sts.googleapis.com/v1/token", "credential_source": {"file": "{home}/token"}}
URL_SOURCE = {"url": "{url}/foreign", "headers": {"X-Proof": "it"},
              "format": {"type": "json", "subject_token_field_name": "value"}}
IMPERSONATED = {"type": "impersonated_service_account", "service_account_impersonation_url": IMPERSONATION.format(TARGET),
                "source_credentials": USER, "delegates": []}
GCLOUD = ".config/gcloud/application_default_credentials.json"
MACHINE = {"NO_GCE_CHECK": None, "GCE_METADATA_HOST": "{address}", "GCE_METADATA_IP": "{address}"}
EQUAL, BOTH_REFUSE, REFUSED = Outcome.EQUAL, Outcome.BOTH_REFUSE, Outcome.REFUSED


def hcl(value) -> str:
    """As an HCL string."""
    return json.dumps(json.dumps(value)).replace("${", "$${")


def given(name: str, info: dict, **more) -> Case:
    """In credentials_json."""
    return Case(name, connection={"credentials_json": hcl(info)}, sdk={"info": info, **more.pop("sdk", {})},
                files={"token": "foreign", **more.pop("files", {})}, **more)


def in_file(name: str, info: dict | str, **more) -> Case:
    """In the file that GOOGLE_APPLICATION_CREDENTIALS names."""
    text = info if isinstance(info, str) else json.dumps(info)
    return Case(name, {"GOOGLE_APPLICATION_CREDENTIALS": "{home}/key.json"}, {"key.json": text, "token": "foreign"}, **more)


CASES = [
    given("key", ACCOUNT),
    given("user", USER),
    given("user who is logged out", {**USER, "refresh_token": "revoked"}, outcome=BOTH_REFUSE, says="expired or revoked"),
    given("federation by a file", FEDERATION),
    given("federation by a file of JSON", {**FEDERATION, "credential_source": {
        "file": "{home}/json", "format": {"type": "json", "subject_token_field_name": "t"}}}, files={"json": '{"t": "from-json"}'}),
    given("federation by an URL", {**FEDERATION, "credential_source": URL_SOURCE}),
    given("federation that impersonates", {**FEDERATION, "service_account_impersonation_url": IMPERSONATION.format(TARGET)}),
    given("federation that impersonates for a while", {
        **FEDERATION, "service_account_impersonation_url": IMPERSONATION.format(TARGET),
        "service_account_impersonation": {"token_lifetime_seconds": 900}}),
    given("federation without its file", {**FEDERATION, "credential_source": {"file": "{home}/none"}}, outcome=BOTH_REFUSE,
          says="cannot be read"),
    given("federation that is refused", FEDERATION, files={"token": "stale"}, outcome=BOTH_REFUSE, says="is rejected"),
    given("workforce with its project", {**FEDERATION, "audience": WORKFORCE, "workforce_pool_user_project": "123"}),
    given("workforce with a client", {**FEDERATION, "audience": WORKFORCE, "workforce_pool_user_project": "123", "client_id": "c",
                                      "client_secret": "s"}),
    given("workload with a workforce's project", {**FEDERATION, "workforce_pool_user_project": "123"}, outcome=BOTH_REFUSE,
          says="workforce_pool_user_project"),
    given("impersonation by a user", IMPERSONATED),
    given("impersonation by a key, with delegates", {**IMPERSONATED, "source_credentials": ACCOUNT,
                                                     "delegates": ["projects/-/serviceAccounts/mid@project-1.iam.gserviceaccount.com"]}),
    Case("impersonation in a row", connection={
        "credentials_json": hcl({**FEDERATION, "service_account_impersonation_url": IMPERSONATION.format("mid@p.iam")}),
        "impersonate_service_account": f'"{TARGET}"'}, files={"token": "foreign"}, sdk={
            "info": {**FEDERATION, "service_account_impersonation_url": IMPERSONATION.format("mid@p.iam")}, "impersonate": TARGET}),
    given("impersonation without a source", {"type": "impersonated_service_account",
                                             "service_account_impersonation_url": IMPERSONATION.format(TARGET)},
          outcome=BOTH_REFUSE, says="lacks source_credentials"),

    in_file("file: key", ACCOUNT),
    in_file("file: user", USER),
    in_file("file: federation", FEDERATION),
    in_file("file: impersonation", IMPERSONATED),
    in_file("file: no JSON", "hello", outcome=BOTH_REFUSE, says="GOOGLE_APPLICATION_CREDENTIALS: the credentials are no JSON"),
    in_file("file: another type", {"type": "magic"}, outcome=BOTH_REFUSE, says='type "magic" are not supported'),
    Case("file that is not there", {"GOOGLE_APPLICATION_CREDENTIALS": "{home}/none"}, outcome=BOTH_REFUSE,
         says="GOOGLE_APPLICATION_CREDENTIALS"),
    Case("file before gcloud's", {"GOOGLE_APPLICATION_CREDENTIALS": "{home}/key.json"},
         {"key.json": json.dumps(ACCOUNT), GCLOUD: json.dumps(USER)}),
    Case("gcloud's file", files={GCLOUD: json.dumps(USER)}),
    Case("gcloud's file before the machine", MACHINE, {GCLOUD: json.dumps(USER)}),
    Case("gcloud's file elsewhere", {"CLOUDSDK_CONFIG": "{home}/sdk"},
         {"sdk/application_default_credentials.json": json.dumps(USER)}),
    Case("gcloud's file, broken", files={GCLOUD: "{"}, outcome=BOTH_REFUSE, says="application_default_credentials.json"),
    Case("machine", MACHINE),
    Case("machine by the host's older name", {**MACHINE, "GCE_METADATA_HOST": None, "GCE_METADATA_ROOT": "{address}"}),
    Case("machine by TLS", {**MACHINE, "GCE_METADATA_MTLS_MODE": "strict"}, outcome=BOTH_REFUSE, says="GCE_METADATA_MTLS_MODE"),
    Case("nothing", outcome=BOTH_REFUSE, says="No Google credentials found"),
    Case("impersonation of what is found", MACHINE, connection={"impersonate_service_account": f'"{TARGET}"'},
         sdk={"impersonate": TARGET}),
    Case("impersonation by the environment", {**MACHINE, "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT": TARGET}, sdk={"impersonate": TARGET}),
    # These are the Google provider's, before those of the libraries.
    Case("GOOGLE_CREDENTIALS with a content", {"GOOGLE_CREDENTIALS": json.dumps(USER),
                                               "GOOGLE_APPLICATION_CREDENTIALS": "{home}/none"}, sdk={"info": USER}),
    Case("GOOGLE_CREDENTIALS with a path", {"GOOGLE_CREDENTIALS": "~/key.json"}, {"key.json": json.dumps(ACCOUNT)}, sdk={"info": ACCOUNT}),
    Case("GOOGLE_CLOUD_KEYFILE_JSON", {"GOOGLE_CLOUD_KEYFILE_JSON": json.dumps(USER)}, sdk={"info": USER}),
    Case("GCLOUD_KEYFILE_JSON", {"GCLOUD_KEYFILE_JSON": json.dumps(USER)}, sdk={"info": USER}),

    given("federation from AWS", {**FEDERATION, "subject_token_type": "urn:ietf:params:aws:token-type:aws4_request", "credential_source": {
        "environment_id": "aws1",
        "regional_cred_verification_url": "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"}},
        environment={"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1"}, outcome=REFUSED,
        says="credential_source is AWS, which is not supported"),
    given("federation by a program", {**FEDERATION, "credential_source": {"executable": {"command": "{home}/program"}}},
          environment={"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1"},
          files={"program": "#!/bin/sh\necho '" + json.dumps({
              "version": 1, "success": True, "token_type": "urn:ietf:params:oauth:token-type:jwt", "id_token": "it",
              "expiration_time": 9999999999}) + "'\n"}, outcome=REFUSED, says="is a program \\(executable\\), which is not supported"),
    given("federated user", {"type": "external_account_authorized_user", "audience": WORKFORCE, "refresh_token": "r", "client_id": "c",
                             "client_secret": "s", "token_url": "https://sts.googleapis.com/v1/oauthtoken",
                             "token_info_url": "https://sts.googleapis.com/v1/introspect"}, outcome=REFUSED,
          says='"external_account_authorized_user" are not supported'),
    given("another universe", {**IMPERSONATED, "universe_domain": "example.goog"}, outcome=REFUSED, says="of the universe example.goog"),
    Case("another universe by the environment", {"GOOGLE_CLOUD_UNIVERSE_DOMAIN": "example.goog"}, {GCLOUD: json.dumps(USER)},
         outcome=REFUSED, says="of the universe example.goog"),
]


class LoginsGoogle(LoginTest, unittest.TestCase):
    kind = "google_cloud"
    cases = CASES
    # Loopback is never reached through a proxy.
    environment = {"GOOGLE_CLOUD_PROJECT": "project-1", "NO_GCE_CHECK": "true", "https_proxy": "{proxy}", "SSL_CERT_FILE": "{ca}",
                   "REQUESTS_CA_BUNDLE": "{ca}", "no_proxy": "127.0.0.1"}
    clean = ("GOOGLE_", "GCLOUD_", "CLOUDSDK_", "GCE_", "AWS_")
    guide = "connection-google_cloud.md"
    elsewhere = {"GOOGLE_OAUTH_ACCESS_TOKEN", "GOOGLE_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT", "GOOGLE_CLOUD_QUOTA_PROJECT"}
    plumbing = {"https_proxy", "no_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "GCE_METADATA_IP", "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"}

    def make_vendor(self):
        return FakeGoogle(self.lab.directory)

    def sdk_command(self):
        return [venv("google_auth", "google-auth==2.63.0", "requests==2.34.2", "cryptography") / "bin" / "python", "-B",
                SDKS / "sdk_google.py"]


if __name__ == "__main__":
    main()
