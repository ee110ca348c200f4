"""The HTTP pipe: who calls, what a refusal looks like, lists, versions, one-time creates.

Rooms import from here in `routes.py` only; `entry/api.py` installs the middleware.
"""

from armarium.platform.http.access import (
    Authentication,
    Authenticator,
    current_principal,
    is_public,
    optional_principal,
    principal_again,
    public,
)
from armarium.platform.http.addresses import Addresses, client_address
from armarium.platform.http.cookies import (
    clear_access_cookie,
    clear_session_cookies,
    refresh_cookie,
    set_access_cookie,
    set_session_cookies,
)
from armarium.platform.http.demands import require
from armarium.platform.http.guards import Guards
from armarium.platform.http.idempotency import Idempotency, idempotent
from armarium.platform.http.limits import RateLimits
from armarium.platform.http.lists import PageQuery, page_params, set_link
from armarium.platform.http.permissions import Permission, permissions_of
from armarium.platform.http.preconditions import (
    IfMatch,
    check_version,
    etag_of,
    if_match,
    set_etag,
)
from armarium.platform.http.principal import Principal
from armarium.platform.http.problems import ProblemBody, UnexpectedErrors
from armarium.platform.http.provide import provide
from armarium.platform.http.scopes import ApiScope, MissingScope
from armarium.platform.http.timeouts import Timeouts
from armarium.platform.paging import Page, PageParams

__all__ = [
    "Addresses",
    "ApiScope",
    "Authentication",
    "Authenticator",
    "Guards",
    "Idempotency",
    "IfMatch",
    "MissingScope",
    "Page",
    "PageParams",
    "PageQuery",
    "Permission",
    "Principal",
    "ProblemBody",
    "RateLimits",
    "Timeouts",
    "UnexpectedErrors",
    "check_version",
    "clear_access_cookie",
    "clear_session_cookies",
    "client_address",
    "current_principal",
    "etag_of",
    "idempotent",
    "if_match",
    "is_public",
    "optional_principal",
    "page_params",
    "permissions_of",
    "principal_again",
    "provide",
    "public",
    "refresh_cookie",
    "require",
    "set_access_cookie",
    "set_etag",
    "set_link",
    "set_session_cookies",
]
