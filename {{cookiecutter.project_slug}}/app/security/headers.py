"""What every answer tells the browser to refuse.

Values follow the OWASP REST Security and HTTP Headers cheat sheets.
"""

from flask import Flask, Response, request

STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

HEADERS = {
    "Content-Security-Policy": STRICT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# `Headers.setdefault` compares a name with all others each time.
PREPARED = [(name.lower(), (name, value)) for name, value in HEADERS.items()]
HSTS = "max-age=31536000; includeSubDomains"


def init_app(app: Flask) -> None:
    """Send the headers with every answer that has none of its own."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Add the headers; a page that needs another policy has set it before."""
    present = {name.lower() for name, _ in response.headers}
    response.headers.extend([header for key, header in PREPARED if key not in present])
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if request.path.startswith("/api/v"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
