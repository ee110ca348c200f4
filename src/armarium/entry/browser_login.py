"""Logging in to a server by the browser: the command line as a native program (RFC 8252).

A listener on a free loopback port waits for one answer; the code in it is worth nothing without
the PKCE verifier, which never leaves this process.
"""

import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from armarium.entry import credentials
from armarium.entry.credentials import Login
from armarium.entry.remote import Remote, json_of, refuse
from armarium.entry.terminal import NOT_LOGGED_IN, CommandError

CLIENT_ID = "armarium-cli"
PATH = "/callback"
PATIENCE_SECONDS = 300
DONE = b"<!doctype html><title>Armarium</title><h1>Done</h1><p>Go back to your terminal.</p>"


@dataclass
class _Waiting:
    """What the listener was told, once."""

    state: str
    answer: dict[str, str] | None = None
    came: threading.Event = field(default_factory=threading.Event)


def log_in(remote: Remote, *, show: Callable[[str], None]) -> str:
    """Send the person to the server's page with `show`, keep the tokens, and say whose they are."""
    credentials.check_writable()
    found = remote.json("GET", "/.well-known/openid-configuration")
    verifier, waiting = secrets.token_urlsafe(48), _Waiting(secrets.token_urlsafe(24))
    server = HTTPServer(("127.0.0.1", 0), _handler(waiting))
    redirect = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    listening = threading.Thread(target=server.serve_forever, daemon=True)
    listening.start()
    try:
        show(f"{found['authorization_endpoint']}?{_question(found, waiting, verifier, redirect)}")
        if not waiting.came.wait(PATIENCE_SECONDS):
            raise CommandError("Nobody answered in the browser.", code=NOT_LOGGED_IN)
    finally:
        server.shutdown()
        server.server_close()
        listening.join()
    return _trade(remote, found, waiting.answer or {}, verifier, redirect)


def _question(found: dict[str, Any], waiting: _Waiting, verifier: str, redirect: str) -> str:
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    return urlencode(
        {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": redirect,
            "scope": " ".join(found["scopes_supported"]),
            "state": waiting.state,
            "code_challenge": digest,
            "code_challenge_method": "S256",
        }
    )


def _trade(
    remote: Remote, found: dict[str, Any], answer: dict[str, str], verifier: str, redirect: str
) -> str:
    if answer.get("iss") != found["issuer"]:
        raise CommandError("The answer came from another server.", code=NOT_LOGGED_IN)
    if "code" not in answer:
        reason = answer.get("error_description") or answer.get("error", "no code came")
        raise CommandError(f"Not logged in: {reason}", code=NOT_LOGGED_IN)
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "code": answer["code"],
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    traded = remote.send("POST", "/oauth/token", data=form)
    refuse(traded)
    tokens = json_of(traded)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    who = json_of(remote.send("GET", "/oauth/userinfo", headers=bearer))
    login = Login(remote.url, str(who.get("email", who["sub"])), "", "", 0, CLIENT_ID)
    login.renew(tokens)
    credentials.save(login)
    return login.email


def _handler(waiting: _Waiting) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Takes the first answer that knows the state; everything else is nothing."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            said = {name: values[0] for name, values in parse_qs(parts.query).items()}
            right = parts.path == PATH and secrets.compare_digest(
                said.get("state", "").encode(), waiting.state.encode()
            )
            self.send_response(200 if right else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(DONE if right else b"")
            if right and waiting.answer is None:
                waiting.answer = said
                waiting.came.set()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base's name
            """The address holds a code: nothing is written."""

    return Handler
