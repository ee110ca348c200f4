"""Every setting, from `ARMARIUM_*` variables or `armarium.toml`; no other module reads either.

Made once a process by the doors and handed down; docs/reference/settings.md is generated from
the descriptions here.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from armarium.entry.settings_identity import Name, ProviderSettings, TrustedIssuerSettings
from armarium.entry.settings_safety import FetchSettings, LimitSettings, QuotaSettings
from armarium.entry.settings_sources import sources as secret_sources

MEGABYTE = 1_000_000


def default_data_folder() -> Path:
    """Where a person's data lives unless told otherwise: beside the program's other user data."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "armarium"


def config_file() -> Path:
    """The settings file: `ARMARIUM_CONFIG`, else `armarium.toml` in the working folder."""
    return Path(os.environ.get("ARMARIUM_CONFIG", "armarium.toml")).expanduser()


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(str(error)) from error


class S3Settings(BaseModel):
    """Credentials of an S3-compatible store, when `blob_url` is `s3://bucket/prefix`."""

    endpoint: str | None = Field(default=None, description="URL of a store that is not AWS.")
    region: str = Field(default="us-east-1", description="Region of the bucket.")
    access_key: str | None = Field(
        default=None,
        description=(
            "Key id. Empty at AWS itself takes what the process is lent there by its role; needs "
            "`pip install armarium[aws]`."
        ),
    )
    secret_key: SecretStr | None = Field(default=None, description="Secret of the key.")
    allow_http: bool = Field(
        default=False,
        description=(
            "Take an endpoint that begins with `http://`; only for a store inside a network of "
            "your own, since links and pictures travel in the clear. One on this machine needs no "
            "leave."
        ),
    )
    encryption: Literal["aes256", "kms"] | None = Field(
        default=None,
        description=(
            "Ask the store to encrypt every object: with keys of its own (`aes256`) or of the key "
            "service (`kms`). Empty leaves it to the bucket; AWS then encrypts with `aes256`."
        ),
    )
    kms_key: str | None = Field(
        default=None,
        description="Key of the key service, by id or ARN; empty means the account's default.",
    )


class MailSettings(BaseModel):
    """The mail server; without a host, letters go to a folder under `data`."""

    host: str | None = Field(
        default=None,
        description="Mail server; empty writes letters into a folder (`armarium mail list`).",
    )
    port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`tls` from the first byte (often port 465), or `none` on your own network.",
    )
    username: str | None = Field(default=None, description="Name to log in with, if it asks.")
    password: SecretStr | None = Field(default=None, description="Password to log in with.")
    sender: str = Field(
        default="Armarium <armarium@localhost.localdomain>", description="Who letters come from."
    )
    timeout_seconds: float = Field(default=20, gt=0, le=300, description="Wait for an answer.")


class Settings(BaseSettings):
    """What an operator may choose."""

    model_config = SettingsConfigDict(
        env_prefix="ARMARIUM_",
        env_nested_delimiter="__",
        extra="ignore",
        hide_input_in_errors=True,
    )

    data: Path = Field(
        default_factory=default_data_folder,
        description="Folder of the embedded database, local blobs, keys and runtime files.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description=(
            "URL of an external PostgreSQL 18 with pgvector, as a role that may create roles; "
            "empty starts the embedded server."
        ),
    )
    app_database_url: SecretStr | None = Field(
        default=None,
        description=(
            "URL of the role arm_app, where an administrator made the roles by hand; then "
            "`database_url` stays empty."
        ),
    )
    migrator_database_url: SecretStr | None = Field(
        default=None,
        description="The same for the role arm_migrator; only `armarium migrate` needs it.",
    )
    worker_database_url: SecretStr | None = Field(
        default=None, description="The same for the role arm_wf; only the worker needs it."
    )
    inference_socket: Path | None = Field(
        default=None, description="Socket of the inference process; `armarium up` sets it."
    )
    inference_idle_seconds: float = Field(
        default=120,
        gt=0,
        description="The inference process ends, and gives its memory back, when unused for that.",
    )
    inference_threads: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="Pictures that are worked on at once; empty takes the cores, at most four.",
    )
    blob_url: str | None = Field(
        default=None,
        description="`s3://bucket/prefix` or a folder; empty takes a folder under `data`.",
    )
    s3: S3Settings = Field(default_factory=S3Settings, description="The S3-compatible store.")
    host: str = Field(
        default="127.0.0.1", description="Address to listen on; `0.0.0.0` for every one."
    )
    port: int = Field(default=8400, ge=1, le=65535, description="Port of the web app and the API.")
    public_url: str | None = Field(
        default=None,
        description="Address that people use, when a proxy stands in front, without a last slash.",
    )
    tls: Literal["off", "self", "files"] = Field(
        default="off",
        description=(
            "HTTPS of the embedded server: `self` makes a certificate under `data`/tls (trust its "
            "`ca.pem` once on each device), `files` uses yours."
        ),
    )
    tls_certificate: Path | None = Field(
        default=None,
        description="PEM file of the certificate and its chain, with `tls` = `files`; read again "
        "when it changes.",
    )
    tls_key: Path | None = Field(default=None, description="PEM file of its private key.")
    tls_redirect_port: int | None = Field(
        default=None, ge=1, le=65535, description="Port that sends plain HTTP on to HTTPS."
    )
    max_connections: int = Field(
        default=1000, ge=10, description="Connections at once; further ones are answered 503."
    )
    trusted_hops: int | None = Field(
        default=None,
        ge=0,
        le=10,
        description=(
            "Proxies of yours in front, whose X-Forwarded-For and -Proto are believed, counted "
            "from the right. Empty means none, or, where `public_url` is set, one that runs on "
            "this machine."
        ),
    )
    request_timeout_seconds: float = Field(
        default=30,
        ge=0,
        description=(
            "A request that makes no progress for that long is given up with 504; 0 never. "
            "Uploads and exports that move, and event streams, go on."
        ),
    )
    limits: LimitSettings = Field(
        default_factory=LimitSettings, description="How often somebody may ask."
    )
    fetch: FetchSettings = Field(
        default_factory=FetchSettings, description="Where web addresses may lead."
    )
    quotas: QuotaSettings = Field(
        default_factory=QuotaSettings, description="What a space may hold."
    )
    audit_retention_days: int = Field(
        default=730,
        ge=0,
        description="How long entries of the audit log are kept, at least 7; 0 keeps them all.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description=(
            "Secret that signing keys are encrypted under; several machines share one. Empty "
            "makes a private file in `data`."
        ),
    )
    secret_key_previous: SecretStr | None = Field(
        default=None,
        description=(
            "The `secret_key` before the last change: what was made under it is still read. Take "
            "it away a day later."
        ),
    )
    secrets_reload_seconds: float = Field(
        default=300,
        ge=0,
        description=(
            "How often files, the secrets manager and `armarium.toml` are read again for a renewed "
            "`secret_key`, mail password or secret of a login provider; 0 never."
        ),
    )
    environment: Literal["dev", "staging", "production"] = Field(
        default="production", description="Named in health answers and logs."
    )
    registration: Literal["open", "invite", "closed"] = Field(
        default="open",
        description=(
            "Who may make an account after the first: everyone who reaches the server, whom an "
            "administrator invited, or no one (`armarium user create` still adds people)."
        ),
    )
    verify_email: bool = Field(
        default=False,
        description=(
            "Whether a new account must prove its address by a letter before the first login; "
            "registration then answers the same for known and unknown addresses."
        ),
    )
    widespread_passwords: Literal["auto", "refuse", "accept"] = Field(
        default="auto",
        description=(
            "Whether to refuse passwords that keep the rules and yet are tried first by everybody, "
            "such as `Passw0rd!`; `auto` does where others than this machine reach the server."
        ),
    )
    require_second_factor: Literal["nobody", "admins", "everyone"] = Field(
        default="nobody",
        description="Who must have a second factor; until then they can only set one up.",
    )
    mail: MailSettings = Field(default_factory=MailSettings, description="The mail server.")
    identity_providers: dict[Name, ProviderSettings] = Field(
        default={}, description="Other issuers through which people may log in, by name."
    )
    trusted_issuers: dict[Name, TrustedIssuerSettings] = Field(
        default={}, description="Other issuers whose tokens the API accepts, by name."
    )
    dynamic_clients: bool = Field(
        default=False,
        description=(
            "Whether programs may register themselves (RFC 7591) to ask people to log in here."
        ),
    )
    access_token_minutes: int = Field(
        default=60, ge=1, le=24 * 60, description="How long an access token lives."
    )
    refresh_token_days: int = Field(
        default=30, ge=1, le=365, description="How long a session lives without being used."
    )
    cors_origins: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Other origins whose pages may call the API; separated by commas.",
    )
    max_body_bytes: int = Field(
        default=2 * MEGABYTE, ge=1000, description="Largest JSON body of a request."
    )
    max_upload_bytes: int = Field(
        default=300 * MEGABYTE,
        ge=1000,
        description="Largest upload of one request, all files together.",
    )
    account_grace_days: int = Field(
        default=14,
        ge=0,
        le=365,
        description="Days in which somebody may take the erasure of their account back.",
    )
    trash_days: int = Field(
        default=30,
        ge=0,
        le=3650,
        description="Days after which what lies in the trash is removed for good; 0 keeps it.",
    )
    web_folder: Path | None = Field(
        default=None,
        description="Folder of the built web app; empty finds the one that was installed.",
    )
    worker_processes: int = Field(
        default=1, ge=1, le=64, description="Worker processes that `armarium up` starts."
    )
    worker_queues: Annotated[list[str], NoDecode] = Field(
        default=[],
        description=(
            "Queues that a worker takes jobs from, separated by commas; empty takes all. For a "
            "fleet whose workers have different rights: each queue needs a worker somewhere."
        ),
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto",
        description=(
            "Log lines as short text for a person's eyes, or as JSON; auto is text at a terminal "
            "and JSON everywhere else."
        ),
    )
    log_level: Literal["auto", "debug", "info", "warning", "error"] = Field(
        default="auto",
        description=(
            "Least important line that is logged; auto is warning where lines are text at a "
            "terminal and info everywhere else."
        ),
    )

    @field_validator("*")
    @classmethod
    def expand_home(cls, value: object) -> object:
        """`~/armarium` from a settings file or a unit's environment, which no shell expands."""
        return _expanded(value) if isinstance(value, Path) else value

    @field_validator("blob_url")
    @classmethod
    def expand_folder(cls, value: str | None) -> str | None:
        """The same for a folder of blobs."""
        return str(_expanded(Path(value))) if value and value.startswith("~") else value

    @field_validator("cors_origins", "worker_queues", mode="before")
    @classmethod
    def split_list(cls, value: object) -> object:
        """`https://a, https://b` from the environment, an array from the file."""
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over variables over files of secrets over a manager of them over the file."""
        del dotenv_settings, file_secret_settings
        file = TomlConfigSettingsSource(settings_cls, toml_file=config_file())
        return init_settings, env_settings, *secret_sources(settings_cls), file

    @property
    def mail_folder(self) -> Path:
        """Where letters go when there is no mail server."""
        return self.data / "mail"

    @property
    def base_url(self) -> str:
        """The address to print and to link to."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  # compared with, not bound
        scheme = "http" if self.tls == "off" else "https"
        return self.public_url or f"{scheme}://{host}:{self.port}"
