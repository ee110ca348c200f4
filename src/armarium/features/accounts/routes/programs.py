"""Programs that log people in here: those that act for the caller, and those one registered."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from armarium.features.accounts import Clients
from armarium.features.accounts.routes.common import PROOF, Person, ProvedPerson
from armarium.features.accounts.schemas.issuing import ClientIn, ClientOut, ProgramOut
from armarium.platform.http import Permission, Principal, idempotent, provide, require

router = APIRouter(prefix="/me/programs", tags=["accounts"])
clients = APIRouter(prefix="/me/clients", tags=["accounts"])
admin = APIRouter(prefix="/admin/clients", tags=["admin"])
Service = Annotated[Clients, provide(Clients)]
Admin = Annotated[Principal, require(Permission.SETTINGS_MANAGE)]


@router.get("", operation_id="me_programs_list", summary="Programs that act for you")
async def me_programs_list(caller: Person, service: Service) -> list[ProgramOut]:
    return [ProgramOut.model_validate(each) for each in await service.connected(caller.user_id)]


@router.delete(
    "/{client_id}",
    operation_id="me_programs_disconnect",
    summary="Take back what you let a program do",
    description="Its sessions for you end at once.",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def me_programs_disconnect(caller: Person, client_id: str, service: Service) -> None:
    await service.disconnect(caller.user_id, client_id)


@clients.get("", operation_id="me_clients_list", summary="Programs that you registered")
async def me_clients_list(caller: Person, service: Service) -> list[ClientOut]:
    return [ClientOut.model_validate(each) for each in await service.list(caller.user_id)]


@clients.post(
    "",
    operation_id="me_clients_create",
    summary="Register a program that asks you to log in here",
    description="It logs in you alone, by authorization code with PKCE, without a secret.",
    status_code=status.HTTP_201_CREATED,
    responses={**PROOF, 409: {"description": "You have too many."}},
    dependencies=[Depends(idempotent)],
)
async def me_clients_create(caller: ProvedPerson, body: ClientIn, service: Service) -> ClientOut:
    made = await service.register(
        name=body.name,
        redirect_uris=body.redirect_uris,
        origin="person",
        user_id=caller.user_id,
    )
    return ClientOut.model_validate(made)


@clients.delete(
    "/{client_id}",
    operation_id="me_clients_remove",
    summary="Remove a program that you registered",
    description="Every session of it ends at once.",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def me_clients_remove(caller: Person, client_id: str, service: Service) -> None:
    await service.remove(client_id, owner=caller.user_id, actor=caller.user_id)


@admin.get("", operation_id="admin_clients_list", summary="Programs that everybody may use")
async def admin_clients_list(caller: Admin, service: Service) -> list[ClientOut]:
    del caller
    return [ClientOut.model_validate(each) for each in await service.list(None)]


@admin.post(
    "",
    operation_id="admin_clients_create",
    summary="Register a program that everybody may use",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(idempotent)],
)
async def admin_clients_create(caller: Admin, body: ClientIn, service: Service) -> ClientOut:
    made = await service.register(
        name=body.name,
        redirect_uris=body.redirect_uris,
        origin="admin",
        user_id=caller.user_id,
    )
    return ClientOut.model_validate(made)


@admin.delete(
    "/{client_id}",
    operation_id="admin_clients_remove",
    summary="Remove a program that everybody may use",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def admin_clients_remove(caller: Admin, client_id: str, service: Service) -> None:
    await service.remove(client_id, owner=None, actor=caller.user_id)
