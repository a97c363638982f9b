variable "google_credentials_json" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_google_cloud" "dns" {
  project          = "my-project-123"
  credentials_json = var.google_credentials_json
}
