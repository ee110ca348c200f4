"""The pages: the built web app with its fallback, and the API reference without a CDN."""

import html
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from armarium.entry.settings import Settings
from armarium.platform.errors import Problem
from armarium.platform.http import public

OPENAPI_PATH = "/api/openapi.json"
DOCS_PATH = "/api/docs"
FOREVER = "public, max-age=31536000, immutable"
FRESH = "no-cache"
INITIALIZER = """
window.ui = SwaggerUIBundle({
  url: "%s", dom_id: "#swagger-ui", deepLinking: true, persistAuthorization: true,
  presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout",
});
"""
NOT_BUILT = """<!doctype html><html lang="en"><title>Armarium</title>
<h1>The web app is not built</h1>
<p>The API runs. Build the pages with <code>make install</code>, then reload.
The interactive reference is at <a href="/api/docs">/api/docs</a>.</p></html>"""


def web_folder(settings: Settings) -> Path | None:
    """The built web app: the one that is set, installed in the package, or built in the tree."""
    package = Path(__file__).resolve().parents[1]
    places = [settings.web_folder, package / "_web", package.parents[1] / "web" / "dist"]
    return next((place for place in places if place and (place / "index.html").is_file()), None)


def install(app: FastAPI, settings: Settings) -> None:
    """Add the pages after every route of the API."""
    _install_reference(app)
    folder = web_folder(settings)
    if folder is None:

        @app.get("/", include_in_schema=False)
        @public
        async def not_built() -> HTMLResponse:
            return HTMLResponse(NOT_BUILT)

    else:
        # Not a mount, which would hide the API's own answers to a wrong method.
        app.router.default = WebApp(directory=folder)


class WebApp(StaticFiles):
    """Files of the build; an unknown page address answers with the app, which knows its routes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What no route of the API took."""
        if scope["type"] != "http" or scope["path"].startswith("/api/"):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Hashed assets may be kept forever, everything else is asked for anew."""
        hashed = path.startswith("assets/")
        is_file = "." in path.rsplit("/", 1)[-1]
        if path == "." or not (hashed or is_file):
            path = "index.html"
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER if hashed else FRESH
        return response


def _install_reference(app: FastAPI) -> None:
    """Swagger UI from the files of an installed package; its start-up script stands apart (CSP)."""
    package = find_spec("fastapi_swagger")
    if package is None or package.origin is None:
        raise RuntimeError("The package fastapi-swagger is missing; run `make install`.")
    files = Path(package.origin).parent / "resources"

    @app.get(DOCS_PATH, include_in_schema=False)
    @public
    async def reference() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url=OPENAPI_PATH,
            title="Armarium API",
            swagger_js_url=f"{DOCS_PATH}/swagger-ui-bundle.js",
            swagger_css_url=f"{DOCS_PATH}/swagger-ui.css",
            swagger_favicon_url="data:,",
        )
        body = bytes(page.body).decode()
        start = body.index("<script>")
        end = body.index("</script>", start)
        script = f'<script src="{DOCS_PATH}/start.js">'
        return HTMLResponse(body[:start] + script + body[end:])

    @app.get(f"{DOCS_PATH}/start.js", include_in_schema=False)
    @public
    async def start_script() -> Response:
        return Response(INITIALIZER % OPENAPI_PATH, media_type="text/javascript")

    @app.get(f"{DOCS_PATH}/swagger-ui-bundle.js", include_in_schema=False)
    @public
    async def script() -> FileResponse:
        return FileResponse(files / "swagger-ui-bundle.js", media_type="text/javascript")

    @app.get(f"{DOCS_PATH}/swagger-ui.css", include_in_schema=False)
    @public
    async def style() -> FileResponse:
        return FileResponse(files / "swagger-ui.css", media_type="text/css")

    @app.get(f"{DOCS_PATH}/errors", include_in_schema=False)
    @public
    async def errors() -> HTMLResponse:
        return HTMLResponse(errors_page())


def problem_classes() -> list[type[Problem]]:
    """Every refusal that the program knows, by code."""
    found: dict[str, type[Problem]] = {}
    waiting = [Problem]
    while waiting:
        kind = waiting.pop()
        if kind.__module__.startswith("armarium."):
            found.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return [found[code] for code in sorted(found)]


def errors_page() -> str:
    """What each `type` of a problem document means, for people."""
    rows = "".join(
        f'<tr id="{kind.code}"><td><code>{kind.code}</code><td>{kind.status}<td>'
        f"{html.escape((kind.__doc__ or '').strip())}"
        for kind in problem_classes()
    )
    return (
        '<!doctype html><html lang="en"><title>Armarium: errors</title>'
        f"<h1>Errors</h1><table><tr><th>code<th>status<th>meaning{rows}</table></html>"
    )
