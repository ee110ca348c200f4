region      = "eu-central-1"
zones       = ["eu-central-1a", "eu-central-1b"]
environment = "production"
owner       = "operations"
cost_center = "armarium"
bucket      = "example-armarium-eu-central-1"
web_origins = ["https://armarium.example"]
