from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class SpaceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str = Field(examples=["person"])
    name: str | None = Field(examples=[None])
    role: str = Field(description="Yours: owner, editor or viewer.", examples=["owner"])
    created_at: datetime
