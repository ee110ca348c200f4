"""A browser's tokens: out of reach of scripts, and of other sites."""

import secrets

from fastapi import Request, Response

from armarium.platform.http.access import (
    ACCESS_COOKIE,
    CSRF_COOKIE,
    REFRESH_COOKIE,
    assert_same_site,
)

ACCESS_PATH = "/api"
REFRESH_PATH = "/api/v1/auth"


def set_session_cookies(
    request: Request,
    response: Response,
    *,
    access_token: str,
    access_seconds: int,
    refresh_token: str,
    refresh_seconds: int,
) -> None:
    """Keep the pair in HttpOnly cookies, beside a readable token for double submission."""
    for name, value, path, seconds in (
        (ACCESS_COOKIE, access_token, ACCESS_PATH, access_seconds),
        (REFRESH_COOKIE, refresh_token, REFRESH_PATH, refresh_seconds),
        (CSRF_COOKIE, secrets.token_urlsafe(24), "/", refresh_seconds),
    ):
        _set(request, response, name, value, path=path, seconds=seconds)


def set_access_cookie(request: Request, response: Response, token: str, seconds: int) -> None:
    """Let the browser act with this token for a while; its refresh token stays as it is."""
    _set(request, response, ACCESS_COOKIE, token, path=ACCESS_PATH, seconds=seconds)


def _set(
    request: Request, response: Response, name: str, value: str, *, path: str, seconds: int
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=request.url.scheme == "https",
        httponly=name != CSRF_COOKIE,
        samesite="strict",
    )


def clear_access_cookie(response: Response) -> None:
    """Forget that token, so that the next request falls back on the refresh token."""
    response.delete_cookie(ACCESS_COOKIE, path=ACCESS_PATH, httponly=True, samesite="strict")


def clear_session_cookies(response: Response) -> None:
    """Forget the browser's tokens."""
    for name, path in (
        (ACCESS_COOKIE, ACCESS_PATH),
        (REFRESH_COOKIE, REFRESH_PATH),
        (CSRF_COOKIE, "/"),
    ):
        response.delete_cookie(name, path=path, httponly=name != CSRF_COOKIE, samesite="strict")


def refresh_cookie(request: Request) -> str | None:
    """The refresh token of a browser, from a request that this site's own page sent."""
    token = request.cookies.get(REFRESH_COOKIE)
    if token is not None:
        trusted = getattr(request.app.state, "trusted_origins", ())
        assert_same_site(request.headers, request.cookies, trusted)
    return token
