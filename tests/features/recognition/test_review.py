"""The inbox: every decision and its undoing."""

import asyncio

import pytest

from tests.features.recognition.conftest import import_cards
from tests.support.eyes import Thing


@pytest.fixture
async def waiting(studio):
    """One open detection, with a photo of two things."""
    scan = await studio.scan(studio.eyes.show("unreadable scrawl", "another scrawl"), kind="card")
    return [each["id"] for each in scan["detections"]]


async def entry(studio, text):
    found = await studio.post("/identify", {"kind": "card", "text": text})
    return found["candidates"][0]["catalogue_entry_id"]


async def test_choosing_an_entry_makes_an_item_and_undo_takes_it_back(studio, waiting):
    chosen = {"catalogue_entry_id": await entry(studio, "Chansey 3/102")}
    decided = await studio.post(f"/detections/{waiting[0]}/choose", chosen)
    assert decided["state"] == "accepted"
    assert (await studio.get(f"/items/{decided['item_id']}"))["title"] == "Chansey"
    assert len(await studio.get("/review")) == 1

    undone = await studio.post(f"/detections/{waiting[0]}/undo")
    assert (undone["state"], undone["item_id"]) == ("open", None)
    assert (await studio.get("/search?q=chansey")) == []
    assert (await studio.get("/items?trashed=true")) == []
    assert len(await studio.get("/review")) == 2

    again = await studio.post(f"/detections/{waiting[0]}/choose", chosen)
    edited = f"/api/v1/items/{again['item_id']}"
    assert (await studio.client.patch(edited, json={"notes": "Mine"})).is_success
    await studio.post(f"/detections/{waiting[0]}/undo")
    (kept,) = await studio.get("/items?trashed=true")
    assert kept["notes"] == "Mine"


async def test_undo_keeps_what_hangs_on_the_item_without_changing_it(studio, waiting):
    """Private details and collections have versions of their own."""
    chosen = {"catalogue_entry_id": await entry(studio, "Chansey 3/102")}
    first, second = [
        (await studio.post(f"/detections/{each}/choose", chosen))["item_id"] for each in waiting
    ]
    kept = await studio.client.put(f"/api/v1/items/{first}/private", json={"note": "In the safe"})
    assert kept.is_success
    shelf = await studio.post("/collections", {"name": "Favourites"}, status=201)
    await studio.post(f"/collections/{shelf['id']}/items", {"item_ids": [second]})

    for each in waiting:
        await studio.post(f"/detections/{each}/undo")

    assert {each["id"] for each in await studio.get("/items?trashed=true")} == {first, second}
    assert (await studio.get(f"/items/{first}/private"))["note"] == "In the safe"


async def test_an_entry_of_any_length_becomes_an_item(studio, tmp_path):
    """A title longer than an item's refused the choice, and failed the photo it was accepted in."""
    long = "Hitmonchan " + "and the longest of all titles " * 30
    await import_cards(studio.house, tmp_path, long)
    scan = await studio.scan(studio.eyes.show(f"{long} 7/102"), kind="card")
    (detection,) = scan["detections"]
    assert (scan["status"], detection["state"]) == ("done", "accepted")
    await studio.post(f"/detections/{detection['id']}/undo")
    chosen = {"catalogue_entry_id": await entry(studio, "7/102")}
    decided = await studio.post(f"/detections/{detection['id']}/choose", chosen)
    title = (await studio.get(f"/items/{decided['item_id']}"))["title"]
    assert title == long[:500].strip()


async def test_typing_the_number_proposes_and_decides_nothing(studio, waiting):
    found = await studio.post(f"/detections/{waiting[0]}/identify", {"text": "6/102"})
    assert found["candidates"][0]["title"] == "Gyarados"
    assert len(await studio.get("/review")) == 2


async def test_what_was_taken_for_nothing_in_particular_is_looked_up_everywhere(studio):
    scan = await studio.scan(studio.eyes.show("a scrawl"))
    (detection,) = scan["detections"]
    assert detection["kind"] == "generic"
    found = await studio.post(f"/detections/{detection['id']}/identify", {"text": "6/102"})
    assert found["candidates"][0]["title"] == "Gyarados"


async def test_a_title_makes_an_item_that_no_catalogue_knows(studio, waiting):
    named = {"title": "Grandmother's tea caddy", "kind": "generic"}
    decided = await studio.post(f"/detections/{waiting[0]}/choose", named)
    item = await studio.get(f"/items/{decided['item_id']}")
    assert (item["title"], item["kind"]) == ("Grandmother's tea caddy", "generic")


async def test_discarding_and_undoing(studio, waiting):
    assert (await studio.post(f"/detections/{waiting[0]}/discard"))["state"] == "discarded"
    await studio.post(f"/detections/{waiting[0]}/accept", status=409)
    assert (await studio.post(f"/detections/{waiting[0]}/undo"))["state"] == "open"
    again = await studio.post(f"/detections/{waiting[0]}/undo", status=409)
    assert again["code"] == "nothing_to_undo"


async def test_accepting_without_a_candidate_says_what_to_do(studio, waiting):
    refused = await studio.post(f"/detections/{waiting[0]}/accept", status=409)
    assert refused["code"] == "no_candidate"


async def test_accepting_many_holds_none_up(studio):
    scan = await studio.scan(studio.eyes.show("Charizard 4/102", "scrawl"), kind="card")
    charizard, scrawl = (each["id"] for each in scan["detections"])
    reopened = await studio.post(f"/detections/{charizard}/undo")
    assert reopened["decision"] == "review"
    answer = await studio.post("/review/accept", {"detection_ids": [charizard, scrawl]})
    assert [each["id"] for each in answer["accepted"]] == [charizard]
    assert [(each["id"], each["code"]) for each in answer["failed"]] == [(scrawl, "no_candidate")]


async def test_what_the_pipeline_accepted_can_be_taken_back_and_restored(studio):
    scan = await studio.scan(studio.eyes.show("Charizard 4/102"), kind="card")
    (detection,) = scan["detections"]
    undone = await studio.post(f"/detections/{detection['id']}/undo")
    assert undone["item_id"] is None
    assert (await studio.get("/search?q=charizard")) == []
    back = await studio.post(f"/detections/{detection['id']}/undo")
    assert back["item_id"] == detection["item_id"]
    assert len(await studio.get("/search?q=charizard")) == 1


async def test_finds_are_looked_at_again_when_their_catalogue_has_come(studio, tmp_path):
    scan = await studio.scan(studio.eyes.show("Hitmonchan 7/102", "a scrawl"), kind="card")
    first, second = waiting = [each["id"] for each in scan["detections"]]
    assert [each["decision"] for each in scan["detections"]] == ["unknown", "unknown"]
    await import_cards(studio.house, tmp_path, "Hitmonchan")

    asked = await studio.post("/review/again", {"detection_ids": waiting})
    assert {each["state"] for each in asked} == {"pending"}
    found = await studio.read(first)
    assert (found["state"], found["decision"]) == ("accepted", "accepted")
    assert (await studio.read(second))["state"] == "open"
    assert len(await studio.get("/search?q=hitmonchan")) == 1

    undone = await studio.post(f"/detections/{first}/undo")
    assert (undone["state"], undone["decision"], undone["item_id"]) == ("open", "unknown", None)
    assert undone["ocr"]["text"] == "Hitmonchan 7/102"
    assert (await studio.get("/items?trashed=true")) == []
    assert {each["id"] for each in await studio.get("/review")} == set(waiting)


async def test_looking_again_leaves_what_was_decided_meanwhile(studio, waiting):
    await studio.post(f"/detections/{waiting[0]}/discard")
    asked = await studio.post("/review/again", {"detection_ids": waiting})
    assert [each["id"] for each in asked] == [waiting[1]]
    await studio.read(waiting[1])
    body = {"detection_ids": [waiting[0]]}
    refused = await studio.post("/review/again", body, status=409)
    assert refused["code"] == "already_decided"


async def test_splitting_reads_the_parts_and_undo_joins_them(studio):
    scan = await studio.scan(studio.eyes.show("Charizard 4/102", "Gyarados 6/102"), kind="card")
    first = scan["detections"][0]["id"]
    await studio.post(f"/detections/{first}/undo")
    boxes = [
        [[0, 0], [150, 0], [150, 300], [0, 300]],
        [[310, 0], [590, 0], [590, 300], [310, 300]],
    ]
    made = await studio.post(f"/detections/{first}/split", {"boxes": boxes})
    assert [each["state"] for each in made] == ["pending", "pending"]
    titles = [(await studio.read(each["id"]))["candidates"][0]["title"] for each in made]
    assert titles == ["Charizard", "Gyarados"]

    assert len(await studio.get("/items?sort=title")) == 3

    undone = await studio.post(f"/detections/{first}/undo")
    assert (undone["id"], undone["state"], undone["item_id"]) == (first, "open", None)
    assert [each["id"] for each in await studio.get("/review")] == [first]
    # What the pipeline accepted of the parts goes with them, and not into the trash.
    assert [each["title"] for each in await studio.get("/items")] == ["Gyarados"]
    assert [each["title"] for each in await studio.get("/items?trashed=true")] == ["Charizard"]
    for each in made:
        assert (await studio.client.get(f"/api/v1/detections/{each['id']}")).status_code == 404


async def test_a_part_that_was_accepted_by_itself_comes_back_by_itself(studio, waiting):
    """Splitting what can be read left parts that no undo reached: each answered nothing_to_undo."""
    photo = studio.eyes.show("a pile", "Gyarados 6/102")
    scan = await studio.scan(photo, kind="card")
    pile = scan["detections"][0]["id"]
    studio.eyes.remember(photo, [Thing("Chansey 3/102"), Thing("Gyarados 6/102")])
    boxes = [[[x, 0], [x + 150, 0], [x + 150, 300], [x, 300]] for x in (0, 150)]
    made = await studio.post(f"/detections/{pile}/split", {"boxes": boxes})
    parts = [await studio.read(each["id"]) for each in made]
    assert [each["state"] for each in parts] == ["accepted", "accepted"]

    reopened = await studio.post(f"/detections/{parts[0]['id']}/undo")
    assert (reopened["state"], reopened["item_id"]) == ("open", None)
    kept = await studio.get(f"/detections/{parts[1]['id']}")
    assert kept["item_id"] == parts[1]["item_id"]

    # A decision of a person on a part stands in the way of joining them.
    await studio.post(f"/detections/{parts[0]['id']}/discard")
    refused = await studio.post(f"/detections/{pile}/undo", status=409)
    assert refused["code"] == "nothing_to_undo"
    await studio.post(f"/detections/{parts[0]['id']}/undo")
    await studio.post(f"/detections/{pile}/undo")
    assert {each["id"] for each in await studio.get("/review")} == {*waiting, pile}


async def test_merging_two_and_undoing(studio, waiting):
    merged = await studio.post(f"/detections/{waiting[0]}/merge", {"detection_ids": [waiting[1]]})
    assert merged["box"] == [[0, 0], [600, 0], [600, 300], [0, 300]]
    await studio.read(merged["id"])
    assert [each["id"] for each in await studio.get("/review")] == [merged["id"]]
    await studio.post(f"/detections/{merged['id']}/undo")
    assert {each["id"] for each in await studio.get("/review")} == set(waiting)


async def remove_for_good(studio, item_id):
    for path in (f"/api/v1/items/{item_id}", f"/api/v1/items/{item_id}?permanently=true"):
        answer = await studio.client.delete(path)
        assert answer.is_success, answer.text


async def test_a_decision_is_undone_though_its_item_was_removed_for_good(studio, waiting):
    """The find would never come back to the inbox."""
    body = {"title": "A scrawl", "kind": "card"}
    decided = await studio.post(f"/detections/{waiting[0]}/choose", body)
    await remove_for_good(studio, decided["item_id"])
    undone = await studio.post(f"/detections/{waiting[0]}/undo")
    assert (undone["state"], undone["item_id"]) == ("open", None)
    assert {each["id"] for each in await studio.get("/review")} == set(waiting)


async def test_what_the_pipeline_accepted_comes_back_though_its_item_is_gone(studio):
    scan = await studio.scan(studio.eyes.show("Charizard 4/102"), kind="card")
    (detection,) = scan["detections"]
    await remove_for_good(studio, detection["item_id"])
    undo = f"/detections/{detection['id']}/undo"
    undone = await studio.post(undo)
    assert (undone["state"], undone["item_id"]) == ("open", None)
    refused = await studio.post(undo, status=409)
    assert refused["code"] == "nothing_to_undo"


async def test_a_taking_back_whose_item_is_gone_blocks_no_earlier_act(studio, tmp_path):
    """What cannot be restored is refused once; what was done before can be undone then."""
    scan = await studio.scan(studio.eyes.show("Charizard 4/102"), kind="card")
    (detection,) = scan["detections"]
    undo = f"/detections/{detection['id']}/undo"
    await studio.post(undo)
    (trashed,) = await studio.get("/items?trashed=true")
    answer = await studio.client.delete(f"/api/v1/items/{trashed['id']}?permanently=true")
    assert answer.is_success, answer.text
    refused = await studio.post(undo, status=409)
    assert refused["code"] == "nothing_to_undo"
    (still,) = await studio.get("/review")
    assert (still["id"], still["item_id"]) == (detection["id"], None)
    await studio.post(f"/detections/{detection['id']}/discard")
    assert (await studio.post(undo))["state"] == "open"


def picture_of(detection):
    return detection["crop_url"].removesuffix("/original")


async def test_the_crops_of_an_undone_split_go(studio, waiting):
    """Nothing shows them any more, so the sweep may take them."""
    halves = [
        [[0, 0], [150, 0], [150, 300], [0, 300]],
        [[160, 0], [290, 0], [290, 300], [160, 300]],
    ]
    made = await studio.post(f"/detections/{waiting[0]}/split", {"boxes": halves})
    crops = [picture_of(await studio.read(each["id"])) for each in made]
    await studio.post(f"/detections/{made[0]['id']}/undo")
    for crop in crops:
        answer = await studio.client.delete(crop)
        assert answer.is_success, answer.text
    kept = picture_of(await studio.get(f"/detections/{waiting[0]}"))
    assert (await studio.client.delete(kept)).status_code == 409


async def test_boxes_that_cannot_be_cut_are_named(studio, waiting):
    line = [[0, 0], [10, 0], [20, 0], [30, 0]]
    outside = [[0, 0], [9000, 0], [9000, 300], [0, 300]]
    good = [[0, 0], [150, 0], [150, 300], [0, 300]]
    for bad in (line, outside, good[:3]):
        refused = await studio.post(
            f"/detections/{waiting[0]}/split", {"boxes": [good, bad]}, status=422
        )
        assert refused["errors"][0]["pointer"] == "/boxes/1"


async def test_two_decisions_at_once_make_one_item(studio, waiting):
    body = {"catalogue_entry_id": await entry(studio, "Chansey 3/102")}
    path = f"/api/v1/detections/{waiting[0]}/choose"
    answers = await asyncio.gather(*(studio.client.post(path, json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert len(await studio.get("/items")) == 1


async def test_strangers_decide_nothing(studio, waiting, sign_in):
    stranger = await sign_in()
    for act in ("accept", "discard", "undo"):
        answer = await stranger.post(f"/api/v1/detections/{waiting[0]}/{act}")
        assert answer.status_code == 404
