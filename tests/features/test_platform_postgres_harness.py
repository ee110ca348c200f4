"""The harness itself: what every other test stands on."""

from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.platform.database import Database, Scope


async def test_the_app_role_is_bound_by_row_level_security(database: Database) -> None:
    role = text(
        "select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    )
    async with database.transaction(Scope()) as session:
        row = (await session.execute(role)).one()
    assert tuple(row) == ("arm_app", False)


async def test_a_visitor_reaches_the_app(client: AsyncClient) -> None:
    answer = await client.get("/api/openapi.json")
    assert answer.status_code == 200
