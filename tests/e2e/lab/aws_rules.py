# SPDX-License-Identifier: MPL-2.0
"""What AWS refuses and moto takes, of Certificate Manager, Secrets Manager and Elastic Load Balancing: runs in the proxy."""

import base64
import json
import urllib.parse

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

# The guides' policies.
ALLOWED = {
    "CertificateManager": {"AddTagsToCertificate", "DeleteCertificate", "DescribeCertificate", "GetCertificate", "ImportCertificate",
                           "ListCertificates", "ListTagsForCertificate", "RemoveTagsFromCertificate"},
    "ResourceGroupsTaggingAPI_20170126": {"GetResources"},
    "secretsmanager": {"CreateSecret", "DeleteSecret", "DescribeSecret", "GetSecretValue", "ListSecrets", "RestoreSecret", "TagResource",
                       "UpdateSecret"},
}
ELB = {"AddListenerCertificates", "DescribeListenerCertificates", "ModifyListener", "RemoveListenerCertificates"}
REGION = "eu-west-1"


class Invalid(Exception):
    """Code and message of an error that the proxy is to answer with."""


def _key_type(key) -> str:
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA_{key.key_size}"
    return {"secp256r1": "EC_prime256v1", "secp384r1": "EC_secp384r1"}[key.curve.name]


def _public(key) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class Rules:
    """What has to be looked at before a request goes to moto, and after it came back."""

    def __init__(self, moto: str):
        client = lambda service: boto3.client(service, endpoint_url=moto, region_name=REGION, aws_access_key_id="setup",
                                              aws_secret_access_key="setup")
        self.tags = []  # of the certificate that is being imported again
        self.acm, self.elb, self.ec2, self.secrets, self.tagging = (
            client(one) for one in ("acm", "elbv2", "ec2", "secretsmanager", "resourcegroupstaggingapi"))

    # --- Certificate Manager

    def check_import(self, body: dict):
        leaves = x509.load_pem_x509_certificates(base64.b64decode(body["Certificate"]))
        if len(leaves) != 1:
            raise Invalid("ValidationException", "The certificate field contains more than one certificate.")
        key = serialization.load_pem_private_key(base64.b64decode(body["PrivateKey"]), None)
        if _public(key.public_key()) != _public(leaves[0].public_key()):
            raise Invalid("ValidationException", "The private key does not match the certificate.")
        chain = x509.load_pem_x509_certificates(base64.b64decode(body["CertificateChain"])) if "CertificateChain" in body else []
        if leaves[0].issuer != (chain[0].subject if chain else leaves[0].subject):
            raise Invalid("ValidationException", "Could not validate the certificate with the certificate chain.")
        if "CertificateArn" not in body:
            return
        if "Tags" in body:
            raise Invalid("ValidationException", "Tagging is not permitted on re-import.")
        there = x509.load_pem_x509_certificate(self.acm.get_certificate(CertificateArn=body["CertificateArn"])["Certificate"].encode())
        old, new = _key_type(there.public_key()), _key_type(leaves[0].public_key())
        if old != new:
            raise Invalid("ValidationException",
                          f"New certificate has a key of {new} which is different from the {old} of the existing one.")

    def users(self, arn: str) -> list[str]:
        balancers = self.elb.describe_load_balancers()["LoadBalancers"]
        return [one["LoadBalancerArn"] for one in balancers
                for listener in self.elb.describe_listeners(LoadBalancerArn=one["LoadBalancerArn"])["Listeners"]
                if arn in self.certificates(listener["ListenerArn"])]

    def before(self, action: str, body: dict):
        if action == "ImportCertificate":
            self.check_import(body)
            # moto forgets them when it imports again.
            arn = body.get("CertificateArn")
            self.tags = self.acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] if arn else []
        if action == "DeleteCertificate" and self.users(body["CertificateArn"]):
            raise Invalid("ResourceInUseException", f"Certificate {body['CertificateArn']} in account 123456789012 is in use.")
        if action == "DeleteSecret" and "ForceDeleteWithoutRecovery" in body:
            raise Invalid("AccessDeniedException", "the lab forbids it")
        if action == "CreateSecret" and any(
                one["Name"] == body["Name"] and "DeletedDate" in one
                for one in self.secrets.list_secrets(IncludePlannedDeletion=True, MaxResults=100)["SecretList"]):
            raise Invalid("InvalidRequestException",
                          "You can't create this secret because a secret with this name is already scheduled for deletion.")

    def after(self, action: str, body: dict, answer: dict) -> dict:
        if action == "ImportCertificate" and self.tags:
            self.acm.add_tags_to_certificate(CertificateArn=body["CertificateArn"], Tags=self.tags)
        if action == "GetCertificate" and "CertificateChain" in answer:
            # moto puts a root of its own behind each chain.
            blocks = answer["CertificateChain"].strip().split("\n\n")
            answer["CertificateChain"] = "\n".join(blocks[:-1])
        if action == "DescribeCertificate" and "Certificate" in answer:
            answer["Certificate"]["InUseBy"] = self.users(body["CertificateArn"])
        return answer

    def find_tagged(self, body: dict) -> bytes:
        """moto knows types of resources by their first half alone, and has fewer of them a page."""
        if body["ResourceTypeFilters"] != ["acm:certificate"] or body["ResourcesPerPage"] > 100:
            raise Invalid("InvalidParameterException", "the lab finds certificates alone")
        answer = self.tagging.get_resources(**{**body, "ResourceTypeFilters": ["acm"], "TagsPerPage": 500})
        return json.dumps({name: answer[name] for name in ("ResourceTagMappingList", "PaginationToken") if name in answer}).encode()

    # --- Elastic Load Balancing: moto has the default as the first of one list, and forgets the rest when it changes.

    def certificates(self, listener: str) -> list[str]:
        found = self.elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]
        return [one["CertificateArn"] for one in found]

    def set_certificates(self, listener: str, default: str, others: list[str]):
        self.elb.modify_listener(ListenerArn=listener, Certificates=[{"CertificateArn": default}])
        for one in others:
            self.elb.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": one}])

    def balance(self, content: bytes) -> bytes:
        """The answer to a request about a listener."""
        fields = dict(urllib.parse.parse_qsl(content.decode()))
        action, listener = fields["Action"], fields["ListenerArn"]
        certificate = fields.get("Certificates.member.1.CertificateArn")
        if action not in ELB:
            raise Invalid("AccessDenied", f"User is not authorized to perform elasticloadbalancing:{action}")
        try:
            default, *others = self.certificates(listener)
        except self.elb.exceptions.ClientError as error:
            raise Invalid("ListenerNotFound", "One or more listeners not found") from error
        if certificate and certificate not in {one["CertificateArn"] for one in self.acm.list_certificates()["CertificateSummaryList"]}:
            raise Invalid("CertificateNotFound", f"Certificate {certificate} not found")
        if action == "AddListenerCertificates" and certificate not in others:
            self.set_certificates(listener, default, [*others, certificate])
        elif action == "RemoveListenerCertificates":
            self.set_certificates(listener, default, [one for one in others if one != certificate])
        elif action == "ModifyListener":
            self.set_certificates(listener, certificate, others)
        default, *others = self.certificates(listener)
        member = lambda arn, is_default: f"<member><CertificateArn>{arn}</CertificateArn><IsDefault>{is_default}</IsDefault></member>"
        members = member(default, "true") + "".join(member(one, "false") for one in others)
        return (f"<{action}Response><{action}Result><Certificates>{members}</Certificates></{action}Result></{action}Response>").encode()

    # --- for the tests

    def make_balancer(self, certificate: dict) -> dict:
        """A load balancer with an HTTPS listener, whose default certificate nobody of the test imported."""
        foreign = self.acm.import_certificate(Certificate=certificate["pem"], PrivateKey=certificate["key"])["CertificateArn"]
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
                   for i, zone in enumerate("ab")]
        balancer = self.elb.create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        listener = self.elb.create_listener(
            LoadBalancerArn=balancer, Protocol="HTTPS", Port=443, Certificates=[{"CertificateArn": foreign}],
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}])["Listeners"][0]["ListenerArn"]
        return {"load_balancer": balancer, "listener": listener, "foreign": foreign}

    def world(self) -> dict:
        """What there is, for the tests to look at."""
        secrets = self.secrets.list_secrets(IncludePlannedDeletion=True, MaxResults=100)["SecretList"]
        return {
            "certificates": {one["CertificateArn"]: {tag["Key"]: tag.get("Value", "") for tag in self.acm.list_tags_for_certificate(
                CertificateArn=one["CertificateArn"])["Tags"]} for one in self.acm.list_certificates()["CertificateSummaryList"]},
            "secrets": {one["Name"]: {
                "deleted": "DeletedDate" in one,
                "text": None if "DeletedDate" in one else self.secrets.get_secret_value(SecretId=one["ARN"]).get("SecretString")}
                for one in secrets},
            "listeners": {listener["ListenerArn"]: self.certificates(listener["ListenerArn"])
                          for one in self.elb.describe_load_balancers()["LoadBalancers"]
                          for listener in self.elb.describe_listeners(LoadBalancerArn=one["LoadBalancerArn"])["Listeners"]}}

    def inventory(self) -> dict:
        """All certificates and secrets as they are: tags and certificate by ARN; tags, text and whether deleted by name."""
        arns = [one["CertificateArn"] for one in self.acm.list_certificates()["CertificateSummaryList"]]
        secrets = self.secrets.list_secrets(IncludePlannedDeletion=True, MaxResults=100)["SecretList"]
        return {
            "certificates": {arn: {
                "tags": _by_key(self.acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]),
                "certificate": self.acm.get_certificate(CertificateArn=arn)["Certificate"]} for arn in arns},
            "secrets": {one["Name"]: {
                "tags": _by_key(one.get("Tags", [])), "deleted": "DeletedDate" in one,
                "text": None if "DeletedDate" in one else self.secrets.get_secret_value(SecretId=one["ARN"]).get("SecretString")}
                for one in secrets}}

    def meddle(self, what: dict):
        """What others do: import a certificate, write over one, take tags off it or remove it; make a secret, write over one, take tags
        off it or erase it."""
        if what["do"] == "import_certificate":
            self.acm.import_certificate(Certificate=what["certificate"], PrivateKey=what["key"], CertificateChain=what["chain"],
                                        Tags=[{"Key": key, "Value": value} for key, value in what["tags"].items()])
        elif what["do"] == "make_secret":
            self.secrets.create_secret(Name=what["name"], SecretString=what["text"])
        elif what["do"] == "write_secret":
            self.secrets.update_secret(SecretId=what["name"], SecretString=what["text"])
        elif what["do"] == "untag":
            tags = [{"Key": key} for key in what["keys"]]
            self.acm.remove_tags_from_certificate(CertificateArn=what["arn"], Tags=tags)
        elif what["do"] == "replace_certificate":
            tags = self.acm.list_tags_for_certificate(CertificateArn=what["arn"])["Tags"]
            self.acm.import_certificate(CertificateArn=what["arn"], Certificate=what["certificate"], PrivateKey=what["key"])
            self.acm.add_tags_to_certificate(CertificateArn=what["arn"], Tags=tags)
        elif what["do"] == "remove_certificate":
            self.acm.delete_certificate(CertificateArn=what["arn"])
        elif what["do"] == "untag_secret":
            self.secrets.untag_resource(SecretId=what["name"], TagKeys=what["keys"])
        elif what["do"] == "erase_secret":
            self.secrets.delete_secret(SecretId=what["name"], ForceDeleteWithoutRecovery=True)


def _by_key(tags: list[dict]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


def json_error(code: str, message: str) -> bytes:
    return json.dumps({"__type": code, "message": message}).encode()
