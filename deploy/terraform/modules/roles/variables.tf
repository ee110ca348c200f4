variable "name" {
  description = "What the roles and secrets begin with."
  type        = string
}

variable "region" {
  description = "Region of the services through which the key may be used."
  type        = string
}

variable "bucket_arn" {
  description = "Bucket of the pictures."
  type        = string
}

variable "prefix" {
  description = "Folder in the bucket."
  type        = string
}

variable "key_arn" {
  description = "Key of the bucket and the secrets."
  type        = string
}

variable "runs_as" {
  description = "The service that runs the processes and hands the roles to them."
  type        = string
  default     = "ecs-tasks.amazonaws.com"
}
