"""An HTTPS endpoint that answers requests: ``POST /request`` with the signed request as the body.

The body of the answer is signed, and so is the request: TLS keeps what they tell from others, and
nothing depends on it beyond that. A refusal comes back as JSON with its number, name and text.
"""

from __future__ import annotations

import json
import ssl
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mlicense import Error, Ledger, Refusal, Request, Signer

# No request is larger, and nobody is waited for longer.
BODY_BYTES_MAX = 65_536
SECONDS_MAX = 10


class Endpoint(ThreadingHTTPServer):
    """A server with a ledger; each connection has a thread, and the ledger takes them all."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], ledger: Ledger, signer: Signer, certificate: Path
    ) -> None:
        super().__init__(address, Handler)
        self.ledger, self.signer = ledger, signer
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate)
        # The handshake belongs to the thread of the connection: nobody else waits for it.
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Endpoint
    timeout = SECONDS_MAX
    server_version = "back-office"
    sys_version = ""

    def do_POST(self) -> None:
        """Answers a request."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            return self.reply(HTTPStatus.LENGTH_REQUIRED, b"")
        # Whoever still writes does not read why not: a little too much is taken and thrown away.
        body = self.rfile.read(min(int(length), 2 * BODY_BYTES_MAX))
        if self.path != "/request":
            return self.reply(HTTPStatus.NOT_FOUND, b"")
        if len(body) > BODY_BYTES_MAX:
            return self.reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"")
        try:
            answer = self.server.ledger.answer(
                body, customer=self.customer_of(body), signer=self.server.signer
            )
        except Refusal as refusal:
            return self.refuse(HTTPStatus.UNPROCESSABLE_ENTITY, refusal)
        except Error as error:
            return self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, error)
        return self.reply(HTTPStatus.OK, answer, "application/jose")

    def customer_of(self, body: bytes) -> str | None:
        """The customer whom the request names; the ledger finds the others by their number."""
        return Request.verify(body).fields.customer

    def refuse(self, status: HTTPStatus, error: Error) -> None:
        """Says why not, in the language that was asked for."""
        language = self.headers.get("Accept-Language", "en")[:2]
        told = {"number": error.number, "name": error.name, "text": error.text(language)}
        self.reply(status, json.dumps(told, ensure_ascii=False).encode(), "application/json")

    def reply(self, status: HTTPStatus, body: bytes, kind: str = "text/plain") -> None:
        """Sends a reply."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing: who asked is in the ledger."""
