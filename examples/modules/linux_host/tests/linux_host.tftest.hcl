mock_provider "certwright" {
  source = "../../mocks"
}

variables {
  name        = "web"
  dns_names   = ["example.com", "www.example.com"]
  external_ca = "cw2:ca::00000000:bW9jaw"

  ssh_connection = "cw2:connection::00000000:bW9jaw"
  host           = "web-1.example.com"
  after_change   = ["systemctl", "reload", "nginx"]
}

run "deploys_what_was_ordered" {
  assert {
    condition     = certwright_certificate.this.dns_names == toset(["example.com", "www.example.com"])
    error_message = "The certificate has other names."
  }
  assert {
    condition     = certwright_certificate_sync.this.destination.ssh_host.after_change == tolist(["systemctl", "reload", "nginx"])
    error_message = "The command is not passed on."
  }
}
