"""One database, four doors: who may do what is decided by the role in the URL."""

from dataclasses import dataclass

from sqlalchemy.engine import URL, make_url

from armarium.platform.postgres.names import APP_ROLE, MIGRATOR_ROLE, WORKER_ROLE

DRIVER = "postgresql+psycopg"


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """SQLAlchemy URLs (`postgresql+psycopg://…`) of one database, one a role.

    `admin` may create roles and extensions (supervisor and `armarium migrate` only); `migrator`
    owns the tables; `app` is bound by row-level security; `worker` owns the workflow engine's
    schema.
    """

    admin: str
    migrator: str
    app: str
    worker: str

    def of_database(self, name: str) -> "DatabaseUrls":
        """The same doors of another database on the same server."""
        return DatabaseUrls(
            admin=with_database(self.admin, name),
            migrator=with_database(self.migrator, name),
            app=with_database(self.app, name),
            worker=with_database(self.worker, name),
        )


def parse(url: str) -> URL:
    """Accept `postgres://` and `postgresql://` as people write them; speak psycopg."""
    return make_url(url).set(drivername=DRIVER)


def text_of(url: URL) -> str:
    """With the password: for connecting, never for logs."""
    return url.render_as_string(hide_password=False)


def with_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return text_of(parse(url).set(database=name))


def libpq(url: str) -> str:
    """What psycopg itself and the PostgreSQL tools take: the URL without SQLAlchemy's driver.

    SQLAlchemy leaves spaces in passwords and paths as they are, which libpq refuses.
    """
    return text_of(make_url(url).set(drivername="postgresql")).replace(" ", "%20")


def role_urls(admin: str, passwords: dict[str, str | None]) -> DatabaseUrls:
    """The four doors beside `admin`; a role without a password is trusted by the server."""
    base = parse(admin)

    def door(role: str) -> str:
        # URL.set ignores None, so a password is removed by building the URL anew.
        return text_of(
            URL.create(
                DRIVER,
                username=role,
                password=passwords.get(role),
                host=base.host,
                port=base.port,
                database=base.database,
                query=base.query,
            )
        )

    return DatabaseUrls(
        admin=text_of(base),
        migrator=door(MIGRATOR_ROLE),
        app=door(APP_ROLE),
        worker=door(WORKER_ROLE),
    )
