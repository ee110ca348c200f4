"""The whole server, for administrators: its spaces and its settings."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from armarium.features.operations import Overview
from armarium.platform.http import PageQuery, Permission, Principal, provide, require, set_link

router = APIRouter(prefix="/admin", tags=["admin"])
Service = Annotated[Overview, provide(Overview)]


class SpaceLineOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str = Field(examples=["household"])
    name: str | None
    created_at: datetime
    deleted_at: datetime | None
    members: int
    owner: str | None = Field(description="Address of the first owner.")
    items: int
    storage_bytes: int


class SettingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["ARMARIUM_PORT"])
    value: JsonValue = Field(description="Stars for a secret.")
    source: str = Field(examples=["environment"], description="environment, file or default.")


@router.get(
    "/spaces",
    operation_id="admin_spaces_list",
    summary="All spaces with what they use",
    description="How much each one holds; nothing of what people keep in it.",
)
async def admin_spaces_list(
    request: Request,
    response: Response,
    _admin: Annotated[Principal, require(Permission.SPACES_MANAGE)],
    page: PageQuery,
    service: Service,
    q: Annotated[
        str | None,
        Query(max_length=200, description="In the name, or the owner's name or address."),
    ] = None,
    space_id: Annotated[
        list[UUID] | None, Query(alias="id", max_length=200, description="Only these spaces.")
    ] = None,
) -> list[SpaceLineOut]:
    found = await service.spaces(page, words=q, ids=space_id)
    return set_link(request, response, found.map(SpaceLineOut.model_validate))


@router.get(
    "/settings",
    operation_id="admin_settings",
    summary="Settings in force, and where each comes from",
)
async def admin_settings(
    _admin: Annotated[Principal, require(Permission.SETTINGS_MANAGE)], service: Service
) -> list[SettingOut]:
    return [SettingOut.model_validate(each) for each in service.settings()]
