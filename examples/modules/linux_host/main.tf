terraform {
  required_version = ">= 1.11"
  required_providers {
    certwright = {
      source = "certwright/certwright"
    }
  }
}

resource "certwright_certificate" "this" {
  external_ca = var.external_ca
  dns_names   = var.dns_names
}

resource "certwright_certificate_sync" "this" {
  name           = var.name
  app_connection = var.ssh_connection
  certificates   = { this = certwright_certificate.this.handle }
  name_schema    = var.file_name

  destination = {
    ssh_host = {
      host         = var.host
      directory    = var.directory
      after_change = var.after_change
    }
  }
}
