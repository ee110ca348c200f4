"""A browser's way through a login at an outside provider, as tests go it."""

from urllib.parse import parse_qs, urlsplit

import httpx2
from httpx2 import AsyncClient, Response


async def depart(client: AsyncClient, provider: str = "test", **query: str) -> str:
    """To the provider's login page: its address."""
    answer = await client.get(f"/api/v1/auth/providers/{provider}/login", params=query)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def visit(url: str) -> str:
    """Be logged in there: the path and query of the way back."""
    async with httpx2.AsyncClient() as browser:
        answer = await browser.get(url)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


async def log_in(client: AsyncClient, provider: str = "test", **query: str) -> Response:
    """The whole way; what the callback answers."""
    return await client.get(await visit(await depart(client, provider, **query)))


def landed(answer: Response) -> tuple[str, dict[str, str]]:
    """(path, parameters) of where the callback leads, the fragment's among them."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    said = {**parse_qs(parts.query), **parse_qs(parts.fragment)}
    return parts.path, {name: values[0] for name, values in said.items()}
