variable "cluster_ca_pem" {
  type = string
}

variable "kubernetes_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_kubernetes" "prod" {
  server_url         = "https://10.0.0.1:6443"
  ca_certificate_pem = var.cluster_ca_pem
  token              = var.kubernetes_token
}
