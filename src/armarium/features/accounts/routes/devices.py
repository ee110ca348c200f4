"""Where the caller is logged in, and the history of logins."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from armarium.features.accounts import Devices
from armarium.features.accounts.routes.common import Person
from armarium.features.accounts.schemas.security import DeviceOut, EndedOut, LoginAttemptOut
from armarium.platform.http import PageQuery, provide, set_link

router = APIRouter(prefix="/me", tags=["accounts"])
Service = Annotated[Devices, provide(Devices)]


@router.get("/sessions", operation_id="me_sessions_list", summary="Where you are logged in")
async def me_sessions_list(caller: Person, devices: Service) -> list[DeviceOut]:
    found = await devices.list(caller.user_id, caller.session_id)
    return [DeviceOut.model_validate(device) for device in found]


@router.delete(
    "/sessions/{session_id}",
    operation_id="me_sessions_end",
    summary="Log one device out",
    description="It is out at once, with its access token too.",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def me_sessions_end(caller: Person, session_id: UUID, devices: Service) -> None:
    await devices.end(caller.user_id, session_id)


@router.delete(
    "/sessions", operation_id="me_sessions_end_others", summary="Log every other device out"
)
async def me_sessions_end_others(caller: Person, devices: Service) -> EndedOut:
    return EndedOut(ended=await devices.end_others(caller.user_id, caller.session_id))


@router.get(
    "/logins",
    operation_id="me_logins_list",
    summary="Logins that worked and that failed",
    description="Newest first; kept for 90 days.",
)
async def me_logins_list(
    request: Request, response: Response, caller: Person, page: PageQuery, devices: Service
) -> list[LoginAttemptOut]:
    found = await devices.logins(caller.user_id, page)
    return set_link(request, response, found.map(LoginAttemptOut.model_validate))
