"""The caller's own account."""

from typing import Annotated

from fastapi import APIRouter, Response, status

from armarium.features.accounts import Profiles, User
from armarium.features.accounts.routes.common import TOO_MANY, Caller, From, Person, ThisUser
from armarium.features.accounts.schemas import MeIn, MeOut, PasswordIn
from armarium.platform.http import ApiScope, IfMatch, Principal, provide, set_etag

router = APIRouter(prefix="/me", tags=["accounts"])
USER_FIELDS = MeOut.model_fields.keys() - {
    "permissions",
    "space_id",
    "space_role",
    "impersonator",
}
Service = Annotated[Profiles, provide(Profiles)]


@router.get("", operation_id="me_get", summary="Your account")
async def me_get(response: Response, caller: Caller, user: ThisUser) -> MeOut:
    set_etag(response, user.version)
    return _me(user, caller)


@router.patch("", operation_id="me_update", summary="Change your name or preferences")
async def me_update(
    response: Response, caller: Caller, body: MeIn, expected: IfMatch, profiles: Service
) -> MeOut:
    user = await profiles.change(caller.user_id, body.changes(), expected)
    set_etag(response, user.version)
    return _me(user, caller)


@router.post(
    "/password",
    operation_id="me_password",
    summary="Change your password",
    description="Every other session of yours is ended, those of connected programs, too. API keys "
    "keep working; a letter says how many there are.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=TOO_MANY,
)
async def me_password(caller: Person, client: From, body: PasswordIn, profiles: Service) -> None:
    await profiles.change_password(
        caller.user_id,
        body.current_password.get_secret_value(),
        body.new_password.get_secret_value(),
        session_id=caller.session_id,
        ip=client.ip,
    )


def _me(user: User, caller: Principal) -> MeOut:
    return MeOut(
        **{name: getattr(user, name) for name in USER_FIELDS},
        permissions=sorted(caller.permissions) if caller.has_scope(ApiScope.ADMIN) else [],
        space_id=caller.space_id,
        space_role=caller.space_role,
        impersonator=caller.impersonator,
    )
