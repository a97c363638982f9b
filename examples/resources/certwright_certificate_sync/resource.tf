resource "certwright_certificate_sync" "files" {
  name        = "web-servers"
  destination = { local_files = { directory = "/etc/ssl/certwright" } }

  certificates = {
    web    = certwright_certificate.web.handle
    legacy = certwright_certificate.legacy.handle
  }
  name_schema = "web-servers-{{certificateId}}"
}

output "web_certificate_file" {
  value = certwright_certificate_sync.files.synced["web"].external_id
}
