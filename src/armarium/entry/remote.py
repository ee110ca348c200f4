"""The command line as a client of a running server: finds it, logs in, refreshes, explains."""

import os
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

from armarium.entry import credentials
from armarium.entry.credentials import Login
from armarium.entry.settings import Settings
from armarium.entry.terminal import NOT_LOGGED_IN, REFUSED, UNREACHABLE, CommandError

API = "/api/v1"
TIMEOUT_SECONDS = 120.0
UNAUTHENTICATED = 401
NEVER = 2.0**40
"""Seconds of the epoch: a key says by itself when it ends."""
TOO_MANY = 429
PATIENT_TIMES = 3
LONGEST_WAIT_SECONDS = 65


class Remote:
    """One server and, where needed, one person's tokens."""

    def __init__(self, url: str | None = None, *, at_login: bool = False) -> None:
        """`url`, else `ARMARIUM_URL`, else where one logged in, else this machine's settings.

        `at_login` uses of the stored login only where it was: it is about to be replaced, perhaps
        because it has expired or cannot be read.
        """
        self._token = os.environ.get("ARMARIUM_TOKEN")
        try:
            self._login = None if self._token else credentials.load()
        except CommandError:
            if not at_login:
                raise
            self._login = None
        chosen = url or os.environ.get("ARMARIUM_URL") or (self._login and self._login.url)
        self.url = (chosen or Settings().base_url).rstrip("/")
        try:
            httpx2.URL(self.url)
        except httpx2.InvalidURL as error:
            raise CommandError(
                f"{self.url} is no address of a server ({error}).", code=2
            ) from error
        if self._login is not None and (at_login or self._login.url != self.url):
            self._login = None

    def send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """One request, authenticated where we can; the caller judges the answer."""
        headers = {**options.pop("headers", {}), **self._authorization()}
        try:
            return self._request(method, path, headers=headers, **options)
        except httpx2.TransportError as error:
            raise CommandError(
                f"No server answers at {self.url} ({error}). Start one with `armarium up`, or "
                "name another with --url.",
                code=UNREACHABLE,
            ) from error

    def json(self, method: str, path: str, **options: Any) -> Any:
        """One request's JSON; a refusal becomes a `CommandError`."""
        answer = self.send(method, path, **options)
        refuse(answer)
        return json_of(answer) if answer.content else None

    def rows(self, path: str, **options: Any) -> list[Any]:
        """A list to its end, page by page."""
        answer = self.send("GET", path, **options)
        refuse(answer)
        found: list[Any] = json_of(answer)
        while following := next_page(answer):
            answer = self.send("GET", following)
            refuse(answer)
            found += json_of(answer)
        return found

    def download(self, url: str, file: Path) -> int:
        """A signed link's file, piece by piece; its size. Nothing is left of half a file."""
        draft = file.with_name(f".{file.name}.part")
        verify = trust(Settings().data) if url.startswith("https://") else True
        try:
            with (
                httpx2.stream("GET", url, timeout=TIMEOUT_SECONDS, verify=verify) as answer,
                draft.open("wb") as opened,
            ):
                if not answer.is_success:
                    raise CommandError(f"The file can't be downloaded ({answer.status_code}).")
                for piece in answer.iter_bytes():
                    opened.write(piece)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return file.stat().st_size

    def document(self) -> dict[str, Any]:
        """The server's own OpenAPI document."""
        return self.json("GET", "/api/openapi.json")

    def log_in(
        self, email: str, password: str, *, second_factor: Callable[[Sequence[str]], str]
    ) -> None:
        """Log in and keep the tokens in the user's private file.

        `second_factor` is asked for a code when the server wants one, with its methods.
        """
        credentials.check_writable()
        body = {"email": email, "password": password}
        answer = self.send("POST", f"{API}/auth/login", json=body)
        if answer.status_code == UNAUTHENTICATED:
            problem = json_of(answer)
            if problem.get("code") == "second_factor_required":
                given = second_factor(problem["methods"])
                kind = "code" if given.strip().replace(" ", "").isdigit() else "recovery_code"
                body = {"challenge": problem["challenge"], kind: given}
                answer = self.send("POST", f"{API}/auth/login/second-factor", json=body)
        refuse(answer, at_login=True)
        login = Login(self.url, email, "", "", 0)
        login.renew(json_of(answer))
        credentials.save(login)

    def keep_key(self, key: str) -> str:
        """Try an API key and keep it like a login; gives whose it is."""
        self._token = key
        me = self.send("GET", f"{API}/me")
        if me.status_code == UNAUTHENTICATED:
            raise CommandError("The server does not know this key.", code=NOT_LOGGED_IN)
        if me.is_redirect:
            refuse(me)
        email = str(json_of(me)["email"]) if me.is_success else "somebody"
        credentials.save(Login(self.url, email, key, "", NEVER))
        return email

    def log_out(self) -> bool:
        """Forget the login here; whether its session there has ended, too."""
        login = self._login
        if self._token:
            raise CommandError("ARMARIUM_TOKEN stands for a login; unset it, then log out.")
        if login is None:
            raise CommandError(f"There is no login for {self.url}.", code=NOT_LOGGED_IN)
        try:
            has_ended = self._end(login)
        except httpx2.TransportError:
            has_ended = False
        credentials.forget()
        return has_ended

    def _end(self, login: Login) -> bool:
        if login.client_id:
            form = {"token": login.refresh_token, "client_id": login.client_id}
            answer = self._request("POST", "/oauth/revoke", data=form)
        elif login.refresh_token:
            body = {"refresh_token": login.refresh_token}
            answer = self._request("POST", f"{API}/auth/logout", json=body)
        else:
            return True  # A key has no session.
        return answer.is_success or answer.status_code == UNAUTHENTICATED

    def _request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Patiently: a limit of the server is waited out, a few times."""
        if self.url.startswith("https://"):
            options["verify"] = trust(Settings().data)
        answer = httpx2.request(method, f"{self.url}{path}", timeout=TIMEOUT_SECONDS, **options)
        for _ in range(PATIENT_TIMES):
            if answer.status_code != TOO_MANY or not is_rewindable(options):
                break
            if (wait := seconds_to_wait(answer)) is None:
                break
            time.sleep(wait)
            answer = httpx2.request(method, f"{self.url}{path}", timeout=TIMEOUT_SECONDS, **options)
        return answer

    def _authorization(self) -> Mapping[str, str]:
        if self._login is not None and self._login.is_stale:
            self._login = self._refresh(self._login)
        token = self._token or (self._login and self._login.access_token)
        return {"Authorization": f"Bearer {token}"} if token else {}

    def _refresh(self, login: Login) -> Login:
        # Another shell may have renewed it meanwhile, and a token is good for one renewal.
        stored = credentials.load()
        if stored is not None and (stored.url, stored.email) == (login.url, login.email):
            login = stored
        if not login.is_stale:
            return login
        body = {"refresh_token": login.refresh_token}
        form = {**body, "grant_type": "refresh_token", "client_id": login.client_id}
        try:
            if login.client_id:
                answer = self._request("POST", "/oauth/token", data=form)
            else:
                answer = self._request("POST", f"{API}/auth/refresh", json=body)
        except httpx2.TransportError:
            return login
        if answer.status_code in {UNAUTHENTICATED, httpx2.codes.BAD_REQUEST}:
            raise CommandError(
                "Your login has expired. Run `armarium login` again.", code=NOT_LOGGED_IN
            )
        if answer.is_success:
            login.renew(json_of(answer))
            credentials.save(login)
        return login


def trust(data: Path) -> ssl.SSLContext:
    """What the system trusts, and the authority that this machine's own server made."""
    context = ssl.create_default_context()
    if (own := data / "tls" / "ca.pem").is_file():
        context.load_verify_locations(own)
    return context


def seconds_to_wait(answer: httpx2.Response) -> int | None:
    """How long a rate limit asks for; None for any other refusal (too many wrong passwords)."""
    try:
        wait = int(answer.headers.get("retry-after", ""))
        is_limit = answer.json()["code"] == "rate_limited"
    except (ValueError, KeyError, TypeError):
        return None
    return wait if is_limit and wait <= LONGEST_WAIT_SECONDS else None


def is_rewindable(options: Mapping[str, Any]) -> bool:
    """Whether the request can be sent again: a file that was read to its end cannot."""
    return not options.get("files")


def json_of(answer: httpx2.Response) -> Any:
    """The answer's JSON; a page in place of it comes from something else."""
    try:
        return answer.json()
    except ValueError as error:
        raise stranger(answer) from error


def stranger(answer: httpx2.Response) -> CommandError:
    """Something answers there that is no Armarium."""
    return CommandError(
        f"No Armarium answers at {origin(answer.url)}. Name another server with --url.",
        code=UNREACHABLE,
    )


def origin(url: httpx2.URL) -> str:
    """Scheme, host and port."""
    return str(url.copy_with(path="/", query=None, fragment=None)).rstrip("/")


def next_page(answer: httpx2.Response) -> str | None:
    """The path of the next page, by the `Link` header."""
    return answer.links.get("next", {}).get("url")


def upload_name(file: Path) -> str:
    """What a file is called in a form; a name need not be text, and a form's must."""
    return file.name.encode(errors="replace").decode()


def refuse(answer: httpx2.Response, *, at_login: bool = False) -> None:
    """Raise what the server's problem document says, on everything but success.

    `at_login` leaves out the advice to do what is being done.
    """
    if answer.is_success:
        return
    if answer.has_redirect_location:
        there = answer.url.join(answer.headers["location"])
        hint = "" if origin(there) == origin(answer.url) else f"; use --url {origin(there)}"
        raise CommandError(f"The server sends one on to {there} [{answer.status_code}]{hint}")
    try:
        said = answer.json()
    except ValueError:
        said = None
    problem: dict[str, Any] = said if isinstance(said, dict) else {}
    detail = problem.get("detail") or problem.get("error_description")
    detail = detail or f"The server answered {answer.status_code}."
    lines = [f"{detail} [{problem.get('code', answer.status_code)}]"]
    for error in problem.get("errors", []):
        said = "" if error["detail"] == detail else f": {error['detail']}"
        lines.append(f"  {error['pointer']}{said}")
    code = REFUSED
    if answer.status_code == UNAUTHENTICATED and not at_login:
        lines.append("Run `armarium login`, or set ARMARIUM_TOKEN.")
        code = NOT_LOGGED_IN
    raise CommandError("\n".join(lines), code=code)
