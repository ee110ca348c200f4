"""Every act that the audit log knows, done by its door: who did it, in whose space, and once."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine

from armarium.entry.wiring import House
from armarium.features.accounts import Registration, SigningKeys
from armarium.features.catalogue import CatalogueImporter, ImportOptions
from armarium.features.collection import TrashPurge
from armarium.features.operations import AccountErasure
from armarium.features.spaces import SpaceKeeper
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, AuditLog
from armarium.platform.events import Events
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from tests.features.accounts.test_factors import SECOND, add_passkey, challenge_of, turn_on
from tests.support.acts import ACTS, Stage, done, tells
from tests.support.api import PASSWORD, Person, make_house, register, running_app
from tests.support.issuing import REDIRECT, code_of, trade
from tests.support.items import CHARIZARD, EMMA, add_item
from tests.support.media import send_picture
from tests.support.oidc_provider import OidcProvider, oidc_provider, provider_settings
from tests.support.outside import log_in, visit
from tests.support.post import post_of
from tests.support.sharing import acting, invite
from tests.support.workflows import running_worker

V1 = "/api/v1"
AUTH, ME, USERS = f"{V1}/auth", f"{V1}/me", f"{V1}/admin/users"
NEW = "Cabinet-1901!"
BYTES = {"Content-Type": "application/octet-stream"}
LONG_AGO = timedelta(days=40)


def write_shelf(folder: Path) -> Path:
    file = folder / "shelf.csv"
    file.write_text("title,author\nEmma,Jane Austen\n")
    return file


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with oidc_provider() as running:
        yield running


@pytest.fixture(scope="module")
async def opened(
    module_database_urls: DatabaseUrls,
    tmp_path_factory: pytest.TempPathFactory,
    provider: OidcProvider,
) -> AsyncIterator[tuple[Any, House, Person]]:
    """One house; its log begins with something old."""
    house = make_house(
        module_database_urls,
        tmp_path_factory.mktemp("house"),
        identity_providers={"test": provider_settings(provider)},
    )
    with time_machine.travel(now() - LONG_AGO):
        await house.get(AuditLog).write(AuditEntry(action=Action.LOGIN, actor=None))
    async with running_app(house) as app:
        yield app, house, await register(app)


@pytest.fixture
def stage(opened: tuple[Any, House, Person], provider: OidcProvider) -> Iterator[Stage]:
    app, house, admin = opened
    with post_of(house) as post:
        yield Stage(app, house, admin, post, provider)


@tells(
    Action.INVITED,
    Action.INVITATION_REVOKED,
    Action.REGISTERED,
    Action.INVITATION_ACCEPTED,
)
async def somebody_is_invited_to_the_server(at: Stage) -> None:
    invitations = f"{V1}/admin/invitations"
    first = done(await at.admin.client.post(invitations, json={}))
    await at.expect(Action.INVITED, by=at.admin, space=at.admin)
    done(await at.admin.client.delete(f"{invitations}/{first['invitation']['id']}"))
    await at.expect(Action.INVITATION_REVOKED, by=at.admin, space=at.admin)
    second = done(await at.admin.client.post(invitations, json={}))
    body = {"email": "joined@example.org", "password": PASSWORD, "invitation": second["token"]}
    registration = at.house.get(Registration)
    registration._mode = "invite"
    async with at.visitor() as visitor:
        done(await visitor.post(f"{AUTH}/register", json=body))
    registration._mode = "open"
    (joined,) = done(await at.admin.client.get(USERS, params={"q": "joined@"}))
    await at.expect(Action.REGISTERED, by=joined["id"], space=joined["id"])
    await at.expect(Action.INVITATION_ACCEPTED, by=joined["id"], space=joined["id"])
    assert second["token"] not in str(at.entries)


@tells(Action.LOGIN, Action.LOGOUT, Action.SESSION_REVOKED, Action.REFRESH_REUSED)
async def a_session_begins_and_ends(at: Stage) -> None:
    ada = await at.person()
    await at.forget()
    login = {"email": ada.email, "password": PASSWORD}
    async with at.visitor() as visitor:
        tokens = done(await visitor.post(f"{AUTH}/login", json=login))
        begun = await at.expect(Action.LOGIN, by=ada, space=ada, method="password")
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        for _ in range(2):  # the second one ends nothing, and says nothing
            await visitor.post(f"{AUTH}/logout", headers=bearer)
        ended = await at.expect(Action.LOGOUT, by=ada, space=ada, method="password")
        assert ended["target_id"] == begun["target_id"]
        assert await at.count(Action.LOGOUT) == 0
        done(await visitor.post(f"{AUTH}/login", json=login))
        done(await ada.client.delete(f"{ME}/sessions"))
        await at.expect(Action.SESSION_REVOKED, by=ada, space=ada)
        tokens = done(await visitor.post(f"{AUTH}/login", json=login))
        spent = token = tokens["refresh_token"]
        for _ in range(2):
            answer = await visitor.post(f"{AUTH}/refresh", json={"refresh_token": token})
            token = done(answer)["refresh_token"]
        await visitor.post(f"{AUTH}/refresh", json={"refresh_token": spent})
        await at.expect(Action.REFRESH_REUSED, by=ada, space=ada)


@tells(Action.LOGIN_FAILED, Action.LOCKED)
async def somebody_guesses(at: Stage) -> None:
    ada = await at.person()
    wrong = {"email": ada.email, "password": "Wrong-1867"}
    async with at.visitor() as visitor:
        answers = [await visitor.post(f"{AUTH}/login", json=wrong) for _ in range(8)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 3
        failed = await at.expect(Action.LOGIN_FAILED, by=None, method="password")
        assert failed["target_id"] == str(ada.id)
        locked = await at.expect(Action.LOCKED, by=None, space=ada, guards="password")
        assert (locked["target_id"], locked["ip"]) == (str(ada.id), "127.0.0.1")
        # More attempts after each wait are more of the same wait.
        for minutes in (1, 3, 8):
            with time_machine.travel(now() + timedelta(minutes=minutes)):
                assert (await visitor.post(f"{AUTH}/login", json=wrong)).status_code == 401
    assert await at.count(Action.LOCKED) == 0
    read = done(await ada.client.get(f"{V1}/audit", params={"action": "auth.locked"}))
    assert [each["target_id"] for each in read] == [str(ada.id)]


@tells(
    Action.PROFILE_CHANGED,
    Action.PASSWORD_CHANGED,
    Action.PASSWORD_RESET_REQUESTED,
    Action.PASSWORD_RESET,
    Action.EMAIL_CHANGE_REQUESTED,
    Action.EMAIL_CHANGED,
    Action.EMAIL_VERIFIED,
)
async def somebody_changes_their_account(at: Stage) -> None:
    ada = await at.person()
    whose = {"by": ada, "space": ada}
    for _ in range(2):  # what stays as it was is no change
        done(await ada.client.patch(ME, json={"display_name": "Augusta"}))
    entry = await at.expect(Action.PROFILE_CHANGED, **whose, changed=["display_name"])
    assert "Augusta" not in str(entry)
    assert await at.count(Action.PROFILE_CHANGED) == 0
    body = {"current_password": PASSWORD, "new_password": NEW}
    done(await ada.client.post(f"{ME}/password", json=body))
    await at.expect(Action.PASSWORD_CHANGED, **whose)
    await at.post.fetch()
    done(await ada.client.post(f"{ME}/email/verification"))
    async with at.visitor() as visitor:
        token = await at.post.token(ada.email)
        done(await visitor.post(f"{AUTH}/email/verify", json={"token": token}))
        await at.expect(Action.EMAIL_VERIFIED, **whose)
        done(await ada.client.post(f"{ME}/email", json={"email": "augusta@example.org"}))
        await at.expect(Action.EMAIL_CHANGE_REQUESTED, **whose)
        token = await at.post.token("augusta@example.org")
        done(await visitor.post(f"{AUTH}/email/confirm", json={"token": token}))
        await at.expect(Action.EMAIL_CHANGED, **whose)
        await at.post.fetch()
        done(await visitor.post(f"{AUTH}/password-reset", json={"email": "augusta@example.org"}))
        # Anybody may ask, so it is nobody's act.
        asked = await at.expect(Action.PASSWORD_RESET_REQUESTED, by=None)
        assert asked["target_id"] == str(ada.id)
        token = await at.post.token("augusta@example.org")
        body = {"token": token, "new_password": PASSWORD}
        done(await visitor.post(f"{AUTH}/password-reset/confirm", json=body))
        await at.expect(Action.PASSWORD_RESET, **whose)
        assert token not in str(at.entries)


@tells(
    Action.SECOND_FACTOR_ADDED,
    Action.RECOVERY_CODES_MADE,
    Action.SECOND_FACTOR_FAILED,
    Action.RECOVERY_CODE_USED,
    Action.SECOND_FACTOR_REMOVED,
    Action.PASSKEY_ADDED,
    Action.PASSKEY_REMOVED,
)
async def somebody_uses_second_factors(at: Stage) -> None:
    ada = await at.person()
    whose = {"by": ada, "space": ada}
    _app, codes = await turn_on(ada)
    await at.expect(Action.SECOND_FACTOR_ADDED, **whose)
    done(await ada.client.post(f"{ME}/second-factors/recovery-codes"))
    await at.expect(Action.RECOVERY_CODES_MADE, **whose)
    codes = done(await ada.client.post(f"{ME}/second-factors/recovery-codes"))["recovery_codes"]
    async with at.visitor() as visitor:
        asked = (await challenge_of(visitor, ada))["challenge"]
        await visitor.post(SECOND, json={"challenge": asked, "code": "000000"})
        await at.expect(Action.SECOND_FACTOR_FAILED, by=None)
        done(await visitor.post(SECOND, json={"challenge": asked, "recovery_code": codes[0]}))
        await at.expect(Action.RECOVERY_CODE_USED, **whose)
        for _ in range(5):
            asked = (await challenge_of(visitor, ada))["challenge"]
            await visitor.post(SECOND, json={"challenge": asked, "code": "000000"})
    await at.expect(Action.LOCKED, by=None, space=ada, guards="second_factor")
    at.told.discard(Action.LOCKED)  # of another row
    done(await ada.client.delete(f"{ME}/second-factors/totp"))
    await at.expect(Action.SECOND_FACTOR_REMOVED, **whose)
    assert codes[0] not in str(at.entries)
    _key, made = await add_passkey(ada)
    await at.expect(Action.PASSKEY_ADDED, **whose)
    done(await ada.client.delete(f"{ME}/passkeys/{made['passkey']['id']}"))
    await at.expect(Action.PASSKEY_REMOVED, **whose)


@tells(
    Action.API_KEY_MADE,
    Action.API_KEY_REVOKED,
    Action.CLIENT_REGISTERED,
    Action.CLIENT_REMOVED,
    Action.CONSENT_GIVEN,
    Action.CONSENT_REVOKED,
)
async def somebody_lets_programs_in(at: Stage) -> None:
    ada = await at.person()
    whose = {"by": ada, "space": ada}
    body = {"name": "robot", "scopes": ["items:read"]}
    made = done(await ada.client.post(f"{ME}/api-keys", json=body))
    await at.expect(Action.API_KEY_MADE, **whose)
    done(await ada.client.delete(f"{ME}/api-keys/{made['api_key']['id']}"))
    await at.expect(Action.API_KEY_REVOKED, **whose)
    body = {"name": "A program", "redirect_uris": [REDIRECT]}
    program = done(await ada.client.post(f"{ME}/clients", json=body))["client_id"]
    await at.expect(Action.CLIENT_REGISTERED, **whose)
    async with at.visitor() as client:
        tokens = done(await trade(client, program, await code_of(ada, program)))
    await at.expect(Action.CONSENT_GIVEN, **whose)
    done(await ada.client.delete(f"{ME}/programs/{program}"))
    await at.expect(Action.CONSENT_REVOKED, **whose)
    done(await ada.client.delete(f"{ME}/clients/{program}"))
    await at.expect(Action.CLIENT_REMOVED, **whose)
    for secret in (made["secret"], tokens["access_token"], tokens["refresh_token"]):
        assert secret not in str(at.entries)


@tells(Action.OUTSIDE_LINKED, Action.OUTSIDE_LOGIN, Action.OUTSIDE_UNLINKED)
async def somebody_comes_by_a_provider(at: Stage) -> None:
    ada = await at.person()
    await at.forget()
    at.provider.be_honest()
    started = done(await ada.client.post(f"{ME}/identities/test/link"))
    await ada.client.get(await visit(started["redirect_to"]))
    await at.expect(Action.OUTSIDE_LINKED, by=ada, space=ada, provider="test")
    async with at.visitor() as browser:
        await log_in(browser)
    await at.expect(Action.OUTSIDE_LOGIN, by=ada, space=ada, method="outside:test")
    assert await at.count(Action.LOGIN) == 0
    (linked,) = done(await ada.client.get(f"{ME}/identities"))
    done(await ada.client.delete(f"{ME}/identities/{linked['id']}"))
    await at.expect(Action.OUTSIDE_UNLINKED, by=ada, space=ada)


@tells(
    Action.ROLE_CHANGED,
    Action.DISABLED,
    Action.ENABLED,
    Action.QUOTA_CHANGED,
    Action.IMPERSONATION_STARTED,
    Action.IMPERSONATED,
    Action.IMPERSONATION_ENDED,
    Action.EXPORTED,
    Action.AUDIT_EXPORTED,
    Action.AUDIT_PURGED,
    Action.KEYS_ROTATED,
)
async def an_administrator_acts(at: Stage) -> None:
    ada, admin = await at.person(), at.admin.client
    done(await admin.put(f"{USERS}/{ada.id}/role", json={"role": "moderator"}))
    await at.expect(Action.ROLE_CHANGED, by=at.admin, space=ada)
    done(await admin.put(f"{V1}/admin/spaces/{ada.id}/quota", json={"items": 5}))
    await at.expect(Action.QUOTA_CHANGED, by=at.admin, space=ada)
    begun = done(await admin.post(f"{USERS}/{ada.id}/impersonate"))
    await at.expect(Action.IMPERSONATION_STARTED, by=at.admin, space=ada, impersonator=at.admin)
    as_ada = {"Authorization": f"Bearer {begun['access_token']}"}
    async with at.visitor() as tab:
        assert (await tab.get(f"{V1}/export/csv", headers=as_ada)).is_success
        whose: dict[str, Any] = {"by": ada, "space": ada, "impersonator": at.admin}
        await at.expect(Action.EXPORTED, **whose, format="csv", count=0)
        done(await tab.post(f"{V1}/items", json=EMMA, headers=as_ada))
        await at.expect(Action.IMPERSONATED, **whose)
        done(await tab.delete(f"{ME}/impersonation", headers=as_ada))
    await at.expect(Action.IMPERSONATION_ENDED, by=at.admin, space=ada, impersonator=at.admin)
    done(await admin.post(f"{USERS}/{ada.id}/disable"))
    await at.expect(Action.DISABLED, by=at.admin, space=ada)
    done(await admin.post(f"{USERS}/{ada.id}/enable"))
    await at.expect(Action.ENABLED, by=at.admin, space=ada)
    asked = {"format": "jsonl", "action": "data", "actor": str(ada.id)}
    assert (await admin.get(f"{V1}/admin/audit/export", params=asked)).is_success
    assert (await at.expect(Action.AUDIT_EXPORTED, by=at.admin))["detail"] == asked
    await at.house.get(SigningKeys).rotate()
    await at.expect(Action.KEYS_ROTATED, by=None)
    assert await at.house.get(AuditLog).purge(now() - LONG_AGO / 2) == 1
    await at.expect(Action.AUDIT_PURGED, by=None, removed=1)


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
    asked = {"kind": "card", "tag": "Stolen"}
    for form in ("csv", "json"):
        assert (await client.get(f"{V1}/export/{form}", params=asked)).is_success
        told = {"format": form, "count": 6, "kinds": ["card"], "also_by": ["tags"]}
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
        told = {"count": 1, "names": ["BringArchive"]}
        done(await ada.client.post(f"{letters}/{job}/redrive"))
        entry = await at.expect(Action.JOB_REDRIVEN, **whose, **told)
        assert entry["target_id"] == job
        await worker.idle()
        done(await admin.post(f"{letters}/redrive", params={"name": "BringArchive"}))
        await at.expect(Action.JOB_REDRIVEN, by=at.admin, space=ada, **told)
        await worker.idle()
        done(await admin.delete(f"{letters}/{job}"))
        await at.expect(Action.JOB_DISMISSED, by=at.admin, space=ada, **told)


def test_every_action_is_done_by_some_act() -> None:
    assert {each.value for each in Action} == {
        each.value for _, actions in ACTS.values() for each in actions
    }


@pytest.mark.parametrize("name", ACTS)
async def test_the_log_tells_who_did_what_in_whose_space(stage: Stage, name: str) -> None:
    act, actions = ACTS[name]
    await stage.forget()
    await act(stage)
    assert stage.told == actions
    assert (await stage.house.get(AuditLog).verify()).is_whole
