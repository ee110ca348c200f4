"""The JSON of named collections, shared links and public pages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from armarium.features.collection.models import MAX_BULK, Shelf
from armarium.features.spaces import CollectionChange, CollectionDraft
from armarium.platform.wire import Body

Name = Annotated[str, Field(max_length=200, examples=["First editions"])]
Visibility = Annotated[
    str,
    Field(
        max_length=20,
        description="`space`: its members see it. `private`: only its own people do, and what"
        " nothing else holds is hidden from all others. `public`: it stands on your public page.",
        examples=["space"],
    ),
]


class ShelfIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "First editions", "visibility": "space"}]}
    )

    name: Name
    description: Annotated[str, Field(max_length=2000)] = ""
    visibility: Visibility = "space"
    cover_media_id: UUID | None = None

    def draft(self) -> CollectionDraft:
        return CollectionDraft(
            name=self.name,
            description=self.description,
            visibility=self.visibility,
            cover_media_id=self.cover_media_id,
        )


class ShelfPatch(Body):
    """Only what is named is changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "First editions"}]})

    name: Name = ""
    description: Annotated[str, Field(max_length=2000)] = ""
    visibility: Visibility = "space"
    cover_media_id: UUID | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] = 0

    def change(self) -> CollectionChange:
        return CollectionChange({name: getattr(self, name) for name in self.model_fields_set})


class ShelfItemsIn(Body):
    item_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_BULK)]


class ChangedOut(BaseModel):
    changed: int


class ShelfOut(BaseModel):
    id: UUID
    name: str = Field(examples=["First editions"])
    description: str
    visibility: str = Field(examples=["space"])
    cover_media_id: UUID | None
    position: int
    item_count: int = Field(description="Living items in it that you may see.")
    version: int
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None

    @classmethod
    def of(cls, shelf: Shelf) -> "ShelfOut":
        found = shelf.collection
        return cls(
            id=found.id,
            name=found.name,
            description=found.description,
            visibility=found.visibility,
            cover_media_id=found.cover_media_id,
            position=found.position,
            item_count=shelf.items,
            version=found.version,
            created_at=found.created_at,
            updated_at=found.updated_at,
            created_by=found.created_by,
        )
