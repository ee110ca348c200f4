"""Search as a person meets it: over HTTP, against real PostgreSQL."""

import asyncio
import hashlib
import json
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import pytest
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.search import SearchDocument, SearchIndex, SearchService
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from armarium.platform.paging import encode_cursor
from armarium.ports.inference import InferenceUnavailable

SignIn = Callable[..., Awaitable[AsyncClient]]


class Words:
    """A small embedder: a vector counts hashed words, so shared words are nearness."""

    model = "words-512"
    dimensions = 512
    down = False
    slow = False

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.down:
            raise InferenceUnavailable("the model is away")
        if self.slow:
            await asyncio.sleep(60)
        return [self.vector(text) for text in texts]

    def vector(self, text: str) -> list[float]:
        numbers = [0.001] * self.dimensions
        for word in text.lower().split():
            numbers[int.from_bytes(hashlib.blake2b(word.encode()).digest()[:2], "big") % 512] += 1.0
        return numbers


class Reader:
    """A signed-in person and the door by which other rooms push their documents."""

    def __init__(self, client: AsyncClient, house: House, space_id: UUID) -> None:
        self.client = client
        self.house = house
        self.space_id = space_id
        self.index = SearchIndex()

    def document(self, title: str, **fields: object) -> SearchDocument:
        values: dict = {"kind": "card", "status": "on_hand", **fields}
        return SearchDocument(space_id=self.space_id, id=new_id(), title=title, **values)

    async def put(self, *documents: SearchDocument) -> None:
        async with self.house.database.transaction(Scope.of_space(self.space_id)) as session:
            await self.index.put(session, documents)

    async def answer(self, q: str, expected: int = 200, **params: object) -> dict:
        given = {"q": q, "mode": "bm25", **params}
        found = await self.client.get("/api/v1/search", params=given)
        assert found.status_code == expected, found.text
        if expected != 200:
            return found.json()
        return {"results": found.json(), **json.loads(found.headers["Search-Notes"])}

    async def titles(self, q: str, **params: object) -> list[str]:
        return [one["title"] for one in (await self.answer(q, **params))["results"]]


@pytest.fixture
def embedder(house: House) -> Words:
    words = Words()
    house.add(SearchService(database=house.database, embedder=words, exact_up_to=5))
    return words


@pytest.fixture
async def reader(embedder: Words, house: House, sign_in: SignIn) -> Reader:
    client = await sign_in()
    me = (await client.get("/api/v1/me")).json()
    return Reader(client, house, UUID(me["space_id"]))


async def test_what_is_put_is_found_at_once_and_what_is_removed_is_not(reader: Reader) -> None:
    card = reader.document("Charizard", identifiers=("4/102",), series="Base Set")
    await reader.put(card, reader.document("Blastoise", identifiers=("2/102",)))
    (found,) = (await reader.answer("charizard"))["results"]
    assert found["item_id"] == str(card.id)
    assert found["highlights"] == [{"field": "title", "html": "<mark>Charizard</mark>"}]
    async with reader.house.database.transaction(Scope.of_space(reader.space_id)) as session:
        assert await reader.index.remove(session, reader.space_id, [card.id, new_id()]) == 1
    assert await reader.titles("charizard") == []


async def test_a_changed_document_is_found_by_its_new_words_alone(reader: Reader) -> None:
    old = reader.document("The Fighting Temeraire", notes="attic")
    await reader.put(old)
    await reader.put(
        SearchDocument(
            space_id=old.space_id, id=old.id, kind="art", status="sold", title="Rain, Steam"
        )
    )
    assert await reader.titles("temeraire") == []
    assert await reader.titles("attic") == []
    (found,) = (await reader.answer("steam"))["results"]
    assert (found["kind"], found["status"]) == ("art", "sold")


SAME = [
    ("Pokémon Café", "pokemon cafe"),
    ("Straße nach Łódź", "STRASSE lodz"),
    ("L\N{RIGHT SINGLE QUOTATION MARK}Étranger", "etranger"),
    ("Ship of Fools", "\uff53\uff48\uff49\uff50"),
    ("かがやくリザードン", "リザードン"),
    ("龍王の剣", "龍王"),
    ("Spider-Man", "spiderman"),
    ("Spiderman", "spider-man"),
    ("J.M.W. Turner", "jmw"),
    ("Turner's bequest", "turner"),
    ("O'Brien", "obrien"),
    ("हिन्दी साहित्य", "हिन्दी"),
    ("קבלה ומאגיה", "קבלה"),
    ("Nidoran♀", "nidoran female"),
    ("Cafe\N{COMBINING ACUTE ACCENT} noir", "café"),
]


async def test_spelling_case_accent_and_script_do_not_hide(reader: Reader) -> None:
    await reader.put(reader.document("Something else"))
    for text, query in SAME:
        document = reader.document(text)
        await reader.put(document)
        found = await reader.titles(query, widen=False)
        assert found[:1] == [unicodedata.normalize("NFC", text)], query
        async with reader.house.database.transaction(Scope.of_space(reader.space_id)) as session:
            await reader.index.remove(session, reader.space_id, [document.id])


async def test_numbers_and_isbns_are_found_exactly(reader: Reader) -> None:
    await reader.put(
        reader.document("Charizard", identifiers=("4/102",)),
        reader.document("Chansey", identifiers=("004/130",)),
        reader.document("Machamp", identifiers=("8/102",)),
        reader.document("Prize", body="4 of 102 made"),
        reader.document("A Book", kind="book", identifiers=("978-0-306-40615-7",)),
        reader.document("Other Book", kind="book", identifiers=("9780140449136",)),
        reader.document("Slab", identifiers=("PSA-00123456",)),
    )
    assert await reader.titles("4/102") == ["Charizard"]
    assert await reader.titles("004/102") == ["Charizard"]
    assert await reader.titles("4/130") == ["Chansey"]
    for written in ("9780306406157", "978 0 306 40615 7", "0-306-40615-2", "ISBN 0306406152"):
        assert (await reader.titles(written))[0] == "A Book"
    assert await reader.titles("psa00123456") == ["Slab"]
    assert await reader.titles("7/999") == []


async def test_phrases_must_stand_so_and_exclusions_hold(reader: Reader) -> None:
    await reader.put(
        reader.document("Set Base Dragon"),
        reader.document("Dragon", series="Base Set"),
        reader.document("Base", series="Set of Dragons"),
        reader.document("Dragon Base"),
    )
    assert await reader.titles('"base set"') == ["Dragon"]
    assert await reader.titles('dragon "base set"') == ["Dragon"]
    assert set(await reader.titles("dragon -set")) == {"Dragon Base"}
    assert set(await reader.titles('dragon -"base set"')) == {"Dragon Base", "Set Base Dragon"}
    assert await reader.titles('"dragon base') == ["Dragon Base"]
    assert await reader.titles("-dragon") == []


async def test_the_last_word_completes_and_a_slip_is_forgiven_when_little_else_is_found(
    reader: Reader,
) -> None:
    await reader.put(
        reader.document("Charizard"),
        reader.document("Charmander"),
        reader.document("Chart of the Thames"),
        *(reader.document(f"Gyarados {at}") for at in range(4)),
    )
    found = await reader.answer("chari")
    assert [one["title"] for one in found["results"]] == ["Charizard"]
    assert found["widenings"] == [{"term": "chari", "reason": "prefix", "terms": ["charizard"]}]
    assert set(await reader.titles("char")) == {"Charizard", "Charmander", "Chart of the Thames"}
    # A word that is followed by another is complete, so it is corrected, not completed.
    assert await reader.titles("charzard card") == ["Charizard"]
    slip = await reader.answer("gyrados ")
    assert slip["widenings"] == [{"term": "gyrados", "reason": "spelling", "terms": ["gyarados"]}]
    assert len(slip["results"]) == 4
    # Enough documents hold the word itself: nothing else is looked for.
    assert (await reader.answer("gyarados"))["widenings"] == []
    assert await reader.titles("gyrados", widen=False) == []


async def test_a_number_without_its_slash_partner_is_found_by_its_parts(reader: Reader) -> None:
    await reader.put(reader.document("Charizard", body="number 4 of 102"))
    found = await reader.answer("4/102")
    assert [one["title"] for one in found["results"]] == ["Charizard"]
    assert found["widenings"][0]["reason"] == "parts"


async def test_filters_facets_and_pages(reader: Reader) -> None:
    statuses = ["on_hand", "wanted", "sold"]
    documents = [
        reader.document(f"Lot {at:02d} landscape", kind="art" if at % 2 else "book", status=status)
        for at in range(30)
        for status in [statuses[at % 3]]
    ]
    await reader.put(*documents)
    found = await reader.answer("landscape", facets=True, kind="ART")
    assert {one["kind"] for one in found["results"]} == {"art"}
    assert found["facets"] == {
        "total": 30,
        "kind": {"art": 15, "book": 15},
        "status": {"on_hand": 10, "wanted": 10, "sold": 10},
    }
    assert len(await reader.titles("landscape", kind=["art", "book"], status="wanted,sold")) == 20
    assert await reader.titles("landscape", kind="coin") == []
    seen: list[str] = []
    path = "/api/v1/search?q=landscape&mode=bm25&limit=7"
    while path:
        page = await reader.client.get(path)
        seen += [one["title"] for one in page.json()]
        path = page.links["next"]["url"] if "next" in page.links else ""
    assert seen == [document.title for document in documents]
    assert await reader.titles("landscape", limit=5, offset=28) == seen[28:]
    for made_up in ("abc", encode_cursor("9" * 5_000), encode_cursor("-1")):
        refused = await reader.answer("landscape", 422, cursor=made_up)
        assert refused["code"] == "bad_cursor"
    assert (await reader.answer("landscape", 422, mode="magic"))["code"] == "invalid"


async def test_exclusions_and_phrases_count_in_facets(reader: Reader) -> None:
    await reader.put(
        reader.document("Blue vase"), reader.document("Red vase"), reader.document("Vase, blue")
    )
    assert (await reader.answer("vase -red", facets=True))["facets"]["total"] == 2
    assert (await reader.answer('"blue vase"', facets=True))["facets"]["total"] == 1


async def test_matches_are_marked_in_escaped_text(reader: Reader) -> None:
    long = "ship " + "nothing here " * 60 + "the <b>lost</b> whale & a whale " + "more " * 60
    await reader.put(reader.document("<script>alert(1)</script> Café", body=long))
    (found,) = (await reader.answer("cafe whale script"))["results"]
    marked = {one["field"]: one["html"] for one in found["highlights"]}
    assert marked["title"] == (
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; <mark>Café</mark>"
    )
    assert "&lt;b&gt;lost&lt;/b&gt; <mark>whale</mark> &amp; a <mark>whale</mark>" in marked["body"]
    assert marked["body"].startswith("…")
    assert marked["body"].endswith("…")
    assert len(marked["body"]) < 400
    await reader.put(reader.document("Logbook", body="calm " * 4_000 + "Leviathan & crew " + long))
    (found,) = (await reader.answer("leviathan"))["results"]
    assert "<mark>Leviathan</mark> &amp; crew" in found["highlights"][0]["html"]
    assert len(found["highlights"][0]["html"]) < 400


ODD = [
    "",
    "   ",
    "\0",
    "a\0b",
    "!!! ??? ...",
    "😀🏳️‍🌈",
    "שלום עולם \N{RIGHT-TO-LEFT OVERRIDE}abc",
    "'; drop table search_document; --",
    '"',
    '"" -"" - --',
    "-",
    '{}[]()\\ "a\\" {"b",\'c\'}',
    "%_%",
    "NULL",
    "a" * 1_999,
    " ".join(f"w{at}" for at in range(400)),
    "4/102/7 1//2 /",
    "\ud7ff\uffff",
    "e" + "\N{COMBINING ACUTE ACCENT}" * 300,
]


async def test_odd_input_is_answered(reader: Reader) -> None:
    for query in ODD:
        await reader.put(reader.document("abc w1 null", body=query, identifiers=(query,)))
        for mode in ("bm25", "hybrid", "vector"):
            await reader.answer(query, mode=mode, facets=True, kind=query[:9], status="\0a,")
            await reader.answer(query, mode=mode, facets=True)


async def test_a_query_of_seven_thousand_characters_is_refused(reader: Reader) -> None:
    assert (await reader.answer("x" * 7_000, 422))["code"] == "query_too_long"


async def test_another_space_is_neither_seen_nor_counted(reader: Reader, sign_in: SignIn) -> None:
    other_client = await sign_in()
    me = (await other_client.get("/api/v1/me")).json()
    other = Reader(other_client, reader.house, UUID(me["space_id"]))
    await other.put(*(other.document(f"Secret vase {at}") for at in range(20)))
    await reader.put(reader.document("My vase"), reader.document("A bowl"))
    found = await reader.answer("vase secret", facets=True)
    assert [one["title"] for one in found["results"]] == ["My vase"]
    assert found["facets"]["total"] == 1
    assert found["widenings"] == []
    alone = found["results"][0]["score"]
    await other.put(*(other.document(f"More vase {at}") for at in range(20)))
    assert (await reader.answer("vase secret"))["results"][0]["score"] == alone


async def vectors(reader: Reader, words: Words, *documents: SearchDocument) -> None:
    await reader.put(*documents)
    async with reader.house.database.transaction(Scope.of_space(reader.space_id)) as session:
        made = {one.id: words.vector(one.title) for one in documents}
        assert await reader.index.set_vectors(session, reader.space_id, words.model, made) == len(
            documents
        )


async def test_meaning_finds_without_the_word_and_hybrid_fuses_both(
    reader: Reader, embedder: Words
) -> None:
    near = reader.document("flaming dragon")
    word = reader.document("lizard")
    await vectors(reader, embedder, near, word, reader.document("porcelain bowl"))
    embedder.vector = lambda text: Words.vector(embedder, "flaming dragon")  # type: ignore[method-assign]
    by_meaning = await reader.answer("lizard", mode="vector")
    assert by_meaning["results"][0]["title"] == "flaming dragon"
    assert by_meaning["results"][0]["similarity"] == pytest.approx(1, abs=1e-2)
    assert len(by_meaning["results"]) == 3
    both = await reader.answer("lizard", mode="hybrid")
    assert both["mode"] == "hybrid"
    assert [one["title"] for one in both["results"]] == ["lizard", "flaming dragon"]
    first = both["results"][0]
    assert (first["bm25_rank"], first["vector_rank"]) == (1, None)
    assert first["score"] == pytest.approx(1 / 61)
    assert await reader.titles("lizard -flaming", mode="vector") == ["lizard", "porcelain bowl"]
    assert await reader.titles("lizard", mode="hybrid", status="sold") == []


async def test_hybrid_without_its_model_is_bm25_and_says_so(
    reader: Reader, embedder: Words
) -> None:
    await reader.put(reader.document("lizard"))
    embedder.down = True
    found = await reader.answer("lizard", mode="hybrid")
    assert (found["mode"], found["degraded"]) == ("bm25", "meaning_unavailable")
    assert [one["title"] for one in found["results"]] == ["lizard"]
    assert (await reader.answer("lizard", 503, mode="vector"))["code"] == "meaning_unavailable"


async def test_a_slow_model_does_not_hold_up_a_search(
    reader: Reader, embedder: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("armarium.features.search.service.searching.EMBEDDING_SECONDS", 0.05)
    await reader.put(reader.document("lizard"))
    embedder.slow = True
    assert (await reader.answer("lizard", mode="hybrid"))["degraded"] == "meaning_unavailable"


async def test_a_house_without_a_model_searches_by_words(reader: Reader) -> None:
    reader.house.add(SearchService(database=reader.house.database))
    await reader.put(reader.document("lizard"))
    assert (await reader.answer("lizard", mode="hybrid"))["degraded"] == "meaning_unavailable"
    assert (await reader.answer("lizard", 503, mode="vector"))["status"] == 503


async def test_a_quoted_phrase_asks_for_words_alone(reader: Reader, embedder: Words) -> None:
    await vectors(reader, embedder, reader.document("red lizard"), reader.document("lizard red"))
    found = await reader.answer('"red lizard"', mode="hybrid")
    assert found["degraded"] is None
    assert [one["title"] for one in found["results"]] == ["red lizard"]
