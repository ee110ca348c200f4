"""The spaces of the caller."""

from typing import Annotated

from fastapi import APIRouter, Depends

from armarium.features.spaces import Spaces
from armarium.features.spaces.schemas import SpaceOut
from armarium.platform.http import Principal, current_principal, provide

router = APIRouter(prefix="/spaces", tags=["spaces"])


@router.get(
    "",
    operation_id="spaces_list",
    summary="Spaces that you may act in",
    description="Send one's id as `X-Space` to act in it; without the header you act in your own.",
)
async def spaces_list(
    caller: Annotated[Principal, Depends(current_principal)],
    spaces: Annotated[Spaces, provide(Spaces)],
) -> list[SpaceOut]:
    found = await spaces.of_person(caller.user_id)
    return [SpaceOut.model_validate(space) for space in found]
