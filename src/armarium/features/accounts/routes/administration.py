"""Other people's accounts, for administrators."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response, status
from pydantic import BaseModel, Field

from armarium.features.accounts import (
    IMPERSONATION,
    Account,
    AccountState,
    Administration,
    PeopleFilter,
    Proofs,
)
from armarium.features.accounts.routes.common import PROOF, Caller, From
from armarium.platform.http import (
    IfMatch,
    PageQuery,
    Permission,
    Principal,
    clear_access_cookie,
    provide,
    require,
    set_access_cookie,
    set_etag,
    set_link,
)
from armarium.platform.wire import Body

router = APIRouter(prefix="/admin/users", tags=["admin"])
own = APIRouter(prefix="/me/impersonation", tags=["accounts"])
Service = Annotated[Administration, provide(Administration)]
Admin = Annotated[Principal, require(Permission.USERS_MANAGE)]
Actor = Annotated[Principal, require(Permission.IMPERSONATE)]


async def proved_admin(admin: Admin, proofs: Annotated[Proofs, provide(Proofs)]) -> Principal:
    """An administrator who proved who they are a moment ago; a key of a program proves itself."""
    if admin.session_id is not None:
        await proofs.demand(admin.session_id)
    return admin


async def proved_actor(actor: Actor, proofs: Annotated[Proofs, provide(Proofs)]) -> Principal:
    """The same, who may act as others."""
    return await proved_admin(actor, proofs)


ProvedAdmin = Annotated[Principal, Depends(proved_admin)]
ProvedActor = Annotated[Principal, Depends(proved_actor)]
Role = Literal["user", "moderator", "admin"]


class AccountOut(BaseModel):
    id: UUID
    email: str = Field(examples=["ada@example.org"])
    email_verified: bool
    display_name: str | None
    role: str = Field(examples=["user"])
    created_at: datetime
    disabled_at: datetime | None
    closes_at: datetime | None
    has_second_factor: bool
    sessions: int = Field(description="Open logins of their own.", examples=[2])
    last_seen_at: datetime | None = Field(description="When one of their logins was last used.")

    @classmethod
    def of(cls, account: Account) -> "AccountOut":
        """As an administrator sees it."""
        user = account.user
        return cls(
            id=user.id,
            email=user.email,
            email_verified=user.email_verified,
            display_name=user.display_name,
            role=user.role,
            created_at=user.created_at,
            disabled_at=account.disabled_at,
            closes_at=user.closes_at,
            has_second_factor=account.has_second_factor,
            sessions=account.sessions,
            last_seen_at=account.last_seen_at,
        )


class RoleIn(Body):
    role: Role


class EndedOut(BaseModel):
    ended: int = Field(description="How many there were.")


class ImpersonationIn(Body):
    cookies: bool = Field(
        default=False,
        description=(
            "For a browser: the token goes into its cookie instead, beside the administrator's own "
            "refresh token, which brings them back."
        ),
    )


class ImpersonationOut(BaseModel):
    access_token: str | None = Field(description="Null when it travels in a cookie.")
    expires_at: datetime


@router.get("", operation_id="admin_users_list", summary="List people")
async def admin_users_list(
    request: Request,
    response: Response,
    _admin: Admin,
    page: PageQuery,
    service: Service,
    q: Annotated[str | None, Query(max_length=200, description="In address or name.")] = None,
    role: Annotated[Role | None, Query()] = None,
    state: Annotated[AccountState | None, Query()] = None,
    user_id: Annotated[
        list[UUID] | None, Query(alias="id", max_length=200, description="Only these people.")
    ] = None,
) -> list[AccountOut]:
    found = await service.page(page, PeopleFilter(text=q, role=role, state=state, ids=user_id))
    return set_link(request, response, found.map(AccountOut.of))


@router.get("/{user_id}", operation_id="admin_users_get", summary="Get a person")
async def admin_users_get(
    response: Response, user_id: UUID, _admin: Admin, service: Service
) -> AccountOut:
    found = await service.get(user_id)
    set_etag(response, found.user.version)
    return AccountOut.of(found)


@router.put(
    "/{user_id}/role", operation_id="admin_users_role", summary="Change a role", responses=PROOF
)
async def admin_users_role(
    response: Response,
    user_id: UUID,
    admin: ProvedAdmin,
    service: Service,
    body: RoleIn,
    expected: IfMatch,
) -> AccountOut:
    changed = await service.change_role(admin.user_id, user_id, body.role, expected)
    set_etag(response, changed.user.version)
    return AccountOut.of(changed)


@router.post("/{user_id}/disable", operation_id="admin_users_disable", summary="Lock an account")
async def admin_users_disable(user_id: UUID, admin: Admin, service: Service) -> AccountOut:
    return AccountOut.of(await service.disable(admin.user_id, user_id))


@router.post("/{user_id}/enable", operation_id="admin_users_enable", summary="Unlock an account")
async def admin_users_enable(user_id: UUID, admin: Admin, service: Service) -> AccountOut:
    return AccountOut.of(await service.enable(admin.user_id, user_id))


@router.post("/{user_id}/logout", operation_id="admin_users_logout", summary="End all sessions")
async def admin_users_logout(user_id: UUID, admin: Admin, service: Service) -> EndedOut:
    return EndedOut(ended=await service.log_out(admin.user_id, user_id))


@router.delete(
    "/{user_id}/second-factors",
    operation_id="admin_users_reset_factors",
    summary="Take second factors away from somebody who lost them",
    responses=PROOF,
)
async def admin_users_reset_factors(
    user_id: UUID, admin: ProvedAdmin, service: Service
) -> EndedOut:
    return EndedOut(ended=await service.reset_second_factor(admin.user_id, user_id))


@router.post(
    "/{user_id}/password-reset",
    operation_id="admin_users_reset_password",
    summary="Send a letter to choose a new password",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
)
async def admin_users_reset_password(user_id: UUID, admin: Admin, service: Service) -> None:
    await service.send_reset(admin.user_id, user_id)


@router.post(
    "/{user_id}/impersonate",
    operation_id="admin_users_impersonate",
    summary="Act as somebody for half an hour",
    description=(
        "Never as an administrator. Credentials, second factors and deletion stay out of reach; "
        "every change is in the audit log with both names. End it with `DELETE /me/impersonation`."
    ),
    responses={**PROOF, 409: {"description": "Not as this person."}},
)
async def admin_users_impersonate(
    request: Request,
    response: Response,
    user_id: UUID,
    admin: ProvedActor,
    client: From,
    service: Service,
    body: ImpersonationIn | None = None,
) -> ImpersonationOut:
    token, until = await service.impersonate(admin, user_id, client)
    if body is None or not body.cookies:
        return ImpersonationOut(access_token=token, expires_at=until)
    set_access_cookie(request, response, token, int(IMPERSONATION.total_seconds()))
    return ImpersonationOut(access_token=None, expires_at=until)


@own.delete(
    "",
    operation_id="me_impersonation_end",
    summary="Stop acting as somebody else",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={409: {"description": "This session is the person's own."}},
)
async def me_impersonation_end(response: Response, caller: Caller, service: Service) -> None:
    await service.end_impersonation(caller)
    clear_access_cookie(response)
