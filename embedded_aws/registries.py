# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A real registry on loopback in the place of ECR's: images are pushed to it, and ECR knows what it holds.

`POST /embedded-aws/registry` with `{"endpoint": "http://127.0.0.1:5000", "password": "..."}` names it, DELETE forgets
it, GET shows its endpoint. GetAuthorizationToken then sends there, with this password; repositories have the same names
there.
"""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from .steering import Steering, ask

PATH = "/embedded-aws/registry"
USER = "AWS"
MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
#: The endpoint and the password, once a registry is named; they outlast a reset of the account.
LINK: dict[str, str] = {}


def link(port: int, endpoint: str, password: str) -> None:
    """Ask the emulator on C(port) to send pushes to a registry on loopback."""
    ask(port, PATH, "POST", {"endpoint": endpoint, "password": password})


def reset(port: int) -> None:
    """Let the emulator on C(port) have no registry again."""
    ask(port, PATH, "DELETE")


def authorization_of(password: str) -> str:
    """The login as GetAuthorizationToken gives it."""
    return base64.b64encode(f"{USER}:{password}".encode()).decode()


def tags(repository: str) -> list[str]:
    """The tags that the registry has in a repository."""
    found = _read(f"{repository}/tags/list")
    return sorted(json.loads(found[0])["tags"] or []) if found else []


def images(repository: str, tag: str) -> Iterator[tuple[str | None, str, str]]:
    """Tag, manifest and media type: first of the parts that a list names, which have no tag, then the tag's own."""
    found = _read(f"{repository}/manifests/{tag}")
    if found is None:
        return
    text, kind = found
    for entry in json.loads(text).get("manifests", []):
        part = _read(f"{repository}/manifests/{entry['digest']}")
        if part:
            yield None, *part
    yield tag, text, kind


def _read(path: str) -> tuple[str, str] | None:
    """An answer of the registry and its media type; None where it has no such thing."""
    headers = {"Accept": ", ".join(MANIFESTS), "Authorization": f"Basic {authorization_of(LINK['password'])}"}
    request = urllib.request.Request(f"{LINK['endpoint']}/v2/{path}", headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.read().decode(), answer.headers.get_content_type()
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return None


class Registry(Steering):
    """The path at which a registry is named; its password is never shown."""

    path = PATH

    def forget(self) -> None:
        LINK.clear()

    def take(self, given: Any) -> None:
        LINK.clear()
        LINK.update(given)

    def show(self) -> Any:
        return {"endpoint": LINK.get("endpoint")}
