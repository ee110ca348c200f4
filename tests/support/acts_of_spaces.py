"""What is done in and with spaces, catalogues and jobs, and what the audit log says of it."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import time_machine

from armarium.features.catalogue import CatalogueImporter, ImportOptions
from armarium.features.collection import TrashPurge
from armarium.features.operations import AccountErasure
from armarium.features.spaces import SpaceKeeper
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.events import Events
from armarium.platform.workflows import Flows
from tests.support.acts import Stage, done, tells
from tests.support.api import PASSWORD
from tests.support.items import CHARIZARD, EMMA, add_item
from tests.support.media import send_picture
from tests.support.sharing import acting, invite
from tests.support.workflows import running_worker

V1 = "/api/v1"
AUTH, ME = f"{V1}/auth", f"{V1}/me"
BYTES = {"Content-Type": "application/octet-stream"}


def write_shelf(folder: Path) -> Path:
    file = folder / "shelf.csv"
    file.write_text("title,author\nEmma,Jane Austen\n")
    return file


@tells(
    Action.SPACE_CREATED,
    Action.SPACE_CHANGED,
    Action.MEMBER_INVITED,
    Action.MEMBER_INVITATION_REVOKED,
    Action.MEMBER_ADDED,
    Action.MEMBER_CHANGED,
    Action.MEMBER_REMOVED,
    Action.SPACE_DELETED,
    Action.ERASED,
    Action.KEY_SHREDDED,
)
async def a_space_lives_and_ends(at: Stage) -> None:
    ada, bea = await at.person(), await at.person()
    made = done(await ada.client.post(f"{V1}/spaces", json={"kind": "shop", "name": "Rare & Co"}))
    path, whose = f"{V1}/spaces/{made['id']}", {"by": ada, "space": made["id"]}
    await at.expect(Action.SPACE_CREATED, **whose)
    done(await ada.client.patch(path, json={"name": "Very rare"}))
    await at.expect(Action.SPACE_CHANGED, **whose, changed=["name"])
    offered = done(await ada.client.post(f"{path}/invitations", json={"role": "viewer"}))
    await at.expect(Action.MEMBER_INVITED, **whose)
    done(await ada.client.delete(f"{path}/invitations/{offered['id']}"))
    await at.expect(Action.MEMBER_INVITATION_REVOKED, **whose)
    await invite(ada.client, bea, f"{path}/invitations")
    await at.expect(Action.MEMBER_ADDED, by=bea, space=made["id"])
    done(await ada.client.patch(f"{path}/members/{bea.id}", json={"role": "editor"}))
    await at.expect(Action.MEMBER_CHANGED, **whose, role=["viewer", "editor"])
    done(await ada.client.delete(f"{path}/members/{bea.id}"))
    await at.expect(Action.MEMBER_REMOVED, **whose, role="editor")
    async with acting(at.app, ada, made["id"]) as inside:
        item = await add_item(inside, EMMA)
        private = f"{V1}/items/{item['id']}/private"
        first = {"If-Match": '"0"'}
        done(await inside.put(private, json={"storage_place": "Safe"}, headers=first))
    done(await ada.client.delete(path))
    await at.expect(Action.SPACE_DELETED, **whose)
    assert await at.house.get(SpaceKeeper).erase(UUID(made["id"]), grace=timedelta())
    shredded = await at.expect(Action.KEY_SHREDDED, by=None, keys=1)
    erased = await at.expect(Action.ERASED, by=None)
    assert shredded["target_id"] == erased["target_id"] == made["id"]


@tells(
    Action.VISIBILITY_CHANGED,
    Action.COLLECTION_DELETED,
    Action.GRANTED,
    Action.GRANT_CHANGED,
    Action.GRANT_REVOKED,
    Action.SHARE_MADE,
    Action.SHARE_WITH_PRICES,
    Action.SHARE_REVOKED,
    Action.PROFILE_PUBLISHED,
    Action.PROFILE_HIDDEN,
)
async def somebody_shares(at: Stage) -> None:
    ada, bea = await at.person(), await at.person()
    whose = {"by": ada, "space": ada}
    shelf = done(await ada.client.post(f"{V1}/collections", json={"name": "Secret"}))["id"]
    path = f"{V1}/collections/{shelf}"
    for change in ({"visibility": "public"}, {"name": "Still secret"}):
        done(await ada.client.patch(path, json=change))
    await at.expect(Action.VISIBILITY_CHANGED, **whose, visibility=["space", "public"])
    assert await at.count(Action.VISIBILITY_CHANGED) == 0
    await invite(ada.client, bea, f"{path}/invitations")
    await at.expect(Action.GRANTED, by=bea, space=ada)
    grant = f"{path}/grants/{bea.id}"
    done(await ada.client.put(grant, json={"role": "editor", "sees_money": False}))
    await at.expect(Action.GRANT_CHANGED, **whose, user=str(bea.id), role="editor")
    done(await ada.client.delete(grant))
    await at.expect(Action.GRANT_REVOKED, **whose)
    body = {"target": "collection", "target_id": shelf, "with_prices": True}
    link = done(await ada.client.post(f"{V1}/shares", json=body))
    await at.expect(Action.SHARE_MADE, **whose)
    await at.expect(Action.SHARE_WITH_PRICES, **whose)
    done(await ada.client.delete(f"{V1}/shares/{link['id']}"))
    await at.expect(Action.SHARE_REVOKED, **whose)
    done(await ada.client.delete(path))
    await at.expect(Action.COLLECTION_DELETED, **whose, visibility="public")
    profile = {"handle": f"ada-{ada.id.hex[-8:]}", "display_name": "Ada", "about": ""}
    for is_public in (True, False):
        done(await ada.client.put(f"{V1}/profile", json={**profile, "is_public": is_public}))
    await at.expect(Action.PROFILE_PUBLISHED, **whose)
    await at.expect(Action.PROFILE_HIDDEN, **whose)
    assert "ecret" not in str(at.entries)
    assert link["token"] not in str(at.entries)


@tells(Action.EXPORTED, Action.ITEMS_DELETED, Action.STORAGE_REPAIRED)
async def items_leave_and_go(at: Stage) -> None:
    ada = await at.person()
    await at.forget()
    whose, client = {"by": ada, "space": ada}, ada.client
    ids = [(await add_item(client, CHARIZARD, tags=["Stolen"]))["id"] for _ in range(6)]
    asked = {"kind": "card", "tag": "Stolen", "creator": "Mitsuhiro"}
    for form in ("csv", "json"):
        assert (await client.get(f"{V1}/export/{form}", params=asked)).is_success
        told = {"format": form, "count": 6, "kinds": "card", "also_by": "creator, tags"}
        entry = await at.expect(Action.EXPORTED, **whose, **told)
        assert "tolen" not in str(entry)
    deleted = Action.ITEMS_DELETED
    done(await client.delete(f"{V1}/items/{ids[0]}"))
    assert await at.count(deleted) == 0, "one in the trash has its own history"
    done(await client.delete(f"{V1}/items/{ids[0]}", params={"permanently": True}))
    entry = await at.expect(deleted, **whose, how="for_good", count=1)
    assert entry["target_id"] == ids[0]
    done(await client.post(f"{V1}/items/bulk", json={"ids": ids[1:4], "action": "trash"}))
    await at.expect(deleted, **whose, how="trashed", count=3)
    done(await client.post(f"{V1}/items/trash/empty"))
    await at.expect(deleted, **whose, how="trash_emptied", count=3)
    for each in ids[4:]:
        done(await client.delete(f"{V1}/items/{each}"))
    with time_machine.travel(now() + timedelta(days=31)):
        assert await at.house.get(TrashPurge).purge(ada.id) == 2
    await at.expect(deleted, by=None, space=ada, how="kept_long_enough", count=2)
    assert await at.count(deleted) == 0
    await send_picture(client)
    folder = at.house.settings.data / "blobs" / str(ada.id)
    (folder / "stranger.jpg").write_bytes(b"?")
    # Two days on nobody is logged in any more.
    session = {"email": ada.email, "password": PASSWORD}
    with time_machine.travel(now() + timedelta(days=2)):
        async with at.visitor() as visitor:
            token = done(await visitor.post(f"{AUTH}/login", json=session))["access_token"]
            bearer = {"Authorization": f"Bearer {token}"}
            for repaired in (1, 0):
                answer = await visitor.post(f"{V1}/storage/repair", headers=bearer)
                assert done(answer)["repaired"] == repaired
    await at.expect(Action.STORAGE_REPAIRED, **whose, count=1)
    assert await at.count(Action.STORAGE_REPAIRED) == 0


@tells(Action.DELETION_REQUESTED, Action.DELETION_CANCELLED, Action.DELETED)
async def somebody_leaves_for_good(at: Stage) -> None:
    ada = await at.person()
    login = {"email": ada.email, "password": PASSWORD}
    done(await ada.client.post(f"{ME}/deletion"))
    await at.expect(Action.DELETION_REQUESTED, by=ada, space=ada)
    async with at.visitor() as visitor:
        token = done(await visitor.post(f"{AUTH}/login", json=login))["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        done(await visitor.delete(f"{ME}/deletion", headers=bearer))
        await at.expect(Action.DELETION_CANCELLED, by=ada, space=ada)
        done(await visitor.post(f"{ME}/deletion", headers=bearer))
    with time_machine.travel(now() + timedelta(days=15)):
        assert (await at.house.get(AccountErasure).erase(ada.id))["erased"]
    gone = await at.expect(Action.DELETED, by=None)
    assert gone["target_id"] == str(ada.id)


@tells(Action.CATALOGUE_IMPORTED, Action.CATALOGUE_REMOVED)
async def a_catalogue_comes_at_the_command_line_and_goes(at: Stage) -> None:
    file = write_shelf(at.house.settings.data)
    options = ImportOptions(path=file, format="csv", slug="shelf", kind="book")
    await at.house.get(CatalogueImporter).run(options)
    told = {"catalogue": "shelf", "format": "csv", "entries": 1}
    await at.expect(Action.CATALOGUE_IMPORTED, by=None, **told)
    done(await at.admin.client.delete(f"{V1}/catalogues/shelf"))
    await at.expect(Action.CATALOGUE_REMOVED, by=at.admin, catalogue="shelf", entries=1)


@tells(
    Action.CATALOGUE_IMPORTED,
    Action.EXPORTED,
    Action.IMPORTED,
    Action.JOB_REDRIVEN,
    Action.JOB_DISMISSED,
)
async def the_worker_does_what_was_asked(at: Stage) -> None:
    ada, admin, house = await at.person(), at.admin.client, at.house
    whose, letters = {"by": ada, "space": ada}, f"{V1}/dead-letters"
    flows, events = house.get(Flows), house.get(Events)
    async with running_worker(house.urls, flows, house.database, events=events) as worker:
        sent = {"files": {"file": ("shelf.csv", b"title\nEmma\n")}, "data": {"format": "csv"}}
        job = done(await admin.post(f"{V1}/catalogues/imports", **sent))["job_id"]
        assert (await worker.finish(job)).status == "done"
        await at.expect(Action.CATALOGUE_IMPORTED, by=at.admin, format="csv", read=1)
        made = done(await ada.client.post(f"{ME}/archives"))["id"]
        await at.expect(Action.EXPORTED, **whose)
        await worker.finish(f"archive:{made}")
        link = done(await ada.client.post(f"{ME}/archives/{made}/link"))["url"]
        archive = (await ada.client.get(link)).content
        job = done(await ada.client.post(f"{ME}/imports", content=archive, headers=BYTES))["id"]
        assert (await worker.finish(job)).status == "done"
        await at.expect(Action.IMPORTED, **whose)
        job = done(await ada.client.post(f"{ME}/imports", content=b"none", headers=BYTES))["id"]
        assert (await worker.finish(job)).status == "failed"
        told = {"count": 1, "names": "BringArchive"}
        done(await ada.client.post(f"{letters}/{job}/redrive"))
        entry = await at.expect(Action.JOB_REDRIVEN, **whose, **told)
        assert entry["target_id"] == job
        await worker.idle()
        done(await admin.post(f"{letters}/redrive", params={"name": "BringArchive"}))
        await at.expect(Action.JOB_REDRIVEN, by=at.admin, space=ada, **told)
        await worker.idle()
        done(await admin.delete(f"{letters}/{job}"))
        await at.expect(Action.JOB_DISMISSED, by=at.admin, space=ada, **told)
