variable "region" {
  description = "Where everything lies; one variable file a region (regions/)."
  type        = string
}

variable "environment" {
  description = "dev, staging or production; each in an account of its own."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "production"], var.environment)
    error_message = "One of dev, staging, production."
  }
}

variable "owner" {
  description = "Who answers for it, for the tags."
  type        = string
}

variable "cost_center" {
  description = "Who pays for it, for the tags."
  type        = string
}

variable "bucket" {
  description = "Name of the bucket of pictures; unique in all of AWS."
  type        = string

  validation {
    # A dot would not fit the certificate under which browsers reach the bucket by its name.
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "3 to 63 small letters, digits and hyphens."
  }
}

variable "prefix" {
  description = "Folder in the bucket, as in ARMARIUM_BLOB_URL=s3://bucket/prefix."
  type        = string
  default     = "armarium"
}

variable "web_origins" {
  description = "Addresses of the web app, whose pages send pictures straight to the bucket."
  type        = list(string)
}

variable "access_logs_bucket" {
  description = "Existing bucket that keeps the access log of the bucket; empty keeps none."
  type        = string
  default     = ""
}

variable "address_range" {
  description = "Addresses of the private network, a /16."
  type        = string
  default     = "10.40.0.0/16"
}

variable "zones" {
  description = "Availability zones; a private and a public subnet in each."
  type        = list(string)
}

variable "visitors" {
  description = "Address ranges that may reach the edge by HTTPS; nobody unless named."
  type        = list(string)
  default     = []
}

variable "private_endpoints" {
  description = "Reach the bucket, keys and secrets without leaving the network (costs by the hour)."
  type        = bool
  default     = false
}

variable "way_out" {
  description = "A NAT gateway, for the mail server, login providers and whatever has no endpoint."
  type        = bool
  default     = true
}

variable "mail_port" {
  description = "Port of the mail server that the API and the workers may reach; 0 for none."
  type        = number
  default     = 587
}
