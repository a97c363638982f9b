output "certificate_file" {
  description = "The path of the certificate on the host."
  value       = one([for one in certwright_certificate_sync.this.synced : one.external_id])
}

output "due_at" {
  description = "When the next plan renews."
  value       = certwright_certificate.this.renewal.due_at
}
