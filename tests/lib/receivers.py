"""Where notices and figures arrive in tests: a real web server, a real mail server, a real StatsD port, each on 127.0.0.1."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Arrived:
    """What has arrived so far, and the ports it arrives at."""

    hooks: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """The environment that makes an Airflow send all of it here."""
        hook = {"conn_type": "http", "schema": "http", "host": "127.0.0.1", "port": self.ports["hook"], "password": "secret-token",
                "extra": {"endpoint": "/Hooks/Presend"}}  # fmt: skip
        told = {"to": "ops@presend.example", "from_email": "airflow@presend.example", "disable_ssl": True, "disable_tls": True}
        mail = {"conn_type": "smtp", "host": "127.0.0.1", "port": self.ports["mail"], "extra": told}
        return {
            "AIRFLOW_CONN_PRESEND_WEBHOOK": json.dumps(hook),
            "AIRFLOW_CONN_PRESEND_SMTP": json.dumps(mail),
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(self.ports["figures"]),
            "AIRFLOW__METRICS__STATSD_INFLUXDB_ENABLED": "True",
        }


@contextmanager
def receivers() -> Iterator[Arrived]:
    """The three servers, until the block ends."""
    arrived = Arrived()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrived.hooks.append({**json.loads(body), "path": self.path})
            arrived.tokens.append(self.headers.get("Authorization", ""))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: a test's output is its own."""

    class Mailbox:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            arrived.mails.append(message_from_bytes(envelope.content, policy=default))
            return "250 OK"

    web = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        free = found.getsockname()[1]
    mail = Controller(Mailbox(), hostname="127.0.0.1", port=free)
    mail.start()
    statsd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    statsd.bind(("127.0.0.1", 0))

    def listen() -> None:
        while data := statsd.recv(65536):
            if b"presend." in data:
                arrived.figures.extend(data.decode().splitlines())

    threading.Thread(target=listen, daemon=True).start()
    arrived.ports.update(hook=web.server_address[1], mail=free, figures=statsd.getsockname()[1])
    try:
        yield arrived
    finally:
        web.shutdown()
        mail.stop()
        statsd.sendto(b"", statsd.getsockname())
        statsd.close()
