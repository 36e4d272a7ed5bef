"""The OpenAPI document, and Swagger UI to try it: no network needed."""

import base64
import hashlib
import re
from functools import cache

from apispec import APISpec
from flask import Blueprint, Flask, Response, jsonify
from flask_swagger_ui import get_swaggerui_blueprint

OPENAPI_URL = "/api/openapi.json"
DOCS_URL = "/api/docs"
# Swagger UI sets styles from its script and draws its icons from data URLs.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'none'"
)
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def register(app: Flask, spec: APISpec) -> None:
    """Serve the document and the page."""
    docs = Blueprint("docs", __name__)
    document = cache(spec.to_dict)
    docs.add_url_rule(OPENAPI_URL, "openapi", lambda: jsonify(document()))
    page = get_swaggerui_blueprint(
        DOCS_URL,
        OPENAPI_URL,
        config={"app_name": app.config["PROJECT_NAME"], "validatorUrl": None},
        blueprint_name="swagger_ui",
    )
    page.after_request(allow_own_scripts)
    docs.register_blueprint(page)
    app.register_blueprint(docs)
    app.add_url_rule(DOCS_URL, "docs.swagger_ui.show")  # without the slash, too


def allow_own_scripts(response: Response) -> Response:
    """Let the page run exactly the inline scripts that it was sent with (CSP Level 3, hashes)."""
    if response.mimetype == "text/html":
        hashes = [
            base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            for script in INLINE_SCRIPT.findall(response.get_data(as_text=True))
        ]
        sources = " ".join(f"'sha256-{digest}'" for digest in hashes)
        response.headers["Content-Security-Policy"] = PAGE_POLICY.format(scripts=sources)
    return response
