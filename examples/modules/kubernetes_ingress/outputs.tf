output "secret_name" {
  description = "For `spec.tls[].secretName` of an Ingress, or `certificateRefs` of a Gateway."
  value       = one([for one in certwright_certificate_sync.this.synced : one.name])
}

output "due_at" {
  description = "When the next plan renews."
  value       = certwright_certificate.this.renewal.due_at
}
