"""Spaces, their members, and invitations into them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from armarium.features.spaces.schemas import (
    AcceptedOut,
    AnswerIn,
    GrantIn,
    GrantOut,
    InvitationGlanceOut,
    InvitationIn,
    InvitationOut,
    MemberOut,
    MemberPatch,
    ProfileIn,
    ProfileOut,
    QuotaIn,
    SpaceIn,
    SpaceOut,
    SpacePatch,
    TokenIn,
    UsageOut,
)
from armarium.features.spaces.service import (
    InvitationLookup,
    Members,
    NamedCollections,
    ProfileDraft,
    PublicProfiles,
    Quotas,
    Resource,
    SpaceInvitations,
    SpaceKeeper,
    Spaces,
)
from armarium.platform.http import (
    IfMatch,
    Permission,
    Principal,
    client_address,
    current_principal,
    idempotent,
    provide,
    public,
    require,
    set_etag,
)

NO_INVITATION: dict[int | str, dict[str, Any]] = {
    404: {"description": "It was answered, withdrawn, or has expired."}
}

router = APIRouter(prefix="/spaces", tags=["spaces"])
invitations = APIRouter(prefix="/invitations", tags=["spaces"])
grants = APIRouter(prefix="/collections/{collection_id}", tags=["spaces"])
profile = APIRouter(prefix="/profile", tags=["sharing"])
quotas = APIRouter(prefix="/admin/spaces/{space_id}/quota", tags=["admin"])

Caller = Annotated[Principal, Depends(current_principal)]
Keeper = Annotated[SpaceKeeper, provide(SpaceKeeper)]
People = Annotated[Members, provide(Members)]
Offers = Annotated[SpaceInvitations, provide(SpaceInvitations)]
Shelves = Annotated[NamedCollections, provide(NamedCollections)]
Bounds = Annotated[Quotas, provide(Quotas)]
Warden = Annotated[Principal, require(Permission.QUOTAS_MANAGE)]
Profiles = Annotated[PublicProfiles, provide(PublicProfiles)]


@router.get(
    "",
    operation_id="spaces_list",
    summary="Spaces that you may act in",
    description="Send one's id as `X-Space` to act in it; without the header you act in your own."
    " Where you are a guest, `collections` names what you were let into.",
)
async def spaces_list(caller: Caller, spaces: Annotated[Spaces, provide(Spaces)]) -> list[SpaceOut]:
    return [SpaceOut.model_validate(each) for each in await spaces.of_person(caller.user_id)]


@router.post(
    "",
    operation_id="spaces_create",
    summary="Make a household, a shop or a gallery",
    status_code=201,
    dependencies=[Depends(idempotent)],
)
async def spaces_create(caller: Caller, keeper: Keeper, body: SpaceIn) -> SpaceOut:
    return SpaceOut.model_validate(await keeper.create(caller, body.kind, body.name))


@router.get("/trash", operation_id="spaces_trash", summary="Deleted spaces that can be restored")
async def spaces_trash(caller: Caller, keeper: Keeper) -> list[SpaceOut]:
    return [SpaceOut.model_validate(each) for each in await keeper.trash(caller)]


@router.patch("/{space_id}", operation_id="spaces_rename", summary="Rename a space")
async def spaces_rename(
    response: Response,
    caller: Caller,
    keeper: Keeper,
    space_id: UUID,
    body: SpacePatch,
    expected: IfMatch,
) -> SpaceOut:
    found = await keeper.rename(caller, space_id, body.name, expected)
    set_etag(response, found.version)
    return SpaceOut.model_validate(found)


@router.delete(
    "/{space_id}",
    operation_id="spaces_delete",
    summary="Put a space in the trash, to be erased after 30 days",
    status_code=204,
)
async def spaces_delete(caller: Caller, keeper: Keeper, space_id: UUID, expected: IfMatch) -> None:
    await keeper.delete(caller, space_id, expected)


@router.post(
    "/{space_id}/restore", operation_id="spaces_restore", summary="Take a space out of the trash"
)
async def spaces_restore(caller: Caller, keeper: Keeper, space_id: UUID) -> SpaceOut:
    return SpaceOut.model_validate(await keeper.restore(caller, space_id))


@router.get("/{space_id}/members", operation_id="members_list", summary="Who belongs to a space")
async def members_list(caller: Caller, people: People, space_id: UUID) -> list[MemberOut]:
    return [MemberOut.model_validate(each) for each in await people.all(caller, space_id)]


@router.patch(
    "/{space_id}/members/{user_id}",
    operation_id="members_change",
    summary="Change a member's role, or whether they see prices",
)
async def members_change(
    response: Response,
    caller: Caller,
    people: People,
    space_id: UUID,
    user_id: UUID,
    body: MemberPatch,
    expected: IfMatch,
) -> MemberOut:
    changed = await people.change(
        caller,
        space_id,
        user_id,
        role=body.role,
        sees_money=body.sees_money,
        expected=expected,
    )
    set_etag(response, changed.version)
    return MemberOut.model_validate(changed)


@router.delete(
    "/{space_id}/members/{user_id}",
    operation_id="members_remove",
    summary="Remove a member, or leave the space yourself",
    status_code=204,
)
async def members_remove(caller: Caller, people: People, space_id: UUID, user_id: UUID) -> None:
    await people.remove(caller, space_id, user_id)


@router.post(
    "/{space_id}/invitations",
    operation_id="space_invitations_create",
    summary="Invite somebody into a space, by address or by a link",
    status_code=201,
    dependencies=[Depends(idempotent)],
)
async def space_invitations_create(
    caller: Caller, offers: Offers, space_id: UUID, body: InvitationIn
) -> InvitationOut:
    made = await offers.offer(
        caller,
        space_id,
        role=body.role,
        sees_money=body.sees_money,
        email=body.email,
        days=body.days,
    )
    return InvitationOut.of(made)


@router.get(
    "/{space_id}/invitations",
    operation_id="space_invitations_list",
    summary="What was offered, for those who may offer",
)
async def space_invitations_list(
    caller: Caller, offers: Offers, space_id: UUID
) -> list[InvitationOut]:
    return [InvitationOut.of(each) for each in await offers.of_space(caller, space_id)]


@router.delete(
    "/{space_id}/invitations/{invitation_id}",
    operation_id="space_invitations_revoke",
    summary="Withdraw an invitation",
    status_code=204,
)
async def space_invitations_revoke(
    caller: Caller, offers: Offers, space_id: UUID, invitation_id: UUID
) -> None:
    await offers.withdraw(caller, space_id, invitation_id)


@invitations.get("", operation_id="invitations_list", summary="Invitations to your address")
async def invitations_list(caller: Caller, offers: Offers) -> list[InvitationOut]:
    return [InvitationOut.of(each) for each in await offers.for_caller(caller)]


@invitations.post(
    "/look",
    operation_id="invitations_look",
    summary="What an invitation's link offers",
    responses={404: {"description": "The link is not valid, or was used."}},
)
async def invitations_look(caller: Caller, offers: Offers, body: TokenIn) -> InvitationOut:
    return InvitationOut.of(await offers.look(caller, body.token))


@invitations.post(
    "/lookup",
    operation_id="invitations_lookup",
    summary="Who invites to what, by the link's token and without an account",
    responses={
        404: {"description": "Nothing can be accepted with it; why not, nobody learns."},
        429: {"description": "Many links from this place led nowhere."},
    },
)
@public
async def invitations_lookup(
    request: Request, lookup: Annotated[InvitationLookup, provide(InvitationLookup)], body: TokenIn
) -> InvitationGlanceOut:
    found = await lookup.look(body.token, ip=client_address(request))
    return InvitationGlanceOut.model_validate(found)


@invitations.post(
    "/accept",
    operation_id="invitations_accept",
    summary="Take the offered seat, by the link's token or the invitation's id",
    responses=NO_INVITATION,
)
async def invitations_accept(caller: Caller, offers: Offers, body: AnswerIn) -> AcceptedOut:
    space_id = await offers.accept(caller, token=body.token, invitation_id=body.invitation_id)
    return AcceptedOut(space_id=space_id)


@invitations.post(
    "/decline",
    operation_id="invitations_decline",
    summary="Say no",
    status_code=204,
    responses=NO_INVITATION,
)
async def invitations_decline(caller: Caller, offers: Offers, body: AnswerIn) -> None:
    await offers.decline(caller, token=body.token, invitation_id=body.invitation_id)


@grants.get("/grants", operation_id="grants_list", summary="Who was let into a collection")
async def grants_list(caller: Caller, shelves: Shelves, collection_id: UUID) -> list[MemberOut]:
    found = await shelves.grants(caller, collection_id)
    return [MemberOut.model_validate(each) for each in found]


@grants.put(
    "/grants/{user_id}",
    operation_id="grants_set",
    summary="Say what somebody may do in a collection",
    description="For members of the space, and for guests who have accepted an invitation. The "
    'version of a grant that is not there yet is `W/"0"`.',
)
async def grants_set(
    response: Response,
    caller: Caller,
    shelves: Shelves,
    collection_id: UUID,
    user_id: UUID,
    body: GrantIn,
    expected: IfMatch,
) -> GrantOut:
    made = await shelves.set_grant(
        caller,
        collection_id,
        user_id,
        role=body.role,
        sees_money=body.sees_money,
        expected=expected,
    )
    set_etag(response, made.version)
    return GrantOut.model_validate(made)


@grants.delete(
    "/grants/{user_id}",
    operation_id="grants_revoke",
    summary="Take a grant back, or give up your own",
    status_code=204,
)
async def grants_revoke(
    caller: Caller, shelves: Shelves, collection_id: UUID, user_id: UUID
) -> None:
    await shelves.revoke(caller, collection_id, user_id)


@grants.post(
    "/invitations",
    operation_id="collection_invitations_create",
    summary="Invite somebody to one collection only",
    status_code=201,
    dependencies=[Depends(idempotent)],
)
async def collection_invitations_create(
    caller: Caller, offers: Offers, collection_id: UUID, body: InvitationIn
) -> InvitationOut:
    made = await offers.offer(
        caller,
        caller.space_id,
        role=body.role,
        sees_money=body.sees_money,
        email=body.email,
        collection_id=collection_id,
        days=body.days,
    )
    return InvitationOut.of(made)


@profile.get(
    "",
    operation_id="profile_get",
    summary="Your public profile, shown or not",
    responses={404: {"description": "You have written none."}},
)
async def profile_get(response: Response, caller: Caller, profiles: Profiles) -> ProfileOut:
    found = await profiles.mine(caller)
    set_etag(response, found.version)
    return ProfileOut.model_validate(found)


@profile.put("", operation_id="profile_save", summary="Write your public profile")
async def profile_save(
    response: Response, caller: Caller, profiles: Profiles, body: ProfileIn, expected: IfMatch
) -> ProfileOut:
    draft = ProfileDraft(
        handle=body.handle,
        display_name=body.display_name,
        about=body.about,
        is_public=body.is_public,
        shows_wishes=body.shows_wishes,
        indexed=body.indexed,
    )
    found = await profiles.save(caller, draft, expected)
    set_etag(response, found.version)
    return ProfileOut.model_validate(found)


@router.get(
    "/{space_id}/usage",
    operation_id="spaces_usage",
    summary="What a space uses, and what it may",
    description="Storage in bytes, items, and your paid model calls of this month.",
)
async def spaces_usage(caller: Caller, bounds: Bounds, space_id: UUID) -> list[UsageOut]:
    return [UsageOut.model_validate(each) for each in await bounds.usage(caller, space_id)]


@quotas.get("", operation_id="quotas_get", summary="What any space uses, and what it may")
async def quotas_get(
    response: Response, _caller: Warden, bounds: Bounds, space_id: UUID
) -> list[UsageOut]:
    found, version = await bounds.usage_for_admin(space_id)
    set_etag(response, version)
    return [UsageOut.model_validate(each) for each in found]


@quotas.put("", operation_id="quotas_set", summary="Set what a space may use")
async def quotas_set(
    response: Response,
    caller: Warden,
    bounds: Bounds,
    space_id: UUID,
    body: QuotaIn,
    expected: IfMatch,
) -> list[UsageOut]:
    limits = {each: getattr(body, each.value) for each in Resource}
    found, version = await bounds.change(caller, space_id, limits, expected)
    set_etag(response, version)
    return [UsageOut.model_validate(each) for each in found]
