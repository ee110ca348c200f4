variable "bucket" {
  description = "Name of the bucket."
  type        = string
}

variable "web_origins" {
  description = "Origins whose pages may send forms to the bucket and read pictures from it."
  type        = list(string)
}

variable "access_logs_bucket" {
  description = "Existing bucket for the access log; empty keeps none."
  type        = string
}

variable "former_versions_days" {
  description = "How long overwritten and deleted objects can be had back; erasure is final then."
  type        = number
  default     = 30
}
