output "certificate_arn" {
  description = "In AWS Certificate Manager; it stays through renewals."
  value       = one([for one in certwright_certificate_sync.this.synced : one.external_id])
}

output "due_at" {
  description = "When the next plan renews."
  value       = certwright_certificate.this.renewal.due_at
}
