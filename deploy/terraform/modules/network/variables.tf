variable "name" {
  description = "What everything here is called."
  type        = string
}

variable "region" {
  description = "Region of the endpoints."
  type        = string
}

variable "address_range" {
  description = "Addresses of the network, a /16."
  type        = string
}

variable "zones" {
  description = "Availability zones."
  type        = list(string)
}

variable "visitors" {
  description = "Address ranges that may reach the edge by HTTPS."
  type        = list(string)
}

variable "private_endpoints" {
  description = "Endpoints for the bucket, keys and secrets."
  type        = bool
}

variable "way_out" {
  description = "A NAT gateway for the private subnets."
  type        = bool
}

variable "mail_port" {
  description = "Port of the mail server; 0 for none."
  type        = number
}

variable "key_arn" {
  description = "Key of the log of connections."
  type        = string
}

variable "api_port" {
  description = "ARMARIUM_PORT of the API."
  type        = number
  default     = 8400
}

variable "log_days" {
  description = "How long the log of connections is kept."
  type        = number
  default     = 365
}
