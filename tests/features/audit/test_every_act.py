"""Every act that the audit log knows, done by its door: who did it, in whose space, and once."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from armarium.entry.wiring import House
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, AuditLog
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support import acts_of_people, acts_of_spaces
from tests.support.acts import ACTS, Stage
from tests.support.api import Person, make_house, register, running_app
from tests.support.oidc_provider import OidcProvider, oidc_provider, provider_settings
from tests.support.post import post_of

LONG_AGO = timedelta(days=40)


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


ROWS = (acts_of_people, acts_of_spaces)
"""Where the table is written."""


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
