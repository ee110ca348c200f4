"""The plain pages of our issuer: they work without the web app and without any script."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

from armarium.features.accounts.schemas.issuing import AuthorizationOut

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}
SAID = {
    "openid": "know who you are",
    "email": "see your e-mail address",
    "profile": "see your name",
    "offline_access": "stay logged in",
    "admin": "run this server in your name",
}


def going_on(url: str) -> HTMLResponse:
    """Lead to `url` by a step of the browser's own, with which cookies for this site alone go."""
    target = escape(url, quote=True)
    return _page(
        "One moment",
        f'<p><a href="{target}">Go on</a></p>',
        head=f'<meta http-equiv="refresh" content="0; url={target}">',
    )


def log_in_first(query: str) -> HTMLResponse:
    """Somebody has to be logged in to be asked."""
    again = escape(f"/oauth/authorize?{query}", quote=True)
    return _page(
        "Log in first",
        '<p>A program asks to act for you. <a href="/login" target="_blank">Log in</a>, '
        f'then <a href="{again}">go on here</a>.</p>',
    )


def refused(detail: str) -> HTMLResponse:
    """The program cannot even be answered."""
    return _page("This does not work", f"<p>{escape(detail)}</p>", status=400)


def question(asked: AuthorizationOut, parameters: Mapping[str, str]) -> HTMLResponse:
    """Ask the person; both answers carry the parameters back."""
    wants = "".join(f"<li>{escape(said(each))}</li>" for each in asked.scopes)
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in parameters.items()
    )
    warning = (
        ""
        if asked.is_verified
        else "<p>Nobody who runs this server has vouched for it: go on only if you have just "
        "started it yourself.</p>"
    )
    return _page(
        f"{asked.name} asks to act for you",
        f"<p>You are {escape(asked.email)}. <strong>{escape(asked.name)}</strong> "
        f"({escape(asked.place)}) wants to:</p><ul>{wants}</ul>{warning}"
        f'<form method="post" action="/api/v1/me/authorization/page">{hidden}'
        '<button name="allow" value="yes">Allow</button> '
        '<button name="allow" value="no">Refuse</button></form>',
    )


def leaving(email: str, parameters: Mapping[str, str]) -> HTMLResponse:
    """Ask whether the session ends here, too; another site cannot decide that."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in parameters.items()
    )
    return _page(
        "Log out here, too?",
        f"<p>You are {escape(email)}. A program that you logged out of asks to log you out of "
        "Armarium in this browser.</p>"
        f'<form method="post" action="/api/v1/me/authorization/leaving">{hidden}'
        '<button name="leave" value="yes">Log out</button> '
        '<button name="leave" value="no">Stay</button></form>',
    )


def said(scope: str) -> str:
    """A scope in words."""
    if scope in SAID:
        return SAID[scope]
    part, _, verb = scope.partition(":")
    return f"{'change' if verb == 'write' else 'read'}: {part}"


def query_of(parameters: Mapping[str, str]) -> str:
    """The parameters as they came."""
    return urlencode(parameters)


def _page(title: str, body: str, *, head: str = "", status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">{head}'
        f"<title>{escape(title)} · Armarium</title></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>",
        status,
        headers=HEADERS,
    )
