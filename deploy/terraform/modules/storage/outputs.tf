output "bucket" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.pictures.id
}

output "bucket_arn" {
  description = "For the policies of roles."
  value       = aws_s3_bucket.pictures.arn
}

output "key_arn" {
  description = "Key of objects, secrets and logs."
  value       = aws_kms_key.data.arn
}
