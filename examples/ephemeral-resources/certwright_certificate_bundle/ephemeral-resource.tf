ephemeral "certwright_certificate_bundle" "web" {
  certificate = certwright_certificate.web.handle
}

# Any write-only argument takes it; here a secret of the AWS provider:
#
# resource "aws_secretsmanager_secret_version" "web" {
#   secret_id                = aws_secretsmanager_secret.web.id
#   secret_string_wo         = ephemeral.certwright_certificate_bundle.web.bundle_pem
#   secret_string_wo_version = parseint(substr(certwright_certificate.web.fingerprint_sha256, 0, 12), 16)
# }
