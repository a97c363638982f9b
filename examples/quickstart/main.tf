# A wildcard certificate and its apex from an ACME CA, through DNS-01, pushed to a directory.

terraform {
  required_version = ">= 1.11"
  required_providers {
    certwright = {
      source = "certwright/certwright"
    }
  }
}

# CERTWRIGHT_SEALING_KEY: 32 random bytes in base64, made once with `openssl rand -base64 32` and kept.
provider "certwright" {}

# How records get into the zone: signed updates to its primary server.
resource "certwright_app_connection_rfc2136" "dns" {
  server         = var.dns_server
  tsig_key_name  = var.tsig_key_name
  tsig_algorithm = var.tsig_algorithm
  tsig_secret    = var.tsig_secret
}

resource "certwright_external_ca_acme" "ca" {
  name              = "quickstart"
  directory_url     = var.directory_url
  account_email     = var.account_email
  trusted_roots_pem = var.trusted_roots_file == null ? null : file(var.trusted_roots_file)

  dns = [{
    app_connection = certwright_app_connection_rfc2136.dns.handle
    zone           = var.zone
  }]
  propagation = var.propagation
}

resource "certwright_certificate" "web" {
  external_ca = certwright_external_ca_acme.ca.handle
  dns_names   = [var.zone, "*.${var.zone}"]
}

resource "certwright_certificate_sync" "files" {
  name         = "web"
  destination  = { local_files = { directory = var.output_directory } }
  certificates = { web = certwright_certificate.web.handle }
  name_schema  = "web-{{certificateId}}"
}
