mock_provider "certwright" {
  source = "../../mocks"
}

variables {
  name        = "web"
  dns_names   = ["example.com", "www.example.com"]
  external_ca = "cw2:ca::00000000:bW9jaw"

  kubernetes_connection = "cw2:connection::00000000:bW9jaw"
  namespace             = "shop"
}

run "keeps_a_secret_in_the_namespace" {
  assert {
    condition     = certwright_certificate_sync.this.destination.kubernetes_secret.namespace == "shop"
    error_message = "The Secret is in another namespace."
  }
}
