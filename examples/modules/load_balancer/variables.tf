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

variable "aws_connection" {
  description = "The handle of the account: `certwright_app_connection_aws.NAME.handle`."
  type        = string
  sensitive   = true
}

variable "load_balancer_arn" {
  description = "`aws_lb.NAME.arn`"
  type        = string
}

variable "listener_arns" {
  description = "The TLS listeners that serve the certificate: `aws_lb_listener.NAME.arn`."
  type        = list(string)
}

variable "default" {
  description = "Whether the certificate is the one for clients that name no host. `aws_lb_listener` then has to ignore changes of `certificate_arn`."
  type        = bool
  default     = false
}
