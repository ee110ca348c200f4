"""What people and administrators do with accounts, and what the audit log says of it."""

from datetime import timedelta
from typing import Any

import time_machine

from armarium.features.accounts import Registration, SigningKeys
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditLog
from tests.features.accounts.test_factors import SECOND, add_passkey, challenge_of, turn_on
from tests.support.acts import Stage, done, tells
from tests.support.api import PASSWORD
from tests.support.issuing import REDIRECT, code_of, trade
from tests.support.items import EMMA
from tests.support.outside import log_in, visit

V1 = "/api/v1"
AUTH, ME, USERS = f"{V1}/auth", f"{V1}/me", f"{V1}/admin/users"
NEW = "Cabinet-1901!"


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
    entry = await at.expect(Action.PROFILE_CHANGED, **whose, changed="display_name")
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
    assert await at.house.get(AuditLog).purge(now() - timedelta(days=20)) == 1
    await at.expect(Action.AUDIT_PURGED, by=None, removed=1)
