output "validation_records" {
  description = "The TXT records that the owners of the zones have to create."
  value = [for name in ["example.com", "*.example.org"] :
    provider::certwright::dns_persist_record(certwright_external_ca_acme.persistent.dns_persist, name, null)
  ]
}
