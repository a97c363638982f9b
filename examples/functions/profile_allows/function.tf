variable "host_name" {
  type        = string
  description = "The name of a new service."

  validation {
    condition     = provider::certwright::profile_allows({ allow = ["*.team-a.example.com"] }, [var.host_name])
    error_message = "Certificates of team A are for names directly below team-a.example.com."
  }
}
