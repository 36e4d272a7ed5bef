"""The OpenAPI document and Swagger UI, whose files are served by the app itself."""

import base64
import hashlib
import re
from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, redirect, request, url_for
from flask_swagger_ui import get_swaggerui_blueprint

from app.api.rest import ProblemApi
from app.config import PROJECT_NAME
from app.settings import Setting, parse_bool

SETTINGS = (
    Setting("API_TITLE", PROJECT_NAME, "The title of the OpenAPI document."),
    Setting("API_VERSION", "v1", "The version in the OpenAPI document."),
    Setting("OPENAPI_VERSION", "3.1.0", "The version of OpenAPI itself."),
    Setting("API_DOCS", True, "Whether `/api/docs` and `/api/openapi.json` exist.", parse=parse_bool),
)

OPENAPI_URL = "/api/openapi.json"
DOCS_URL = "/api/docs"
# Swagger UI sets inline styles and uses data URLs for its icons.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'none'"
)
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def init_app(app: Flask, api: ProblemApi) -> None:
    """Serve the document and Swagger UI, unless `API_DOCS` is off."""
    if not app.config["API_DOCS"]:
        return
    docs = Blueprint("docs", __name__)

    @cache
    def document() -> dict[str, Any]:
        return api.spec.to_dict()

    @docs.get(OPENAPI_URL)
    def openapi() -> Response:
        # Paths are relative to the server: the prefix under which a proxy serves, if there is one.
        return jsonify({**document(), "servers": [{"url": request.root_path or "/"}]})

    # Relative URLs, which are right under any prefix.
    page = get_swaggerui_blueprint(
        ".",
        "../openapi.json",
        config={"app_name": app.config["PROJECT_NAME"], "validatorUrl": None},
        blueprint_name="swagger_ui",
    )
    page.after_request(allow_own_scripts)
    docs.register_blueprint(page, url_prefix=DOCS_URL)
    docs.add_url_rule(DOCS_URL, "add_slash", lambda: redirect(url_for(".swagger_ui.show")))
    app.register_blueprint(docs)


def allow_own_scripts(response: Response) -> Response:
    """Allow the inline scripts of the page by their hashes (CSP Level 3)."""
    if response.mimetype == "text/html":
        hashes = [
            base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            for script in INLINE_SCRIPT.findall(response.get_data(as_text=True))
        ]
        sources = " ".join(f"'sha256-{digest}'" for digest in hashes)
        response.headers["Content-Security-Policy"] = PAGE_POLICY.format(scripts=sources)
    return response
