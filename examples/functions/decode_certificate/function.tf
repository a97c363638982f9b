variable "server_pem" {
  type        = string
  description = "A certificate that somebody else manages."
}

output "server_expires" {
  value = provider::certwright::decode_certificate(var.server_pem).not_after
}
