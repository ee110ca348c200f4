from sqlalchemy import text

from armarium.platform.database import Database, Scope


async def test_the_app_role_is_bound_by_row_level_security(database: Database) -> None:
    async with database.transaction(Scope()) as session:
        row = (
            await session.execute(
                text(
                    "select current_user, rolsuper or rolbypassrls from pg_roles"
                    " where rolname = current_user"
                )
            )
        ).one()
    assert tuple(row) == ("arm_app", False)
