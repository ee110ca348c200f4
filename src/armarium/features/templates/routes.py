"""Kinds as forms need them, and a space's own fields."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from armarium.features.templates.errors import KindNotFound
from armarium.features.templates.models import FieldChange, FieldDraft, OwnField
from armarium.features.templates.schemas import KindOut, OwnFieldIn, OwnFieldOut, OwnFieldPatch
from armarium.features.templates.service import Templates
from armarium.kinds import ITEM_STATUSES, VOCABULARIES, Kind, registry
from armarium.platform.http import (
    IfMatch,
    Principal,
    current_principal,
    idempotent,
    provide,
    set_etag,
)

router = APIRouter(tags=["templates"])
Service = Annotated[Templates, provide(Templates)]
Caller = Annotated[Principal, Depends(current_principal)]


@router.get("/kinds", operation_id="kinds_list", summary="What can be collected, with all fields")
async def kinds_list(caller: Caller, service: Service) -> list[KindOut]:
    own = await service.list(caller)
    return [_kind(kind, own) for kind in registry()]


@router.get("/kinds/{name}", operation_id="kinds_get", summary="One kind, with all fields")
async def kinds_get(caller: Caller, service: Service, name: str) -> KindOut:
    kind = registry().get(name)
    if kind is None:
        raise KindNotFound
    return _kind(kind, await service.list(caller, kind=kind.name))


@router.get(
    "/vocabularies",
    operation_id="vocabularies_list",
    summary="Closed lists of words: statuses, grades, eras, languages",
)
async def vocabularies_list(_caller: Caller) -> list[dict[str, Any]]:
    return [each.schema() for each in VOCABULARIES.values()]


@router.get("/fields", operation_id="fields_list", summary="The space's own fields")
async def fields_list(
    *,
    caller: Caller,
    service: Service,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    archived: Annotated[bool, Query(description="Archived ones too.")] = False,
) -> list[OwnFieldOut]:
    found = await service.list(caller, kind=kind and kind.lower(), archived=archived)
    return [OwnFieldOut.model_validate(each) for each in found]


@router.post(
    "/fields",
    operation_id="fields_create",
    summary="Add a field of one's own to a kind",
    status_code=201,
    dependencies=[Depends(idempotent)],
)
async def fields_create(
    response: Response, caller: Caller, service: Service, body: OwnFieldIn
) -> OwnFieldOut:
    draft = FieldDraft(**body.model_dump(exclude={"choices"}), choices=tuple(body.choices))
    return _answer(response, await service.add(caller, draft))


@router.patch(
    "/fields/{field_id}",
    operation_id="fields_update",
    summary="Change a field's label, choices, order; archive or restore it",
)
async def fields_update(
    response: Response,
    caller: Caller,
    service: Service,
    field_id: UUID,
    body: OwnFieldPatch,
    expected: IfMatch,
) -> OwnFieldOut:
    choices = None if body.choices is None else tuple(body.choices)
    change = FieldChange(**body.model_dump(exclude={"choices"}), choices=choices)
    return _answer(response, await service.change(caller, field_id, change, expected=expected))


@router.delete(
    "/fields/{field_id}",
    operation_id="fields_delete",
    summary="Archive a field; its values stay and come back with it",
    status_code=204,
)
async def fields_delete(
    caller: Caller, service: Service, field_id: UUID, expected: IfMatch
) -> None:
    await service.change(caller, field_id, FieldChange(archived=True), expected=expected)


def _answer(response: Response, field: OwnField) -> OwnFieldOut:
    set_etag(response, field.version)
    return OwnFieldOut.model_validate(field)


def _kind(kind: Kind, own: list[OwnField]) -> KindOut:
    mine = [each for each in own if each.kind in {None, kind.name}]
    return KindOut(
        **kind.schema(),
        own_fields=[OwnFieldOut.model_validate(each) for each in mine],
        statuses=ITEM_STATUSES.schema()["terms"],
    )
