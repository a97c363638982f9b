variable "name" {
  description = "Of the sync, for people."
  type        = string
}

variable "dns_names" {
  description = "The names of the certificate; a wildcard is `*.example.com`."
  type        = set(string)
}

variable "external_ca" {
  description = "The handle of the certificate authority: `certwright_external_ca_acme.NAME.handle`."
  type        = string
  sensitive   = true
}

variable "kubernetes_connection" {
  description = "The handle of the cluster: `certwright_app_connection_kubernetes.NAME.handle`."
  type        = string
  sensitive   = true
}

variable "namespace" {
  description = "Of the Ingress; it has to exist."
  type        = string
}

variable "secret_name" {
  description = "Of the Secret; with `{{certificateId}}`, which makes it unique."
  type        = string
  default     = "tls-{{certificateId}}"
}
