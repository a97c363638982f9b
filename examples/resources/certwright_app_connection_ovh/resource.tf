variable "ovh_application_key" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in plaintext in a saved plan
}

variable "ovh_application_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "ovh_consumer_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "certwright_app_connection_ovh" "dns" {
  endpoint           = "ovh-eu"
  application_key    = var.ovh_application_key
  application_secret = var.ovh_application_secret
  consumer_key       = var.ovh_consumer_key
}
