"""Items made by the real door."""

from typing import Any

from httpx2 import AsyncClient

CHARIZARD: dict[str, Any] = {
    "kind": "card",
    "title": "Charizard",
    "fields": {
        "game": "Pokémon",
        "set_name": "Base Set",
        "set_code": "base1",
        "number": "4/102",
        "rarity": "Rare Holo",
        "year": "1999",
        "illustrator": "Mitsuhiro Arita",
    },
}
EMMA: dict[str, Any] = {
    "kind": "book",
    "title": "Emma",
    "fields": {
        "authors": ["Jane Austen"],
        "publisher": "John Murray",
        "place": "London",
        "year": "MDCCCXVI",
        "volumes": 3,
        "complete_set": True,
        "height_mm": 178.5,
    },
}
WAVE: dict[str, Any] = {
    "kind": "art",
    "title": "The Great Wave",
    "fields": {"artists": ["Katsushika Hokusai"], "year": "c. 1831", "medium": "Woodblock print"},
}


async def add_item(client: AsyncClient, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Keep an item; its JSON."""
    answer = await client.post("/api/v1/items", json={**body, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def titles(client: AsyncClient, **query: Any) -> list[str]:
    """Titles of a list, in its order."""
    answer = await client.get("/api/v1/items", params=query)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()]
