# SPDX-License-Identifier: MPL-2.0
"""Who one is at Azure: azure-identity and our connection, in the same environments."""

import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse

from lab.logins import SDKS, Case, FakeVendor, LoginTest, Outcome
from lab.testing import main
from lab.venv import venv

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "66666666-7777-8888-9999-000000000000"
OTHER = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
AUTHORITY = "https://login.microsoftonline.com"
JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class FakeAzure(FakeVendor):
    """Microsoft Entra ID, App Service's identity endpoint, and the token endpoints of GitHub and Azure DevOps. Who one is: what the last
    token was given for."""

    def __init__(self, directory):
        super().__init__(directory, ("login.microsoftonline.com",))

    def answer(self, client, request, host, path, body):
        path, _, query = path.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        json_type = {"Content-Type": "application/json"}
        if host and path.endswith("/oauth2/v2.0/token"):
            status, answer = self._token(client, path, dict(urllib.parse.parse_qsl(body.decode())))
            return status, json_type, json.dumps(answer)
        if host:  # what MSAL discovers
            return 200, json_type, json.dumps({
                "tenant_discovery_endpoint": f"{AUTHORITY}/{TENANT}/v2.0/.well-known/openid-configuration", "metadata": [],
                "api-version": "1.1", "token_endpoint": f"{AUTHORITY}/{TENANT}/oauth2/v2.0/token", "issuer": f"{AUTHORITY}/{TENANT}/v2.0",
                "authorization_endpoint": f"{AUTHORITY}/{TENANT}/oauth2/v2.0/authorize"})
        bearer = request.headers.get("Authorization", "")
        if path == "/github":
            fine = bearer == "Bearer ci" and asked == {"api-version": "2", "audience": "api://AzureADTokenExchange"}
            return (200, json_type, '{"value": "jwt-of-github"}') if fine else (401, {}, "")
        if path == "/devops":
            fine = bearer == "Bearer ci" and request.command == "POST" and request.headers.get("X-TFS-FedAuthRedirect") == "Suppress"
            return (200, json_type, json.dumps({"oidcToken": f"jwt-of-{asked['serviceConnectionId']}"})) if fine else (401, {}, "")
        if path == "/msi" and request.headers.get("X-IDENTITY-HEADER") == "proof":
            which = sorted((name, value) for name, value in asked.items() if name not in ("api-version", "resource"))
            self.identities[client].append(f"the machine {which} for {asked['resource']}")
            return 200, json_type, json.dumps({"access_token": "t", "expires_on": "4070908800", "resource": asked["resource"],
                                               "token_type": "Bearer"})
        return 404, {}, ""

    def _token(self, client, path, form):
        proof = f"secret {form.get('client_secret')}"
        if "client_assertion" in form:
            proof = self._read_assertion(form) if form["client_assertion_type"] == JWT else "nothing"
        if "wrong" in proof:
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
        self.identities[client].append(f"{form['client_id']} at {path.split('/')[1]} with {proof} for {form['scope'].split()[0]}")
        return 200, {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}

    @staticmethod
    def _read_assertion(form) -> str:
        parts = form["client_assertion"].split(".")
        if len(parts) != 3:
            return f"assertion {form['client_assertion']}"
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
        # MSAL names the certificate by its SHA-256 alone for Entra, and by its SHA-1 alone for others; we by both.
        known = header.get("x5t#S256", "").rstrip("=") == FILES.thumbprint or header.get("x5t", "").rstrip("=") == FILES.sha1
        return f"certificate {known} of {claims['iss']} {claims['sub']}, chain of {len(header.get('x5c', []))}"


class Files:
    """A certificate and its key as PEM, and as PKCS #12 with and without a password."""

    def __init__(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)

            def openssl(*arguments):
                return subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder).stdout

            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=app", "-keyout", "k", "-out", "c")
            self.pem = (folder / "k").read_text() + (folder / "c").read_text()
            der = openssl("x509", "-in", "c", "-outform", "DER")
            export = ("pkcs12", "-export", "-inkey", "k", "-in", "c")
            self.pfx = base64.b64encode(openssl(*export, "-passout", "pass:word")).decode()
            self.open_pfx = base64.b64encode(openssl(*export, "-passout", "pass:")).decode()
        encode = lambda digest: base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        self.thumbprint, self.sha1 = encode(hashlib.sha256(der).digest()), encode(hashlib.sha1(der).digest())


FILES = Files()
ARM = {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": CLIENT}
AZURE = {"AZURE_TENANT_ID": TENANT, "AZURE_CLIENT_ID": CLIENT}
GITHUB = {"ACTIONS_ID_TOKEN_REQUEST_URL": "{url}/github?api-version=2", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "ci"}
DEVOPS = {"SYSTEM_OIDCREQUESTURI": "{url}/devops", "SYSTEM_ACCESSTOKEN": "ci"}
MACHINE = {"IDENTITY_ENDPOINT": "{url}/msi", "IDENTITY_HEADER": "proof"}
GIVEN = {"tenant_id": f'"{TENANT}"', "client_id": f'"{CLIENT}"'}
APPLICATION = {"tenant_id": TENANT, "client_id": CLIENT}
BY_SECRET = {"credential": "ClientSecretCredential", "arguments": {**APPLICATION, "client_secret": "secret"}}
BY_FILE = {"credential": "CertificateCredential", "arguments": {**APPLICATION, "certificate_path": "{home}/app.pem"}}
BY_PFX = {"credential": "CertificateCredential", "arguments": {**APPLICATION, "certificate_file": "{home}/app.pfx", "password": "word"}}
BY_TOKEN = {"credential": "WorkloadIdentityCredential", "arguments": {**APPLICATION, "token_file_path": "{home}/token"}}
BY_GITHUB = {"credential": "ClientAssertionCredential", "github": "api://AzureADTokenExchange", "arguments": APPLICATION}
BY_DEVOPS = {"credential": "AzurePipelinesCredential", "arguments": {
    **APPLICATION, "service_connection_id": "connection", "system_access_token": "ci"}}
RESOURCE = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
EQUAL, BOTH_REFUSE, REFUSED = Outcome.EQUAL, Outcome.BOTH_REFUSE, Outcome.REFUSED


def machine(name: str, connection: dict, arguments: dict, **more) -> Case:
    return Case(name, MACHINE, connection={"use_managed_identity": "true", **connection},
                sdk={"credential": "ManagedIdentityCredential", "arguments": arguments}, **more)


def on_machine(name: str, environment: dict) -> Case:
    return Case(name, environment, connection={"use_managed_identity": "true"}, sdk={"credential": "ManagedIdentityCredential"},
                outcome=BOTH_REFUSE, says="is not supported; those of virtual machines")


CASES = [
    Case("given secret", {**AZURE, "AZURE_CLIENT_SECRET": "other"}, connection={**GIVEN, "client_secret": '"secret"'}, sdk=BY_SECRET),
    Case("given secret that is refused", connection={**GIVEN, "client_secret": '"wrong"'}, outcome=BOTH_REFUSE, says="AADSTS7000215",
         sdk={"credential": "ClientSecretCredential", "arguments": {**APPLICATION, "client_secret": "wrong"}}),
    Case("given certificate", files={"app.pem": FILES.pem}, connection={**GIVEN, "client_certificate_pem": 'file("{home}/app.pem")'},
         sdk=BY_FILE),
    Case("given PFX", files={"app.pfx": f"base64:{FILES.pfx}"}, sdk=BY_PFX, connection={
        **GIVEN, "client_certificate_pfx": f'"{FILES.pfx}"', "client_certificate_password": '"word"'}),
    Case("given PFX without a password", files={"app.pfx": f"base64:{FILES.open_pfx}"},
         connection={**GIVEN, "client_certificate_pfx": f'"{FILES.open_pfx}"'},
         sdk={"credential": "CertificateCredential", "arguments": {**APPLICATION, "certificate_file": "{home}/app.pfx", "password": ""}}),
    Case("given PFX with another password", files={"app.pfx": f"base64:{FILES.pfx}"}, outcome=BOTH_REFUSE,
         says="does not open the PKCS #12", connection={**GIVEN, "client_certificate_pfx": f'"{FILES.pfx}"'},
         sdk={"credential": "CertificateCredential", "arguments": {**APPLICATION, "certificate_file": "{home}/app.pfx", "password": "x"}}),
    Case("given token file", files={"token": "jwt"}, connection={**GIVEN, "oidc_token_file": '"{home}/token"'}, sdk=BY_TOKEN),
    Case("given token file, the rest from the environment", AZURE, {"token": "jwt"}, {"oidc_token_file": '"{home}/token"'}, BY_TOKEN),
    Case("given token file that is not there", connection={**GIVEN, "oidc_token_file": '"{home}/token"'}, sdk=BY_TOKEN,
         outcome=BOTH_REFUSE, says="cannot be read"),

    Case("secret of the environment", {**AZURE, "AZURE_CLIENT_SECRET": "secret"}),
    Case("secret of the environment that is refused", {**AZURE, "AZURE_CLIENT_SECRET": "wrong"}, outcome=BOTH_REFUSE,
         says="AADSTS7000215"),
    Case("secret of the environment without its application", {"AZURE_TENANT_ID": TENANT, "AZURE_CLIENT_SECRET": "secret"},
         outcome=BOTH_REFUSE, says="AZURE_TENANT_ID and AZURE_CLIENT_ID are not both set"),
    Case("secret before certificate", {**AZURE, "AZURE_CLIENT_SECRET": "secret", "AZURE_CLIENT_CERTIFICATE_PATH": "{home}/app.pem"},
         {"app.pem": FILES.pem}),
    Case("certificate of the environment", {**AZURE, "AZURE_CLIENT_CERTIFICATE_PATH": "{home}/app.pem"}, {"app.pem": FILES.pem}),
    Case("certificate of the environment with its chain", {**AZURE, "AZURE_CLIENT_CERTIFICATE_PATH": "{home}/app.pem",
         "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN": "true"}, {"app.pem": FILES.pem}),
    Case("PFX of the environment", {**AZURE, "AZURE_CLIENT_CERTIFICATE_PATH": "{home}/app.pfx", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "word"},
         {"app.pfx": f"base64:{FILES.pfx}"}),
    Case("certificate of the environment that is not there", {**AZURE, "AZURE_CLIENT_CERTIFICATE_PATH": "{home}/none"},
         outcome=BOTH_REFUSE, says="AZURE_CLIENT_CERTIFICATE_PATH names cannot be read"),
    Case("token file of the environment", {**AZURE, "AZURE_FEDERATED_TOKEN_FILE": "{home}/token", "AZURE_AUTHORITY_HOST": f"{AUTHORITY}/"},
         {"token": "jwt"}, sdk={"credential": "WorkloadIdentityCredential"}),
    Case("another cloud of the environment", {**AZURE, "AZURE_CLIENT_SECRET": "secret", "AZURE_AUTHORITY_HOST": "login.chinacloudapi.cn"},
         outcome=BOTH_REFUSE, says="AZURE_AUTHORITY_HOST is another one"),
    Case("user and password", {"AZURE_CLIENT_ID": CLIENT, "AZURE_USERNAME": "u", "AZURE_PASSWORD": "p"}, outcome=BOTH_REFUSE,
         says="AZURE_USERNAME and AZURE_PASSWORD are not supported"),
    Case("nothing", outcome=BOTH_REFUSE, says="A connection has one way to authenticate"),
    Case("nothing but a machine", MACHINE, sdk={"credential": "DefaultAzureCredential"}, outcome=REFUSED,
         says="A connection has one way to authenticate"),

    # These are the azurerm provider's. The SDK is told what that does with them.
    Case("azurerm: secret", {**ARM, "ARM_CLIENT_SECRET": "secret", "AZURE_CLIENT_SECRET": "other"}, sdk=BY_SECRET),
    Case("azurerm: secret and ids in files", {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID_FILE_PATH": "{home}/id",
         "ARM_CLIENT_SECRET_FILE_PATH": "{home}/secret"}, {"id": CLIENT + "\n", "secret": "secret\n"}, sdk=BY_SECRET),
    Case("azurerm: certificate before secret", {**ARM, "ARM_CLIENT_SECRET": "x", "ARM_CLIENT_CERTIFICATE_PATH": "{home}/app.pfx",
         "ARM_CLIENT_CERTIFICATE_PASSWORD": "word"}, {"app.pfx": f"base64:{FILES.pfx}"}, sdk=BY_PFX),
    Case("azurerm: certificate by its content", {**ARM, "ARM_CLIENT_CERTIFICATE": FILES.pfx, "ARM_CLIENT_CERTIFICATE_PASSWORD": "word"},
         {"app.pfx": f"base64:{FILES.pfx}"}, sdk=BY_PFX),
    Case("azurerm: token", {**ARM, "ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": "jwt"}, {"token": "jwt"}, sdk=BY_TOKEN),
    Case("azurerm: token in a file", {**ARM, "ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN_FILE_PATH": "{home}/token"}, {"token": "jwt"},
         sdk=BY_TOKEN),
    Case("azurerm: GitHub", {**ARM, **GITHUB, "ARM_USE_OIDC": "true"}, sdk=BY_GITHUB),
    Case("azurerm: GitHub by other names", {**ARM, "ARM_USE_OIDC": "true", "ARM_OIDC_REQUEST_URL": "{url}/github?api-version=2",
         "ARM_OIDC_REQUEST_TOKEN": "ci", **GITHUB}, sdk=BY_GITHUB),
    Case("azurerm: Azure DevOps", {**ARM, **DEVOPS, "ARM_USE_OIDC": "true", "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "connection"},
         sdk=BY_DEVOPS),
    Case("azurerm: managed identity", {**MACHINE, "ARM_USE_MSI": "true", "ARM_CLIENT_ID": OTHER},
         sdk={"credential": "ManagedIdentityCredential", "arguments": {"client_id": OTHER}}),
    Case("azurerm: another cloud", {**ARM, "ARM_CLIENT_SECRET": "secret", "ARM_ENVIRONMENT": "usgovernment"}, outcome=BOTH_REFUSE,
         says="ARM_ENVIRONMENT says usgovernment",
         sdk={"credential": "ClientSecretCredential", "arguments": {**BY_SECRET["arguments"], "authority": "login.microsoftonline.us"}}),

    Case("use_oidc at GitHub", {**GITHUB, **ARM}, connection={"use_oidc": "true"}, sdk=BY_GITHUB),
    Case("use_oidc at GitHub, refused", {**GITHUB, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "stale"}, connection={**GIVEN, "use_oidc": "true"},
         sdk=BY_GITHUB, outcome=BOTH_REFUSE, says="CI system's token endpoint answered 401"),
    Case("use_oidc at Azure DevOps", {**DEVOPS, "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID": "connection"},
         connection={**GIVEN, "use_oidc": "true"}, sdk=BY_DEVOPS),
    Case("use_oidc at Azure DevOps by the task's name", {**DEVOPS, "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "connection"},
         connection={**GIVEN, "use_oidc": "true"}, sdk=BY_DEVOPS),
    Case("use_oidc elsewhere", connection={**GIVEN, "use_oidc": "true"}, sdk=BY_DEVOPS, outcome=BOTH_REFUSE,
         says="gives the job no token"),

    machine("machine", {}, {}),
    machine("machine by client id", {"client_id": f'"{OTHER}"'}, {"client_id": OTHER}),
    machine("machine by object id", {"managed_identity_object_id": f'"{OTHER}"'}, {"identity_config": {"object_id": OTHER}}),
    machine("machine by resource id", {"managed_identity_resource_id": f'"{RESOURCE}"'}, {"identity_config": {"resource_id": RESOURCE}}),
    machine("machine by two ids", {"client_id": f'"{OTHER}"', "managed_identity_object_id": f'"{OTHER}"'},
            {"client_id": OTHER, "identity_config": {"object_id": OTHER}}, outcome=BOTH_REFUSE, says="Name the identity once"),
    on_machine("machine with Azure Arc", {"IDENTITY_ENDPOINT": "http://127.0.0.1:1/", "IMDS_ENDPOINT": "http://127.0.0.1:1"}),
    on_machine("machine in Service Fabric", {**MACHINE, "IDENTITY_SERVER_THUMBPRINT": "abc", "IDENTITY_ENDPOINT": "https://127.0.0.1:1/"}),
    on_machine("machine in Cloud Shell", {"MSI_ENDPOINT": "http://127.0.0.1:1/"}),
]


class LoginsAzure(LoginTest, unittest.TestCase):
    kind = "azure"
    cases = CASES
    environment = {"https_proxy": "{proxy}", "SSL_CERT_FILE": "{ca}", "REQUESTS_CA_BUNDLE": "{ca}", "no_proxy": "127.0.0.1"}
    clean = ("ARM_", "AZURE_", "ACTIONS_", "SYSTEM_", "IDENTITY_", "MSI_", "IMDS_")
    guide = "connection-azure.md"
    elsewhere = {"ARM_SUBSCRIPTION_ID"}
    plumbing = {"https_proxy", "no_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}

    def make_vendor(self):
        return FakeAzure(self.lab.directory)

    def sdk_command(self):
        return [venv("azure_identity", "azure-identity==1.27.0", "requests==2.34.2") / "bin" / "python", "-B", SDKS / "sdk_azure.py"]


if __name__ == "__main__":
    main()
