variable "zone" {
  description = "The DNS zone: the certificate is for it and for everything one label below it."
  type        = string
}

variable "dns_server" {
  description = "host:port of the zone's primary server, which takes RFC 2136 updates."
  type        = string
}

variable "tsig_key_name" {
  description = "The name of the key that signs the updates."
  type        = string
}

variable "tsig_algorithm" {
  description = "hmac-sha256, hmac-sha384 or hmac-sha512."
  type        = string
  default     = "hmac-sha256"
}

variable "tsig_secret" {
  description = "The key itself, in base64, as in the server's key file. Ephemeral: it enters neither plan nor state."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "directory_url" {
  description = "The directory of the ACME CA. Let's Encrypt's staging CA is https://acme-staging-v02.api.letsencrypt.org/directory."
  type        = string
}

variable "account_email" {
  description = "Where the CA writes to when something is wrong."
  type        = string
}

variable "trusted_roots_file" {
  description = "A PEM file with the roots of a private CA's own TLS certificate. Public CAs need none."
  type        = string
  default     = null
}

variable "propagation" {
  description = "Which servers must have the records before the CA is told to look. Null: the zone's own, found by DNS."
  type = object({
    nameservers = optional(list(string))
    resolvers   = optional(list(string))
    timeout     = optional(string)
  })
  default = null
}

variable "output_directory" {
  description = "Where the certificate and its key are written."
  type        = string
  default     = "./certificates"
}
