# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A real registry on loopback, a store for buildah, and a base image made of this machine's own Debian packages."""

from __future__ import annotations

import ctypes
import ctypes.util
import glob
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pip

from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.tests.support.emulator import free_port
from ansible_collections.uex.payments.tests.support.playbooks import ROOT

START_SECONDS = 30.0
#: Of this machine, whose chroot is run, and of the base image.
PATH = "/usr/sbin:/usr/bin:/bin"
#: Parts of the standard library that nothing here needs.
SPARED = ("ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tkinter", "unittest", "distutils")
BASE = "localhost/base:1"
BUSYBOX = Path("/bin/busybox")
#: The base has the packages of the migrations, so that building needs no network.
WHEELS = "wheels"
MIGRATIONS_ARGUMENTS = {"BASE_IMAGE": BASE, "PIP_OPTIONS": f"--no-index --find-links /{WHEELS}"}
REQUIREMENTS = ROOT / "images/migrations/requirements.txt"
#: A cheap hash: the password is the tests' own.
SALT = b"$2b$04$" + b"a" * 22
#: Where buildah may start no containers; the one that works everywhere.
ISOLATION = "--isolation=chroot"


def crypted(password: str) -> str:
    """A password as the registry keeps it; the C library's function is all that there is for it."""
    library = ctypes.CDLL(ctypes.util.find_library("crypt"))
    library.crypt.restype = ctypes.c_char_p
    return str(library.crypt(password.encode(), SALT).decode())


class Registry:
    """docker-registry, which lets the user AWS in."""

    def __init__(self, directory: Path, password: str) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self.password = password
        (directory / "htpasswd").write_text(f"AWS:{crypted(password)}\n")
        configuration = {
            "version": "0.1",
            "log": {"level": "error", "accesslog": {"disabled": True}},
            "storage": {"filesystem": {"rootdirectory": str(directory / "data")}},
            "http": {"addr": self.address},
            "auth": {"htpasswd": {"realm": "test", "path": str(directory / "htpasswd")}},
        }
        self.log = directory / "registry.log"
        (directory / "registry.yml").write_text(json.dumps(configuration))
        self.command = ["docker-registry", "serve", str(directory / "registry.yml")]

    @property
    def endpoint(self) -> str:
        return f"http://{self.address}"

    def start(self) -> None:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        _wait.until(self._answers, bool, "an answer of docker-registry", START_SECONDS, pause=0.1)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.endpoint}/v2/", timeout=5)
        except urllib.error.HTTPError as error:
            return error.code == 401
        except OSError:
            return False
        return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(START_SECONDS)

    def inspect(self, repository: str, tag: str, *options: str) -> Any:
        """What skopeo says of an image."""
        place = f"docker://{self.address}/{repository}:{tag}"
        login = ("--tls-verify=false", "--creds", f"AWS:{self.password}")
        return json.loads(output(["skopeo", "inspect", *login, *options, place], os.environ))


class Store:
    """buildah with images of its own."""

    def __init__(self, directory: Path) -> None:
        self.file, self.temporary = directory / "storage.conf", directory / "tmp"
        self.temporary.mkdir()
        for driver in ("overlay", "vfs"):
            places = f'graphroot = "{directory}/graph"\nrunroot = "{directory}/run"\n'
            self.file.write_text(f'[storage]\ndriver = "{driver}"\n{places}')
            if self._works():
                return
            shutil.rmtree(directory / "graph", ignore_errors=True)
        raise RuntimeError(f"buildah keeps no images: {self._info().stderr}")

    def _info(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["buildah", "info"], env=self.environment, capture_output=True, text=True, check=False)

    def _works(self) -> bool:
        return self._info().returncode == 0

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.settings}

    @property
    def settings(self) -> dict[str, str]:
        """What a run finds in its environment; all that it writes for a while is in the tests' own folder too."""
        return {"CONTAINERS_STORAGE_CONF": str(self.file), "TMPDIR": str(self.temporary)}

    def buildah(self, *arguments: str) -> str:
        return output(["buildah", *arguments], self.environment)


def output(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """What a program writes; RuntimeError with what it says where it fails."""
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


# The base image


def _files(interpreter: Path) -> list[str]:
    """The files of Debian's Python, and the libraries that it loads."""
    version = interpreter.name
    packages = [f"{version}-minimal", f"lib{version}-minimal", f"lib{version}-stdlib"]
    listed = output(["dpkg", "-L", *packages], os.environ).splitlines()
    own = [each for each in listed if each.startswith(("/usr/bin/", "/usr/lib/")) and Path(each).is_file()]
    own = [each for each in own if not set(SPARED) & set(Path(each).parts)]
    programs = [str(interpreter), *glob.glob(f"/usr/lib/{version}/lib-dynload/*.so")]
    words = output(["ldd", *programs], os.environ).split()
    return [*own, *sorted({word for word in words if word.startswith("/lib") and ".so" in word})]


def _add_pip(root: Path, version: str) -> None:
    """pip itself and what it is to install."""
    own = Path(pip.__file__).parent
    shutil.copytree(own, root / f"usr/lib/{version}/pip", ignore=shutil.ignore_patterns("__pycache__"))
    download = ["download", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    where = ["--dest", str(root / WHEELS), "-r", str(REQUIREMENTS)]
    output([sys.executable, "-m", "pip", *download, *where], os.environ)


def make_base(store: Store, directory: Path) -> None:
    """An image with python3 and busybox's wget, as the pinned base of the reference service has them."""
    interpreter = Path("/usr/bin/python3").resolve()
    root = directory / "root"
    for file in _files(interpreter):
        place = root / file.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    for folder in ("bin", "dev", "proc", "srv", "tmp"):
        (root / folder).mkdir(exist_ok=True)
    (root / "usr/bin/python3").symlink_to(interpreter.name)
    _add_pip(root, interpreter.name)
    shutil.copy(BUSYBOX, root / "bin/busybox")
    steps = (
        "FROM scratch",
        "COPY root/ /",
        "ENV PATH=/usr/bin:/bin",
        'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
    )
    (directory / "Containerfile").write_text("\n".join(steps))
    store.buildah("build", ISOLATION, "--tag", BASE, str(directory))
