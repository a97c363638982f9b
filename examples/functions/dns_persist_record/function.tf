output "validation_records" {
  description = "For whoever owns the zones."
  value = [for name in ["example.com", "*.example.org"] :
    provider::certwright::dns_persist_record(certwright_external_ca_acme.persistent.dns_persist, name, null)
  ]
}
