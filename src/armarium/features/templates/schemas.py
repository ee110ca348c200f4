from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from armarium.features.templates.models import MAX_CHOICES, MAX_POSITION
from armarium.platform.wire import Body

Lower = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)


class OwnFieldOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str | None = Field(description="None: every kind.", examples=["card"])
    name: str = Field(description="Key in `own_fields` of an item.", examples=["storage_box"])
    label: str = Field(examples=["Storage box"])
    type: str = Field(examples=["choice"])
    choices: list[str] = Field(examples=[["Red", "Blue"]])
    required: bool
    position: int = Field(examples=[1])
    archived_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class OwnFieldIn(Body):
    label: Annotated[str, Field(max_length=300, examples=["Storage box"])]
    type: Annotated[
        str,
        Lower,
        Field(
            description="text, integer, decimal, date, boolean or choice.",
            examples=["choice"],
        ),
    ]
    kind: Annotated[str | None, Lower, Field(description="None: every kind.")] = None
    name: Annotated[
        str | None, Field(max_length=60, description="Made from the label when left out.")
    ] = None
    choices: Annotated[
        list[Annotated[str, Field(max_length=300)]], Field(max_length=MAX_CHOICES)
    ] = []
    required: bool = False
    position: Annotated[int | None, Field(ge=0, le=MAX_POSITION)] = None


class OwnFieldPatch(Body):
    """Only what is sent changes; name, type and kind stay."""

    label: Annotated[str | None, Field(max_length=300)] = None
    choices: Annotated[
        list[Annotated[str, Field(max_length=300)]] | None, Field(max_length=MAX_CHOICES)
    ] = None
    required: bool | None = None
    position: Annotated[int | None, Field(ge=0, le=MAX_POSITION)] = None
    archived: Annotated[bool | None, Field(description="False brings an archived field back.")] = (
        None
    )


class KindOut(BaseModel):
    """A kind for forms and other programs; `own_fields` are this space's."""

    model_config = ConfigDict(extra="allow")

    name: str = Field(examples=["card"])
    label: str = Field(examples=["Card"])
    collection_path: str = Field(examples=["cards"])
    fields: list[dict[str, Any]]
    own_fields: list[OwnFieldOut]
    identifiers: list[dict[str, Any]]
    grades: list[dict[str, Any]]
    statuses: list[dict[str, Any]]
