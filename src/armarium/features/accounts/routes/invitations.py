"""Invitations to this server, for its administrators."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, status

from armarium.features.accounts import Invitations, Letters
from armarium.features.accounts.schemas.letters import (
    InvitationIn,
    InvitationOut,
    NewInvitationOut,
)
from armarium.platform.http import (
    PageQuery,
    Permission,
    Principal,
    idempotent,
    provide,
    require,
    set_link,
)

router = APIRouter(prefix="/admin/invitations", tags=["admin"])
Service = Annotated[Invitations, provide(Invitations)]
Admin = Annotated[Principal, require(Permission.USERS_MANAGE)]


@router.get("", operation_id="admin_invitations_list", summary="Invitations to this server")
async def admin_invitations_list(
    request: Request, response: Response, _admin: Admin, page: PageQuery, invitations: Service
) -> list[InvitationOut]:
    found = await invitations.list(page)
    return set_link(request, response, found.map(InvitationOut.model_validate))


@router.post(
    "",
    operation_id="admin_invitations_create",
    summary="Invite somebody to this server",
    description=(
        "With an address, the invitation is sent there and is good for it alone. The link is shown "
        "this once."
    ),
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(idempotent)],
)
async def admin_invitations_create(
    admin: Admin,
    body: InvitationIn,
    invitations: Service,
    letters: Annotated[Letters, provide(Letters)],
) -> NewInvitationOut:
    made, token = await invitations.create(
        admin.user_id,
        email=body.email,
        role=body.role,
        uses=body.uses,
        lifetime=timedelta(days=body.expires_in_days),
    )
    return NewInvitationOut(
        invitation=InvitationOut.model_validate(made),
        token=token,
        url=letters.page("invitation", token),
    )


@router.delete(
    "/{invitation_id}",
    operation_id="admin_invitations_revoke",
    summary="Withdraw an invitation",
    description="Accounts that were made with it stay.",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def admin_invitations_revoke(admin: Admin, invitation_id: UUID, invitations: Service) -> None:
    await invitations.revoke(admin.user_id, invitation_id)
