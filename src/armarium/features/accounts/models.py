"""People and their tokens, as the rest of the program sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account."""

    id: UUID
    email: str
    email_verified: bool
    display_name: str | None
    role: str
    preferences: dict[str, Any]
    version: int
    created_at: datetime
    closes_at: datetime | None = None
    """When the account is erased, as its person asked."""
    proof_waived: bool = False
    """Whoever runs the server let them in without a proof of the address."""

    @property
    def is_admin(self) -> bool:
        """Whether this person runs the server."""
        return self.role == "admin"

    @property
    def needs_proof(self) -> bool:
        """Whether they are kept out where the server asks for a proof of the address."""
        return not (self.email_verified or self.proof_waived)


AccountState = Literal["active", "disabled", "closing"]


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people an administrator wants to see; what is None does not matter."""

    text: str | None = None
    """Found in address or name."""
    role: str | None = None
    state: AccountState | None = None
    ids: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request came from, for the person's list of sessions."""

    ip: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login gives: a short access token and the one-time key to the next pair."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int


@dataclass(frozen=True, slots=True)
class Program:
    """Another program that a person let act for them, and what it may do."""

    client_id: str
    scopes: frozenset[str]

    @property
    def claims(self) -> dict[str, str]:
        """What its tokens say of it (RFC 9068)."""
        return {"client_id": self.client_id, "scope": " ".join(sorted(self.scopes))}


@dataclass(frozen=True, slots=True)
class Identity:
    """How the caller proved who they are: by a session of ours, a key, or an outside issuer."""

    user_id: UUID
    session_id: UUID | None
    email: str
    via: Literal["session", "api_key", "outside", "program"] = "session"
    scopes: frozenset[str] | None = None
    """What a program's key is good for; None for a person's own session: everything."""
    second_factor: bool = False
    """Whether the login was proved by a second factor (of a key: whether its person has one)."""
    key_id: UUID | None = None
    expires_at: datetime | None = None
    """When the key itself ends; None for what is checked in its own way."""
    impersonator: UUID | None = None
    """The administrator who acts as this person."""


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What a person may change about themselves; absent keys stay."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Site:
    """Where a passkey lives: the host that the browser shows, and the whole origin."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class FactorProof:
    """What somebody offers as their second factor: one of the three."""

    code: str | None = None
    recovery_code: str | None = None
    passkey: dict[str, Any] | None = None

    @property
    def is_passkey(self) -> bool:
        """A passkey and nothing beside it."""
        return self.passkey is not None and self.code is None and self.recovery_code is None


@dataclass(frozen=True, slots=True)
class Device:
    """A login that has not ended."""

    id: UUID
    is_current: bool
    device: str | None
    agent: str | None
    ip: str | None
    method: str
    second_factor: bool
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """One line of the log-in history."""

    id: UUID
    at: datetime
    outcome: str
    method: str
    device: str | None
    agent: str | None
    ip: str | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A permission to make an account, as its administrator sees it; never with its token."""

    id: UUID
    email: str | None
    role: str
    max_uses: int
    uses: int
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    created_by: UUID | None
    is_proof: bool = False
    """Whether the token that was shown came in a letter to `email`."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program's key, as its person sees it; never with its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_ip: str | None


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey, as its person sees it."""

    id: UUID
    name: str
    backed_up: bool
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutsideIdentity:
    """Who a person is at a login provider, as they see it."""

    id: UUID
    provider: str
    label: str
    email: str | None
    created_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class ProgramClient:
    """A program that may ask people to log in here."""

    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    origin: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConnectedProgram:
    """A program that a person let act for them."""

    client_id: str
    name: str
    scopes: tuple[str, ...]
    since: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class FactorStatus:
    """Which second factors a person has."""

    totp: bool
    passkeys: int
    recovery_codes_left: int
    required: bool

    @property
    def is_on(self) -> bool:
        """Whether a login asks for more than the password."""
        return self.totp or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class SendLetter:
    """A letter to be composed and sent; its one-time token is made when it is."""

    template: str
    user_id: UUID | None = None
    subject_id: UUID | None = None
    """The invitation or the change of address that the letter is about."""


@dataclass(frozen=True, slots=True)
class TidyAccounts:
    """Forget what has ended or expired, and renew the signing key when it is old."""
