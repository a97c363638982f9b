output "names" {
  value = certwright_certificate.web.dns_names
}

output "issuer" {
  value = certwright_certificate.web.issuer
}

output "not_before" {
  value = certwright_certificate.web.not_before
}

output "not_after" {
  value = certwright_certificate.web.not_after
}

output "synced" {
  description = "What the sync wrote: name, external id, fingerprint, end of validity, status."
  value       = certwright_certificate_sync.files.synced
}
