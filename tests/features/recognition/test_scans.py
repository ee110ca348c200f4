"""From an uploaded photo to items that search finds."""

import pytest
import pyvips

from armarium.features.recognition.service.pipeline import turned
from armarium.kit.ids import new_id
from tests.support.eyes import Thing
from tests.support.pictures import picture, png_header


async def test_a_read_card_becomes_an_item_that_search_finds(studio):
    scan = await studio.scan(studio.eyes.show("Charizard\nBase Set\n4/102"), kind="card")
    assert scan["status"] == "done"
    assert scan["progress"] == {"done": 5, "total": 5, "note": ""}
    (detection,) = scan["detections"]
    assert detection["decision"] == "accepted"
    assert detection["ocr"]["text"].startswith("Charizard")
    assert detection["candidates"][0]["external_ids"]["tcgdex"] == "base1-4"
    assert detection["box"] == [[0, 0], [300, 0], [300, 300], [0, 300]]

    item = await studio.get(f"/items/{detection['item_id']}")
    assert item["title"] == "Charizard"
    origin = item["extensions"]["recognition"]
    assert (origin["detection_id"], origin["decision"]) == (detection["id"], "accepted")
    assert item["catalogue_entry_id"] == detection["candidates"][0]["catalogue_entry_id"]
    found = await studio.get("/search?q=charizard")
    assert [hit["item_id"] for hit in found] == [detection["item_id"]]
    picture = await studio.client.get(detection["crop_url"])
    assert picture.headers["content-type"] == "image/jpeg"


async def test_an_item_says_what_was_read_of_its_picture(studio):
    scan = await studio.scan(studio.eyes.show("Charizard\nBase Set\n4/102"), kind="card")
    (detection,) = scan["detections"]
    (analysis,) = await studio.get(f"/items/{detection['item_id']}/analyses")
    assert (analysis["id"], analysis["scan_id"]) == (detection["id"], scan["id"])
    features = analysis["features"]
    assert features["version"] == 1
    assert features["text"] == detection["ocr"]["text"]
    assert features["lines"] == detection["ocr"]["lines"]
    assert (features["kind"], features["box"]) == ("card", detection["box"])
    assert features["quality"].items() <= detection["quality"].items()
    size = [detection["quality"][name] for name in ("width", "height")]
    assert detection["quality"]["size"] == size
    assert features["labels"] == {"quad": 0.9}
    assert analysis["candidates"] == detection["candidates"]
    crop = await studio.client.get(analysis["crop_url"])
    assert crop.headers["content-type"] == "image/jpeg"


async def test_an_item_made_by_hand_has_no_analysis(studio):
    made = await studio.client.post("/api/v1/items", json={"kind": "book", "title": "Poems"})
    assert await studio.get(f"/items/{made.json()['id']}/analyses") == []
    missing = await studio.client.get(f"/api/v1/items/{new_id()}/analyses")
    assert missing.status_code == 404


async def test_what_the_catalogue_does_not_know_waits_for_a_person(studio):
    scan = await studio.scan(studio.eyes.show("Quarterly report of the ministry"))
    (detection,) = scan["detections"]
    assert (detection["decision"], detection["state"]) == ("unknown", "open")
    assert detection["item_id"] is None
    assert (await studio.get("/review/count")) == {"waiting": 1}
    (waiting,) = await studio.get("/review")
    assert waiting["id"] == detection["id"]
    assert waiting["photo"]["width"] == 300


async def test_several_photos_with_several_things_each(studio):
    first = studio.eyes.show("Charizard 4/102", "Gyarados 6/102", "something else")
    second = studio.eyes.show("Chansey 3/102")
    scan = await studio.scan(first, second, kind="card")
    assert len(scan["photos"]) == 2
    decisions = [each["decision"] for each in scan["detections"]]
    assert decisions.count("accepted") == 3
    (listed,) = await studio.get("/scans")
    assert listed["id"] == scan["id"]


@pytest.mark.parametrize(
    ("degrees", "corner"), [(0, [0, 0]), (90, [300, 0]), (180, [300, 300]), (270, [0, 300])]
)
async def test_a_crop_is_shown_upright_with_its_lines_where_they_are_read(studio, degrees, corner):
    """`corner` is where the upper left corner of the thing as it lay has gone."""
    photo = studio.eyes.show(Thing("Charizard 4/102", rotation=degrees))
    (detection,) = (await studio.scan(photo, kind="card"))["detections"]
    line = detection["ocr"]["lines"][0]["box"]
    assert line[0] == corner
    assert sorted(line) == [[0, 0], [0, 300], [300, 0], [300, 300]]

    shown = pyvips.Image.new_from_buffer(
        (await studio.client.get(detection["crop_url"])).content, ""
    )
    lay = pyvips.Image.new_from_buffer(photo, "")
    apart = {turn: (lay.rot(f"d{turn}") - shown).abs().avg() for turn in (0, 90, 180, 270)}
    assert min(apart, key=apart.get) == degrees


@pytest.mark.parametrize(
    ("degrees", "box"),
    [
        (0, [[10, 20], [60, 20], [60, 30], [10, 30]]),
        (90, [[180, 10], [180, 60], [170, 60], [170, 10]]),
        (180, [[90, 180], [40, 180], [40, 170], [90, 170]]),
        (270, [[20, 90], [20, 40], [30, 40], [30, 90]]),
    ],
)
def test_the_boxes_of_a_reading_turn_with_its_crop(degrees, box):
    """A crop of 100 by 200 with a line near its upper left corner."""
    line = {"text": "Charizard", "box": [(10, 20), (60, 20), (60, 30), (10, 30)]}
    reading = {"text": "Charizard", "rotation": degrees, "lines": [line]}
    upright = turned(reading, degrees, width=100, height=200)
    assert upright == {**reading, "lines": [{"text": "Charizard", "box": box}]}


async def test_a_photo_that_cannot_be_understood_fails_and_is_kept(studio):
    scan = await studio.scan(picture(300, 300))
    assert scan["status"] == "failed"
    assert "nobody wrote down" in scan["error"]
    shown = await studio.client.get(scan["photos"][0]["url"])
    assert shown.status_code == 200


async def test_one_bad_file_refuses_the_whole_and_is_named(studio):
    files = [
        ("files", ("a.jpg", studio.eyes.show("Charizard"), "image/jpeg")),
        ("files", ("b.png", png_header(60_000, 60_000), "image/png")),
    ]
    answer = await studio.client.post("/api/v1/scans", files=files)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/files/1"
    assert await studio.get("/scans") == []


async def test_an_unknown_kind_or_catalogue_is_named(studio):
    photo = studio.eyes.show("Charizard")
    for form, pointer in (({"kind": "stamp"}, "/kind"), ({"catalogue": "nope"}, "/catalogue")):
        files = [("files", ("a.jpg", photo, "image/jpeg"))]
        answer = await studio.client.post("/api/v1/scans", files=files, data=form)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_the_same_request_twice_scans_once(studio):
    files = [("files", ("a.jpg", studio.eyes.show("Charizard 4/102"), "image/jpeg"))]
    headers = {"Idempotency-Key": "shot-1"}
    first = await studio.client.post("/api/v1/scans", files=files, headers=headers)
    second = await studio.client.post("/api/v1/scans", files=files, headers=headers)
    assert first.json() == second.json()
    assert len(await studio.get("/scans")) == 1


async def test_another_person_sees_nothing_of_it(studio, sign_in):
    scan = await studio.scan(studio.eyes.show("Charizard 4/102", "who knows"), kind="card")
    stranger = await sign_in()
    for path in (f"/scans/{scan['id']}", f"/detections/{scan['detections'][0]['id']}"):
        assert (await stranger.get(f"/api/v1{path}")).status_code == 404
    assert (await stranger.get("/api/v1/review")).json() == []
    crop = await stranger.get(scan["detections"][0]["crop_url"])
    assert crop.status_code == 404


async def test_text_alone_is_identified(studio):
    found = await studio.post("/identify", {"kind": "card", "text": "Charizard 4/102"})
    assert found["decision"] == "accepted"
    assert found["candidates"][0]["title"] == "Charizard"
    assert 0.5 < found["candidates"][0]["score"] <= 1
    nothing = await studio.post("/identify", {"kind": "card", "text": "zzzz qqqq"})
    assert nothing["decision"] == "unknown"
