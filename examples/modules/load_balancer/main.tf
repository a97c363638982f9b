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
  app_connection = var.aws_connection
  certificates   = { this = certwright_certificate.this.handle }

  destination = {
    aws_load_balancer = {
      load_balancer_arn = var.load_balancer_arn
      listeners         = [for arn in var.listener_arns : { listener_arn = arn, default = var.default }]
    }
  }
}
