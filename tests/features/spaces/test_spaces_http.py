"""Spaces, their members and invitations, by the HTTP door."""

from collections.abc import AsyncIterator
from uuid import UUID

import psycopg
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy import table as sql_table

from armarium.entry.wiring import House
from armarium.features.spaces import InvitationLetters, SpaceKeeper
from armarium.features.spaces.models import Standing
from armarium.features.spaces.store import members as store
from armarium.kit.ids import new_id
from armarium.platform.audit import AuditFilter, AuditLog
from armarium.platform.database import Scope, Session
from armarium.platform.paging import PageParams
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.support.api import register
from tests.support.post import post_of, prove
from tests.support.sharing import Household, acting, household, invite

V1 = "/api/v1"


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[Household]:
    async with household(app) as made:
        yield made


async def test_a_seat_taken_while_spaces_are_listed_waits_for_the_next_look(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading where somebody may act and reading the names, they made a space: a 500."""
    ada = await register(app)
    reading = store.standing

    async def before(session: Session, user_id: UUID) -> Standing:
        found = await reading(session, user_id)
        monkeypatch.setattr(store, "standing", reading)  # the request within must not come here
        await ada.client.post(f"{V1}/spaces", json={"kind": "shop", "name": "Shop"})
        return found

    monkeypatch.setattr(store, "standing", before)
    listed = await ada.client.get(f"{V1}/spaces")
    assert [each["kind"] for each in listed.json()] == ["person"], listed.text


async def test_a_person_makes_a_space_and_is_its_owner(app: FastAPI) -> None:
    ada = await register(app)
    made = await ada.client.post(f"{V1}/spaces", json={"kind": "shop", "name": " Ada's shop "})
    assert made.status_code == 201, made.text
    shop = made.json()
    assert (shop["kind"], shop["name"], shop["role"]) == ("shop", "Ada's shop", "owner")
    listed = (await ada.client.get(f"{V1}/spaces")).json()
    assert [each["kind"] for each in listed] == ["person", "shop"]
    changed = await ada.client.patch(
        f"{V1}/spaces/{shop['id']}", json={"name": "Lovelace & Co"}, headers={"If-Match": 'W/"1"'}
    )
    assert changed.json()["name"] == "Lovelace & Co"
    stale = await ada.client.patch(
        f"{V1}/spaces/{shop['id']}", json={"name": "Other"}, headers={"If-Match": 'W/"1"'}
    )
    assert stale.status_code == 412
    nameless = await ada.client.post(f"{V1}/spaces", json={"kind": "shop", "name": "  "})
    assert nameless.status_code == 422


async def test_each_role_does_what_it_may(home: Household) -> None:
    book = {"kind": "book", "title": "Sonnets"}
    made = await home.as_editor.post(f"{V1}/items", json=book)
    assert made.status_code == 201, made.text
    item = f"{V1}/items/{made.json()['id']}"
    for client in (home.as_owner, home.as_editor, home.as_viewer):
        assert (await client.get(item)).json()["title"] == "Sonnets"
    assert (await home.as_viewer.patch(item, json={"title": "Mine"})).status_code == 403
    assert (await home.as_stranger.get(item)).status_code == 404
    assert (await home.stranger.client.get(item)).status_code == 404
    me = (await home.as_viewer.get(f"{V1}/me")).json()
    assert (me["space_id"], me["space_role"]) == (home.id, "viewer")


async def test_only_owners_change_members(home: Household) -> None:
    members = f"{V1}/spaces/{home.id}/members"
    listed = (await home.viewer.client.get(members)).json()
    assert [each["role"] for each in listed] == ["owner", "editor", "viewer"]
    assert [each["sees_money"] for each in listed] == [True, True, False]
    change = {"role": "owner"}
    for person in (home.editor, home.viewer):
        answer = await person.client.patch(f"{members}/{person.id}", json=change)
        assert answer.json()["code"] == "not_an_owner"
        kicked = await person.client.delete(f"{members}/{home.owner.id}")
        assert kicked.status_code == 403
    assert (await home.stranger.client.get(members)).status_code == 404
    promoted = await home.owner.client.patch(f"{members}/{home.viewer.id}", json=change)
    assert (promoted.json()["role"], promoted.json()["sees_money"]) == ("owner", True)
    assert (
        await home.as_viewer.post(f"{V1}/items", json={"kind": "book", "title": "A"})
    ).is_success
    unknown = await home.owner.client.patch(f"{members}/{new_id()}", json=change)
    assert unknown.status_code == 404


async def test_a_space_keeps_an_owner(home: Household) -> None:
    members = f"{V1}/spaces/{home.id}/members"
    left = await home.owner.client.delete(f"{members}/{home.owner.id}")
    assert left.json()["code"] == "last_owner"
    lowered = await home.owner.client.patch(f"{members}/{home.owner.id}", json={"role": "viewer"})
    assert lowered.json()["code"] == "last_owner"
    await home.owner.client.patch(f"{members}/{home.editor.id}", json={"role": "owner"})
    assert (await home.owner.client.delete(f"{members}/{home.owner.id}")).status_code == 204
    assert (await home.as_owner.get(f"{V1}/items")).status_code == 404
    own = await home.owner.client.delete(f"{V1}/spaces/{home.owner.id}/members/{home.owner.id}")
    assert own.json()["code"] == "own_space"


async def test_a_removed_member_is_out_at_once(home: Household) -> None:
    assert (await home.as_editor.get(f"{V1}/items")).status_code == 200
    gone = await home.owner.client.delete(f"{V1}/spaces/{home.id}/members/{home.editor.id}")
    assert gone.status_code == 204
    assert (await home.as_editor.get(f"{V1}/items")).status_code == 404
    assert len((await home.editor.client.get(f"{V1}/spaces")).json()) == 1
    left = await home.viewer.client.delete(f"{V1}/spaces/{home.id}/members/{home.viewer.id}")
    assert left.status_code == 204


async def test_an_invitation_by_link_works_once(app: FastAPI, home: Household) -> None:
    path = f"{V1}/spaces/{home.id}/invitations"
    offered = (await home.owner.client.post(path, json={"role": "editor"})).json()
    look = await home.stranger.client.post(
        f"{V1}/invitations/look", json={"token": offered["token"]}
    )
    assert (look.json()["space_name"], look.json()["token"]) == ("The Lovelaces", None)
    body = {"token": offered["token"]}
    assert (await home.stranger.client.post(f"{V1}/invitations/accept", json=body)).is_success
    assert (await home.as_stranger.get(f"{V1}/items")).status_code == 200
    late = await register(app)
    again = await late.client.post(f"{V1}/invitations/accept", json=body)
    assert again.json()["code"] == "no_such_invitation"
    listed = (await home.owner.client.get(path)).json()
    assert [each["answer"] for each in listed] == ["accepted"] * 3
    assert all(each["token"] is None for each in listed)


async def test_an_invitation_by_address_is_for_that_address(house: House, home: Household) -> None:
    path = f"{V1}/spaces/{home.id}/invitations"
    body = {"role": "viewer", "email": home.stranger.email}
    offered = (await home.owner.client.post(path, json=body)).json()
    # Anybody can give any address: until the letter is answered it takes nothing.
    assert (await home.stranger.client.get(f"{V1}/invitations")).json() == []
    answer = {"invitation_id": offered["id"]}
    early = await home.stranger.client.post(f"{V1}/invitations/accept", json=answer)
    assert early.status_code == 404
    with post_of(house) as post:
        await prove(home.stranger, post)
    assert (await home.viewer.client.get(f"{V1}/invitations")).json() == []
    (waiting,) = (await home.stranger.client.get(f"{V1}/invitations")).json()
    assert waiting["space_name"] == "The Lovelaces"
    assert waiting["id"] == offered["id"]
    other = await home.viewer.client.post(f"{V1}/invitations/accept", json=answer)
    assert other.status_code == 404
    declined = await home.stranger.client.post(f"{V1}/invitations/decline", json=answer)
    assert declined.status_code == 204
    late = await home.stranger.client.post(f"{V1}/invitations/accept", json=answer)
    assert late.status_code == 404


async def test_invitations_end(home: Household, database_urls: DatabaseUrls) -> None:
    path = f"{V1}/spaces/{home.id}/invitations"
    offered = (await home.owner.client.post(path, json={"role": "editor"})).json()
    withdrawn = await home.owner.client.delete(f"{path}/{offered['id']}")
    assert withdrawn.status_code == 204
    body = {"token": offered["token"]}
    refused = await home.stranger.client.post(f"{V1}/invitations/accept", json=body)
    assert refused.status_code == 404
    old = (await home.owner.client.post(path, json={"role": "editor", "days": 1})).json()
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as admin:
        admin.execute("update spaces_invitation set expires_at = now() where answer is null")
    expired = await home.stranger.client.post(
        f"{V1}/invitations/accept", json={"token": old["token"]}
    )
    assert expired.status_code == 404
    for person in (home.editor, home.viewer, home.stranger):
        answer = await person.client.post(path, json={"role": "owner"})
        assert answer.status_code in {403, 404}
    assert (await home.viewer.client.get(path)).json() == []


async def test_a_deleted_space_waits_in_the_trash_then_is_erased(
    app: FastAPI, house: House, home: Household
) -> None:
    await home.as_editor.post(f"{V1}/items", json={"kind": "book", "title": "Sonnets"})
    assert (await home.editor.client.delete(f"{V1}/spaces/{home.id}")).status_code == 403
    assert (await home.owner.client.delete(f"{V1}/spaces/{home.id}")).status_code == 204
    for client in (home.as_owner, home.as_editor, home.as_viewer):
        assert (await client.get(f"{V1}/items")).status_code == 404
    assert [each["id"] for each in (await home.owner.client.get(f"{V1}/spaces/trash")).json()] == [
        home.id
    ]
    restored = await home.owner.client.post(f"{V1}/spaces/{home.id}/restore")
    assert restored.status_code == 200
    assert len((await home.as_viewer.get(f"{V1}/items")).json()) == 1
    keeper = house.get(SpaceKeeper)
    restored_id = UUID(home.id)
    assert not await keeper.erase(restored_id)
    await home.owner.client.delete(f"{V1}/spaces/{home.id}")
    assert not await keeper.erase(restored_id), "30 days are not over"
    with time_machine.travel("2040-01-01", tick=True):
        assert await keeper.erase(restored_id)
    async with house.database.transaction(Scope.of_space(restored_id)) as session:
        for table in ("items", "spaces_member", "search_document", "item_history"):
            left = await session.scalar(select(func.count()).select_from(sql_table(table)))
            assert left == 0, table
    async with acting(app, home.owner, home.id) as client:
        assert (await client.get(f"{V1}/items")).status_code == 404
    own = await home.owner.client.delete(f"{V1}/spaces/{home.owner.id}")
    assert own.json()["code"] == "own_space"


async def test_acts_on_a_space_are_audited(home: Household, house: House) -> None:
    await invite(home.owner.client, home.stranger, f"{V1}/spaces/{home.id}/invitations")
    found = await house.get(AuditLog).page(AuditFilter(), PageParams(50), of_space=UUID(home.id))
    actions = [each.action for each in found.rows]
    assert actions.count("space.member_added") == 3
    assert "space.created" in actions


async def test_an_invited_address_gets_a_letter_without_a_secret(
    house: House, home: Household
) -> None:
    path = f"{V1}/spaces/{home.id}/invitations"
    body = {"role": "viewer", "email": home.stranger.email}
    offered = (await home.owner.client.post(path, json=body)).json()
    letters = house.get(InvitationLetters)
    sent = await letters.send(UUID(home.id), UUID(offered["id"]))
    assert sent == {"sent": True}
    (file,) = house.settings.mail_folder.glob("*.eml")
    text = file.read_text()
    assert home.stranger.email in text
    assert "The Lovelaces" in text
    assert offered["token"] not in text
    await home.owner.client.delete(f"{path}/{offered['id']}")
    assert await letters.send(UUID(home.id), UUID(offered["id"])) == {"sent": False}
