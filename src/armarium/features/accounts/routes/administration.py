"""Other people's accounts, for administrators."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel, Field

from armarium.features.accounts import Account, Administration
from armarium.features.accounts.routes.common import Caller, From
from armarium.platform.http import PageQuery, Permission, Principal, provide, require, set_link
from armarium.platform.wire import Body

router = APIRouter(prefix="/admin/users", tags=["admin"])
own = APIRouter(prefix="/me/impersonation", tags=["accounts"])
Service = Annotated[Administration, provide(Administration)]
Admin = Annotated[Principal, require(Permission.USERS_MANAGE)]
Actor = Annotated[Principal, require(Permission.IMPERSONATE)]
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
        )


class RoleIn(Body):
    role: Role


class EndedOut(BaseModel):
    ended: int = Field(description="How many there were.")


class ImpersonationOut(BaseModel):
    access_token: str
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
) -> list[AccountOut]:
    found = await service.page(page, text=q, role=role)
    return set_link(request, response, found.map(AccountOut.of))


@router.get("/{user_id}", operation_id="admin_users_get", summary="Get a person")
async def admin_users_get(user_id: UUID, _admin: Admin, service: Service) -> AccountOut:
    return AccountOut.of(await service.get(user_id))


@router.put("/{user_id}/role", operation_id="admin_users_role", summary="Change a role")
async def admin_users_role(
    user_id: UUID, admin: Admin, service: Service, body: RoleIn
) -> AccountOut:
    return AccountOut.of(await service.change_role(admin.user_id, user_id, body.role))


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
)
async def admin_users_reset_factors(user_id: UUID, admin: Admin, service: Service) -> EndedOut:
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
    responses={409: {"description": "Not as this person."}},
)
async def admin_users_impersonate(
    user_id: UUID, admin: Actor, client: From, service: Service
) -> ImpersonationOut:
    token, until = await service.impersonate(admin, user_id, client)
    return ImpersonationOut(access_token=token, expires_at=until)


@own.delete(
    "",
    operation_id="me_impersonation_end",
    summary="Stop acting as somebody else",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={409: {"description": "This session is the person's own."}},
)
async def me_impersonation_end(caller: Caller, service: Service) -> None:
    await service.end_impersonation(caller)
