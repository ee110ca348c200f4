"""Names that the server, its doors and the migrations share; nothing is imported for them."""

DATABASE = "armarium"
SUPERUSER = "postgres"
MIGRATOR_ROLE = "arm_migrator"
APP_ROLE = "arm_app"
WORKER_ROLE = "arm_wf"
ROLES = (MIGRATOR_ROLE, APP_ROLE, WORKER_ROLE)
