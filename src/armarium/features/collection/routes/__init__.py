"""Items over HTTP: `/items`, and the same handlers under each kind's own path (`/cards`, …)."""

from collections.abc import Callable
from typing import Any

from fastapi import Depends

from armarium.features.collection.routes.asking import ITEMS
from armarium.features.collection.routes.many import router
from armarium.features.collection.routes.pictures import (
    add_images,
    order_images,
    remove_image,
    set_image_role,
)
from armarium.features.collection.routes.single import (
    create_item,
    delete_item,
    get_item,
    item_history,
    list_items,
    replace_item,
    restore_item,
    set_status,
    update_item,
)
from armarium.kinds import registry
from armarium.platform.http import idempotent

__all__ = ["router"]

Verb = tuple[str, str, Callable[..., Any], str, str, dict[str, Any]]
CREATES: dict[str, Any] = {"status_code": 201, "dependencies": [Depends(idempotent)]}
NO_COLLECTION: dict[str, Any] = {
    "responses": {404: {"description": "A collection that it should enter is not there."}}
}
VERBS: tuple[Verb, ...] = (
    ("GET", "", list_items, "list", "List {of}, newest first", {}),
    ("POST", "", create_item, "create", "Add {one}", {**CREATES, **NO_COLLECTION}),
    ("GET", "/{item_id}", get_item, "get", "{one} with pictures and all that is known", {}),
    ("PUT", "/{item_id}", replace_item, "replace", "Replace all of {one}", {}),
    ("PATCH", "/{item_id}", update_item, "update", "Change some of {one}", {}),
    ("PATCH", "/{item_id}/status", set_status, "set_status", "Set the status of {one}", {}),
    ("DELETE", "/{item_id}", delete_item, "delete", "Put {one} in the trash", {"status_code": 204}),
    ("POST", "/{item_id}/restore", restore_item, "restore", "Take {one} out of the trash", {}),
    ("GET", "/{item_id}/history", item_history, "history", "What was done to {one}", {}),
    ("POST", "/{item_id}/images", add_images, "add_images", "Add pictures to {one}", CREATES),
    ("PUT", "/{item_id}/images/order", order_images, "order_images", "Order the pictures", {}),
    (
        "PATCH",
        "/{item_id}/images/{media_id}",
        set_image_role,
        "set_image_role",
        "Say what a picture shows",
        {},
    ),
    (
        "DELETE",
        "/{item_id}/images/{media_id}",
        remove_image,
        "remove_image",
        "Take a picture from {one}",
        {},
    ),
)


def mount(path: str, label: str) -> None:
    """Give every verb under one path; each has an operation id of its own (`cards_list`)."""
    article = "an" if label[0] in "AEIOU" else "a"
    named = {"of": f"{label.lower()}s", "one": f"{article} {label.lower()}"}
    for method, below, handler, name, summary, options in VERBS:
        router.add_api_route(
            f"/{path}{below}",
            handler,
            methods=[method],
            operation_id=f"{path}_{name}",
            name=f"{path}_{name}",
            summary=summary.format(**named).capitalize(),
            **options,
        )


mount(ITEMS, "Item")
for each_kind in registry():
    if each_kind.collection_path != ITEMS:
        mount(each_kind.collection_path, each_kind.label)
