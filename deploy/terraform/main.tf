# The ground that any compute stands on: where pictures lie, who may reach whom, who may do what.

module "storage" {
  source = "./modules/storage"

  bucket             = var.bucket
  web_origins        = var.web_origins
  access_logs_bucket = var.access_logs_bucket
}

module "network" {
  source = "./modules/network"

  name              = "armarium-${var.environment}"
  region            = var.region
  address_range     = var.address_range
  zones             = var.zones
  visitors          = var.visitors
  private_endpoints = var.private_endpoints
  way_out           = var.way_out
  mail_port         = var.mail_port
  key_arn           = module.storage.key_arn
}

module "roles" {
  source = "./modules/roles"

  name       = "armarium-${var.environment}"
  region     = var.region
  bucket_arn = module.storage.bucket_arn
  prefix     = var.prefix
  key_arn    = module.storage.key_arn
}
