"""What somebody gave ends with their leave to give it, and nobody gives more than they have."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from armarium.entry.wiring import House
from armarium.features.spaces import InvitationLetters
from armarium.platform.mail import compose, inert
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.support.api import client_of, register
from tests.support.sharing import Household, acting, household, invite

V1 = "/api/v1"
COST = {"amount_minor": 918_273, "currency": "GBP"}


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[Household]:
    async with household(app) as made:
        yield made


@pytest.fixture
async def nobody(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with client_of(app) as client:
        yield client


async def made(client: AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(V1 + path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def add(client: AsyncClient, title: str, *collections: str) -> str:
    item = await made(
        client, "/items", kind="book", title=title, cost=COST, collections=list(collections)
    )
    return item["id"]


async def shelf(client: AsyncClient, name: str, visibility: str = "space") -> str:
    return (await made(client, "/collections", name=name, visibility=visibility))["id"]


async def put(client: AsyncClient, collection: str, *items: str) -> None:
    path = f"{V1}/collections/{collection}/items"
    answer = await client.post(path, json={"item_ids": list(items)})
    assert answer.status_code == 200, answer.text


async def hide_prices(home: Household) -> None:
    path = f"{V1}/spaces/{home.id}/members/{home.editor.id}"
    assert (await home.owner.client.patch(path, json={"sees_money": False})).status_code == 200


async def taken(client: AsyncClient, token: str) -> Response:
    return await client.post(f"{V1}/invitations/accept", json={"token": token})


async def test_a_removed_owner_does_not_come_back_by_their_own_offer(
    app: FastAPI, home: Household
) -> None:
    offers = f"/spaces/{home.id}/invitations"
    await invite(home.owner.client, home.stranger, V1 + offers, "owner")
    back = await made(home.stranger.client, offers, role="owner", days=30)
    mailed = await made(home.stranger.client, offers, role="owner", email=home.stranger.email)
    kept = await made(home.owner.client, offers, role="viewer")
    member = f"{V1}/spaces/{home.id}/members/{home.stranger.id}"
    assert (await home.owner.client.delete(member)).status_code == 204
    assert (await home.stranger.client.get(f"{V1}/invitations")).json() == []
    for answer in (
        await taken(home.stranger.client, back["token"]),
        await home.stranger.client.post(
            f"{V1}/invitations/accept", json={"invitation_id": mailed["id"]}
        ),
        await home.stranger.client.post(f"{V1}/invitations/look", json={"token": back["token"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_invitation")
    listed = {each["id"]: each for each in (await home.owner.client.get(V1 + offers)).json()}
    assert listed[back["id"]]["answer"] == listed[mailed["id"]]["answer"] == "revoked"
    assert listed[kept["id"]]["answer"] is None
    # Let in anew as an owner, what they once offered stays ended.
    await invite(home.owner.client, home.stranger, V1 + offers, "owner")
    late = await register(app)
    assert (await taken(late.client, back["token"])).status_code == 404
    assert (await taken(late.client, kept["token"])).status_code == 200


async def test_an_offer_ends_when_its_maker_is_no_owner_any_more(
    app: FastAPI, home: Household, database_urls: DatabaseUrls
) -> None:
    offers = f"/spaces/{home.id}/invitations"
    await invite(home.owner.client, home.stranger, V1 + offers, "owner")
    first = await made(home.stranger.client, offers, role="owner")
    member = f"{V1}/spaces/{home.id}/members/{home.stranger.id}"
    await home.owner.client.patch(member, json={"role": "editor"})
    late = await register(app)
    assert (await taken(late.client, first["token"])).status_code == 404
    # Were it left open, the answer would be the same.
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as admin:
        admin.execute("update spaces_invitation set answer = null where id = %s", (first["id"],))
    assert (await taken(late.client, first["token"])).status_code == 404
    verse = await shelf(home.as_owner, "Verse")
    await invite(home.as_owner, home.stranger, f"{V1}/collections/{verse}/invitations", "owner")
    second = await made(home.as_stranger, f"/collections/{verse}/invitations", role="viewer")
    grant = f"{V1}/collections/{verse}/grants/{home.stranger.id}"
    assert (await home.as_owner.put(grant, json={"role": "viewer"})).status_code == 200
    assert (await taken(late.client, second["token"])).status_code == 404


async def test_a_guest_does_not_show_prices_to_themselves(home: Household) -> None:
    verse = await shelf(home.as_owner, "Verse")
    item = await add(home.as_owner, "Aurora", verse)
    offers = f"/collections/{verse}/invitations"
    await invite(home.as_owner, home.stranger, V1 + offers, "owner")
    mine = f"{V1}/collections/{verse}/grants/{home.stranger.id}"
    body = {"role": "owner", "sees_money": True}
    raised = await home.as_stranger.put(mine, json=body)
    assert (raised.status_code, raised.json()["code"]) == (403, "money_hidden")
    offered = await home.as_stranger.post(V1 + offers, json={"role": "viewer", "sees_money": True})
    assert (offered.status_code, offered.json()["code"]) == (403, "money_hidden")
    assert (await home.as_stranger.get(f"{V1}/items/{item}")).json()["cost"] is None
    # Who sees them shows them; and leaving them shown is no more than there was.
    assert (await home.as_owner.put(mine, json=body)).status_code == 200
    assert (await home.as_stranger.get(f"{V1}/items/{item}")).json()["cost"] is not None
    await hide_prices(home)
    await home.as_owner.put(
        f"{V1}/collections/{verse}/grants/{home.editor.id}", json={"role": "owner"}
    )
    kept = await home.as_editor.put(mine, json={"role": "viewer", "sees_money": True})
    assert kept.status_code == 200, kept.text
    lowered = await home.as_editor.put(mine, json={"role": "viewer", "sees_money": False})
    assert lowered.status_code == 200, lowered.text
    again = await home.as_editor.put(mine, json=body)
    assert again.json()["code"] == "money_hidden"


async def test_an_editor_does_not_show_prices_to_a_second_account(
    app: FastAPI, home: Household
) -> None:
    await hide_prices(home)
    room = await shelf(home.as_editor, "Mine", "private")
    await home.as_editor.patch(f"{V1}/collections/{room}", json={"visibility": "space"})
    item = await add(home.as_owner, "Aurora")
    await put(home.as_editor, room, item)
    offers = f"/collections/{room}/invitations"
    offered = await home.as_editor.post(V1 + offers, json={"role": "viewer", "sees_money": True})
    assert (offered.status_code, offered.json()["code"]) == (403, "money_hidden")
    grant = f"{V1}/collections/{room}/grants/{home.viewer.id}"
    given = await home.as_editor.put(grant, json={"role": "viewer", "sees_money": True})
    assert given.json()["code"] == "money_hidden"
    await invite(home.as_editor, home.stranger, V1 + offers, "viewer")
    assert (await home.as_stranger.get(f"{V1}/items/{item}")).json()["cost"] is None
    (owner,) = [
        each
        for each in (await home.as_editor.get(f"{V1}/collections/{room}/grants")).json()
        if each["role"] == "owner"
    ]
    assert (owner["user_id"], owner["sees_money"]) == (str(home.editor.id), False)
    # An offer that shows prices is worth nothing once its maker does not see them.
    late = await register(app)
    verse = await shelf(home.as_owner, "Verse")
    members = f"{V1}/spaces/{home.id}/members/{home.editor.id}"
    await home.owner.client.patch(members, json={"sees_money": True})
    await home.as_owner.put(
        f"{V1}/collections/{verse}/grants/{home.editor.id}", json={"role": "owner"}
    )
    shown = await made(
        home.as_editor, f"/collections/{verse}/invitations", role="viewer", sees_money=True
    )
    await hide_prices(home)
    assert (await taken(late.client, shown["token"])).status_code == 404


async def test_a_link_ends_with_its_makers_leave(home: Household, nobody: AsyncClient) -> None:
    verse = await shelf(home.as_owner, "Verse")
    item = await add(home.as_owner, "Aurora", verse)
    offers = f"{V1}/spaces/{home.id}/invitations"
    await invite(home.owner.client, home.stranger, offers, "owner")
    links = [
        await made(home.as_stranger, "/shares", target="space", with_prices=True),
        await made(home.as_stranger, "/shares", target="collection", target_id=verse),
        await made(home.as_stranger, "/shares", target="item", target_id=item),
        await made(home.as_owner, "/shares", target="item", target_id=item),
    ]
    whole, *_, owners = [f"{V1}/shared/{each['token']}" for each in links]
    assert (await nobody.get(f"{whole}/items")).status_code == 200
    member = f"{V1}/spaces/{home.id}/members/{home.stranger.id}"
    await home.owner.client.patch(member, json={"role": "editor"})
    assert (await nobody.get(whole)).status_code == 404, "only owners share the whole space"
    assert (await nobody.get(f"{V1}/shared/{links[1]['token']}")).status_code == 200
    assert (await home.owner.client.delete(member)).status_code == 204
    for link in links[:3]:
        for path in ("", "/items", f"/items/{item}"):
            gone = await nobody.get(f"{V1}/shared/{link['token']}{path}")
            assert (gone.status_code, gone.json()["code"]) == (404, "no_such_link")
    assert (await nobody.get(owners)).status_code == 200
    listed = (await home.as_owner.get(f"{V1}/shares")).json()
    ended = {each["id"] for each in listed if each["revoked_at"] is not None}
    assert ended == {each["id"] for each in links[:3]}


async def test_links_and_offers_of_a_disabled_account_rest(
    home: Household, nobody: AsyncClient, database_urls: DatabaseUrls
) -> None:
    item = await add(home.as_owner, "Aurora")
    link = await made(home.as_owner, "/shares", target="item", target_id=item)
    offer = await made(home.owner.client, f"/spaces/{home.id}/invitations", role="viewer")
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as admin:
        which = (home.owner.id,)
        admin.execute("update accounts_user set disabled_at = now() where id = %s", which)
        assert (await nobody.get(f"{V1}/shared/{link['token']}")).status_code == 404
        assert (await taken(home.stranger.client, offer["token"])).status_code == 404
        admin.execute("update accounts_user set disabled_at = null where id = %s", which)
    assert (await nobody.get(f"{V1}/shared/{link['token']}")).status_code == 200
    assert (await taken(home.stranger.client, offer["token"])).status_code == 200


async def test_a_priced_link_ends_when_its_maker_sees_no_prices(
    home: Household, nobody: AsyncClient
) -> None:
    item = await add(home.as_owner, "Aurora")
    plain = await made(home.as_editor, "/shares", target="item", target_id=item)
    priced = await made(home.as_editor, "/shares", target="item", target_id=item, with_prices=True)
    assert (await nobody.get(f"{V1}/shared/{priced['token']}")).status_code == 200
    await hide_prices(home)
    assert (await nobody.get(f"{V1}/shared/{priced['token']}")).status_code == 404
    assert (await nobody.get(f"{V1}/shared/{plain['token']}")).status_code == 200


async def test_links_do_not_show_what_became_private(
    home: Household, nobody: AsyncClient, database_urls: DatabaseUrls
) -> None:
    verse = await shelf(home.as_owner, "Verse")
    await add(home.as_owner, "Boreas", verse)
    item = await add(home.as_owner, "Aurora")
    theirs = [
        await made(home.as_editor, "/shares", target="item", target_id=item, with_prices=True),
        await made(home.as_editor, "/shares", target="collection", target_id=verse),
    ]
    own = [
        await made(home.as_owner, "/shares", target="item", target_id=item),
        await made(home.as_owner, "/shares", target="collection", target_id=verse),
    ]
    vault = await shelf(home.as_owner, "Vault", "private")
    await put(home.as_owner, vault, item)
    patched = await home.as_owner.patch(f"{V1}/collections/{verse}", json={"visibility": "private"})
    assert patched.status_code == 200, patched.text
    await add(home.as_owner, "New secret", verse)
    for _ in range(2):
        for link in theirs:
            for path in ("", "/items", f"/items/{item}"):
                gone = await nobody.get(f"{V1}/shared/{link['token']}{path}")
                assert gone.status_code == 404, gone.text
        # Revoked, and refused as well where it was not.
        with psycopg.connect(libpq(database_urls.admin), autocommit=True) as admin:
            ended = admin.execute("update spaces_link set revoked_at = null").rowcount
            assert ended == 4
    for link in own:
        assert (await nobody.get(f"{V1}/shared/{link['token']}/items")).status_code == 200


async def test_what_is_in_a_private_room_is_shared_by_its_owners(home: Household) -> None:
    room = await shelf(home.as_owner, "Vault", "private")
    item = await add(home.as_owner, "Aurora", room)
    grant = f"{V1}/collections/{room}/grants/{home.editor.id}"
    await home.as_owner.put(grant, json={"role": "editor"})
    body = {"target": "item", "target_id": item}
    refused = await home.as_editor.post(f"{V1}/shares", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_an_owner")
    await home.as_owner.put(grant, json={"role": "owner"})
    assert (await home.as_editor.post(f"{V1}/shares", json=body)).status_code == 201


async def test_two_owners_of_a_room_do_not_leave_at_once(
    home: Household, database_urls: DatabaseUrls
) -> None:
    room = await shelf(home.as_owner, "Vault", "private")
    grants = f"{V1}/collections/{room}/grants"
    await home.as_owner.put(f"{grants}/{home.editor.id}", json={"role": "owner"})
    with psycopg.connect(libpq(database_urls.admin)) as admin:
        # Hold both where they are, after they have counted the owners.
        admin.execute("select from spaces_grant for update")
        both = [
            asyncio.ensure_future(home.as_owner.delete(f"{grants}/{home.owner.id}")),
            asyncio.ensure_future(home.as_editor.delete(f"{grants}/{home.editor.id}")),
        ]
        await asyncio.sleep(0.5)
        admin.rollback()
        answers = await asyncio.gather(*both)
    assert sorted(each.status_code for each in answers) == [204, 409]
    with psycopg.connect(libpq(database_urls.admin)) as admin:
        left = admin.execute("select count(*) from spaces_grant where role = 'owner'").fetchone()
    assert left == (1,)


async def test_a_mailbox_is_not_filled_with_invitations(home: Household) -> None:
    offers = f"{V1}/spaces/{home.id}/invitations"
    body = {"role": "viewer", "email": "victim@example.org"}
    answers = [await home.owner.client.post(offers, json=body) for _ in range(3)]
    assert [each.status_code for each in answers] == [201, 201, 201]
    more = await home.owner.client.post(offers, json={**body, "email": "Victim@example.org"})
    assert (more.status_code, more.json()["code"]) == (429, "too_many_attempts")
    verse = await shelf(home.as_owner, "Verse")
    path = f"{V1}/collections/{verse}/invitations"
    assert (await home.as_owner.post(path, json=body)).status_code == 429
    assert len((await home.owner.client.get(offers)).json()) == 2 + 3
    other = {**body, "email": "other@example.org"}
    assert (await home.owner.client.post(offers, json=other)).status_code == 201
    # Whoever may not invite at all counts for nobody.
    for _ in range(4):
        refused = await home.editor.client.post(offers, json={**body, "email": "x@example.org"})
        assert refused.status_code == 403
    spared = await home.owner.client.post(offers, json={**body, "email": "x@example.org"})
    assert spared.status_code == 201


async def test_one_person_does_not_write_to_everybody(home: Household) -> None:
    offers = f"{V1}/spaces/{home.id}/invitations"
    codes = [
        (
            await home.owner.client.post(
                offers, json={"role": "viewer", "email": f"victim{at}@example.org"}
            )
        ).status_code
        for at in range(21)
    ]
    assert codes == [201] * 20 + [429]


async def test_names_in_an_invitations_letter_are_names_only(house: House, home: Household) -> None:
    evil = "\u202ePrize! https://evil.example/claim www.evil.example"
    await home.owner.client.patch(f"{V1}/me", json={"display_name": evil})
    renamed = await home.owner.client.patch(
        f"{V1}/spaces/{home.id}", json={"name": evil + "x" * 140}
    )
    assert renamed.status_code == 200, renamed.text
    body = {"role": "viewer", "email": home.stranger.email}
    offered = await made(home.owner.client, f"/spaces/{home.id}/invitations", **body)
    sent = await house.get(InvitationLetters).send(UUID(home.id), UUID(offered["id"]))
    assert sent == {"sent": True}
    (file,) = house.settings.mail_folder.glob("*.eml")
    text = file.read_text()
    assert "Prize" in text
    for linked in ("https://evil", "evil.example", "\u202e", "=E2=80=AE", "=?utf-8?q?=E2=80=AE"):
        assert linked.lower() not in text.lower(), linked


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("The Lovelaces", "The Lovelaces"),
        ("St.\u00a0John & Söhne 3.5", "St. John & Söhne 3.5"),
        ("\u202egnp.exe\u2066\u200b\x07", "gnp. exe"),
        ("see http:// evil.example", "see http: evil. example"),
        ("HTTPS:////1.2.3.4/x", "HTTPS: 1.2.3.4/x"),
        ("a@evil\u3002example", "a@evil. example"),
        ("💩.example e.\u200dv", "💩. example e. \u200dv"),
        ("👩\u200d🎨 \u0645\u06cc\u200c\u062e\u0648", "👩\u200d🎨 \u0645\u06cc\u200c\u062e\u0648"),
        ("n" * 61, "n" * 59 + "…"),
    ],
)
def test_a_name_is_made_inert(name: str, shown: str) -> None:
    assert inert(name) == shown


def test_no_value_of_a_letter_turns_its_lines_around() -> None:
    letter = compose(
        "new_login",
        to="ada@example.org",
        site_url="https://a.example",
        device="\u202eFire\nfox",
        place="::1",
        at="now",
    )
    assert "\u202e" not in letter.text
    assert "Fire fox" in letter.text


async def test_a_guest_does_not_learn_how_much_a_space_holds(home: Household) -> None:
    verse = await shelf(home.as_owner, "Verse")
    await invite(home.as_owner, home.stranger, f"{V1}/collections/{verse}/invitations", "owner")
    usage = f"{V1}/spaces/{home.id}/usage"
    refused = await home.as_stranger.get(usage)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_for_guests")
    assert (await home.as_viewer.get(usage)).status_code == 200


async def test_nobody_is_let_into_a_space_in_the_trash(app: FastAPI, home: Household) -> None:
    offers = f"/spaces/{home.id}/invitations"
    early = await made(home.owner.client, offers, role="owner")
    mailed = await made(home.owner.client, offers, role="owner", email=home.stranger.email)
    assert (await home.owner.client.delete(f"{V1}/spaces/{home.id}")).status_code == 204
    late = await home.owner.client.post(V1 + offers, json={"role": "owner"})
    assert (late.status_code, late.json()["code"]) == (404, "no_such_space")
    assert (await taken(home.stranger.client, early["token"])).status_code == 404
    by_id = {"invitation_id": mailed["id"]}
    answer = await home.stranger.client.post(f"{V1}/invitations/accept", json=by_id)
    assert answer.status_code == 404
    restore = f"{V1}/spaces/{home.id}/restore"
    assert (await home.stranger.client.post(restore)).status_code == 404
    assert (await home.owner.client.post(restore)).status_code == 200
    assert (await taken(home.stranger.client, early["token"])).status_code == 200


async def test_only_owners_put_things_on_a_public_page(
    app: FastAPI, home: Household, nobody: AsyncClient
) -> None:
    owner = home.owner
    profile = {"handle": "ada-l", "display_name": "Ada", "is_public": True}
    assert (await owner.client.put(f"{V1}/profile", json=profile)).status_code == 200
    await invite(owner.client, home.editor, f"{V1}/spaces/{owner.id}/invitations", "editor")
    async with acting(app, home.editor, str(owner.id)) as editor:
        body = {"name": "Shown", "visibility": "public"}
        refused = await editor.post(f"{V1}/collections", json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_an_owner")
        room = await shelf(editor, "Mine", "private")
        path = f"{V1}/collections/{room}"
        assert (await editor.patch(path, json={"visibility": "public"})).status_code == 403
        assert (await editor.patch(path, json={"visibility": "space"})).status_code == 200
        assert (await editor.patch(path, json={"visibility": "public"})).status_code == 403
    assert (await nobody.get(f"{V1}/people/ada-l")).json()["collections"] == []
    await shelf(owner.client, "Shown", "public")
    assert len((await nobody.get(f"{V1}/people/ada-l")).json()["collections"]) == 1
