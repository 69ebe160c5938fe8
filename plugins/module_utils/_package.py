# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The package of a Lambda function: the same files make the same bytes, on every machine and at every time.

A function is a folder of the collection. Its C(package.json) says what goes with it: C(shared), files of the
collection, and C(distributions), Python distributions by name with C(version) and C(sha256), the digest of their files.
They are taken from this Python's packages, so that a deployment needs no network.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PREFIX = "ansible_collections/uex/payments"  #: where the collection's files are in the package, as Python imports them
AUTHORITIES = "authorities.pem"
MOMENT = (2020, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16
#: What an installer adds to a distribution.
LOCAL = frozenset({"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_cache.json"})

Files = dict[str, bytes]


class BadPackage(Exception):
    """The package can't be made; the message says what to do."""


def load(source: str, ca_file: str | None) -> bytes:
    """The package of the function in the folder C(source), as options name it. Raises BadPackage, OSError."""
    return build(Path(source).resolve(), Path(ca_file) if ca_file else None)


def build(folder: Path, ca_file: Path | None = None) -> bytes:
    """The package of the function in C(folder), with the authorities in C(ca_file). Raises BadPackage, OSError."""
    root = folder.parents[1]
    manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    own = [*folder.glob("*.py"), *(root / name for name in manifest["shared"])]
    files = {f"{PREFIX}/{path.relative_to(root).as_posix()}": path.read_bytes() for path in own}
    for name, pinned in manifest["distributions"].items():
        files.update(distribution(name, pinned))
    if ca_file:
        files[AUTHORITIES] = ca_file.read_bytes()
    return archive(files)


def distribution(name: str, pinned: Mapping[str, Any]) -> Files:
    """The files of an installed distribution. Raises BadPackage unless they are the pinned ones."""
    files = installed(name, str(pinned["version"]))
    if digest(files) != pinned["sha256"]:
        raise BadPackage(f"{name} {pinned['version']} is not as published; install it anew: make setup")
    return files


def installed(name: str, version: str) -> Files:
    """The files of an installed distribution as its author published them. Raises BadPackage without that version."""
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        raise BadPackage(
            f"{name} {version} is not installed; install what requirements.txt names: make setup"
        ) from None
    if found.version != version:
        raise BadPackage(f"{name} is {found.version}, needed is {version}: make setup")
    paths = [
        path for path in found.files or () if path.name not in LOCAL and not {"..", "__pycache__"} & set(path.parts)
    ]
    return {path.as_posix(): path.read_binary() for path in paths}


def digest(files: Mapping[str, bytes]) -> str:
    """One digest of all names and contents."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip file; stored, as compressed bytes depend on the version of zlib."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.create_system, entry.external_attr = 3, MODE
            package.writestr(entry, content)
    return buffer.getvalue()


def code_sha256(package: bytes) -> str:
    """The digest as Lambda shows it."""
    return base64.b64encode(hashlib.sha256(package).digest()).decode()
