"""Second factors and proofs of who is there, on the wire."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, model_validator

from armarium.features.accounts.models import FactorProof
from armarium.features.accounts.schemas import MAX_INPUT, PASSWORD
from armarium.features.accounts.schemas.letters import TOKEN
from armarium.platform.wire import Body

CODE = "123456"
RECOVERY = "k7fq-m2xp-9rtw"
CREDENTIAL: dict[str, Any] = {"id": "…", "rawId": "…", "type": "public-key", "response": {}}


class FactorsOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    is_on: bool = Field(description="Whether a login asks for more than the password.")
    totp: bool
    passkeys: int
    recovery_codes_left: int
    required: bool = Field(description="Whether this server demands a second factor of you.")


class TotpOut(BaseModel):
    secret: str = Field(
        description="For an app without a camera.", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"]
    )
    otpauth_uri: str = Field(examples=["otpauth://totp/Armarium:ada%40example.org?secret=…"])
    qr_svg: str = Field(description="The same as a drawing.", examples=["<svg …></svg>"])


class CodeIn(Body):
    code: str = Field(min_length=6, max_length=20, examples=[CODE])


class RecoveryCodesOut(BaseModel):
    recovery_codes: list[str] | None = Field(
        description="Shown this once; null where the ones you have stay.", examples=[[RECOVERY]]
    )


class _Offered(Body):
    """One of three second factors."""

    code: str | None = Field(
        default=None, max_length=20, description="From the app.", examples=[CODE]
    )
    recovery_code: str | None = Field(default=None, max_length=40, examples=[RECOVERY])
    passkey: dict[str, JsonValue] | None = Field(
        default=None, description="What `navigator.credentials.get` returned, as JSON."
    )

    def proof(self) -> FactorProof:
        return FactorProof(self.code, self.recovery_code, self.passkey)


class SecondFactorIn(_Offered):
    model_config = ConfigDict(json_schema_extra={"examples": [{"challenge": TOKEN, "code": CODE}]})

    challenge: str = Field(max_length=MAX_INPUT, description="From the answer of the login.")
    cookies: bool = Field(default=False, description="For browsers, as at the login.")

    @model_validator(mode="after")
    def one_of_three(self) -> Self:
        offered = (self.code, self.recovery_code, self.passkey)
        if sum(each is not None for each in offered) != 1:
            raise ValueError("Send one of code, recovery_code and passkey.")
        return self


class ProofIn(_Offered):
    model_config = ConfigDict(json_schema_extra={"examples": [{"password": PASSWORD}]})

    password: SecretStr | None = Field(default=None, max_length=MAX_INPUT)
    challenge: str | None = Field(
        default=None, max_length=MAX_INPUT, description="Of `/me/proof/options`, with a passkey."
    )


class CeremonyOut(BaseModel):
    challenge: str = Field(description="Send it back with the answer.", examples=[TOKEN])
    public_key: dict[str, JsonValue] = Field(
        description="Options of the browser (WebAuthn), as JSON.",
        examples=[{"challenge": "…", "rpId": "cabinet.example.org"}],
    )


class PasskeyOptionsIn(Body):
    challenge: str | None = Field(
        default=None, max_length=MAX_INPUT, description="Of a login that waits, if there is one."
    )


class PasskeyLoginIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"challenge": TOKEN, "passkey": CREDENTIAL}]}
    )

    challenge: str = Field(max_length=MAX_INPUT)
    passkey: dict[str, JsonValue]
    cookies: bool = Field(default=False, description="For browsers, as at the login.")


class PasskeyIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"challenge": TOKEN, "credential": CREDENTIAL, "name": "Phone"}]
        }
    )

    challenge: str = Field(max_length=MAX_INPUT)
    credential: dict[str, JsonValue] = Field(
        description="What `navigator.credentials.create` returned, as JSON."
    )
    name: str = Field(default="Passkey", min_length=1, max_length=100)


class NameIn(Body):
    name: str = Field(min_length=1, max_length=100, examples=["Phone"])


class PasskeyOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str = Field(examples=["Phone"])
    backed_up: bool = Field(description="Whether its maker keeps a copy elsewhere.")
    created_at: datetime
    last_used_at: datetime | None


class NewPasskeyOut(BaseModel):
    passkey: PasskeyOut
    recovery_codes: list[str] | None = Field(
        description="Shown this once; null where the ones you have stay.", examples=[[RECOVERY]]
    )
