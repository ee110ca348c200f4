output "blob_url" {
  description = "ARMARIUM_BLOB_URL of the API and the workers."
  value       = "s3://${module.storage.bucket}/${var.prefix}"
}

output "key_arn" {
  description = "ARMARIUM_S3__KMS_KEY, with ARMARIUM_S3__ENCRYPTION=kms."
  value       = module.storage.key_arn
}

output "role_arns" {
  description = "By kind of process."
  value       = module.roles.role_arns
}

output "secret_names" {
  description = "By kind of process: ARMARIUM_SECRETS=aws:NAME. Empty until somebody fills them."
  value       = module.roles.secret_names
}

output "private_subnets" {
  description = "For processes and the database."
  value       = module.network.private_subnets
}

output "public_subnets" {
  description = "For the edge only."
  value       = module.network.public_subnets
}

output "security_groups" {
  description = "By kind of process."
  value       = module.network.security_groups
}
