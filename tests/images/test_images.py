# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Images as an operator builds and pushes them, and the reference service as it runs."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.tests.images import canary, servers
from ansible_collections.uex.payments.tests.images.conftest import (
    HIGH,
    IMAGES,
    LOW,
    MIGRATIONS,
    NAME,
    PLAIN,
    SERVICES,
    Push,
    Workplace,
)
from ansible_collections.uex.payments.tests.images.servers import START_SECONDS
from ansible_collections.uex.payments.tests.support.emulator import free_port
from ansible_collections.uex.payments.tests.support.playbooks import ROOT, Done
from embedded_aws import scans

#: buildah pushes lists of images with fewer options than images.
NO_OPTIONS: dict[str, list[str]] = {"operations_push_images_options": []}


def rows(done: Done) -> dict[str, list[str]]:
    """The table's words by image."""
    words = [line.split() for line in done.stdout.splitlines() if line.startswith("  ")]
    return {line[0]: line[1:] for line in words if line and line[0] in IMAGES}


def succeeded(done: Done) -> Done:
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def failed(done: Done) -> str:
    """What a run that failed said, on one line."""
    assert done.returncode == 2, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


# Builds


def test_a_check_says_what_would_be_built_and_builds_nothing(build_checked: Done) -> None:
    assert {name: " ".join(words[2:]) for name, words in rows(succeeded(build_checked)).items()} == dict.fromkeys(
        IMAGES, "would be built"
    )


def test_every_image_is_built_with_the_commit_as_its_tag(workplace: Workplace, built: Done) -> None:
    shown = {tuple(words[:3]) for words in rows(succeeded(built)).values()}
    assert shown == {(workplace.tag, "amd64", "built")}
    assert sorted(rows(built)) == sorted(IMAGES)


def test_an_image_says_what_it_was_made_of_but_no_login(workplace: Workplace, built: Done) -> None:
    labels = workplace.local("presentation", workplace.tag)["OCIv1"]["config"]["Labels"]
    found = {name.rpartition(".")[2]: text for name, text in labels.items() if name.startswith("org.opencontainers")}
    assert found == {
        "created": found["created"],
        "revision": workplace.git("rev-parse", "HEAD"),
        "source": "https://git.example.com/uex.git",
        "title": "presentation",
        "version": workplace.tag,
    }


def test_a_second_build_is_quick_and_changes_nothing(built_again: Done) -> None:
    assert {words[2] for words in rows(succeeded(built_again)).values()} == {"unchanged"}
    assert "changed=0" in built_again.stdout


# Pushes


def test_a_check_says_what_would_be_pushed_and_asks_for_no_login(workplace: Workplace, push_checked: Done) -> None:
    assert {" ".join(words[2:]) for words in rows(succeeded(push_checked)).values()} == {"would be pushed"}


def test_what_is_in_the_registry_is_what_was_built_and_ecr_knows_it(workplace: Workplace, pushed: Push) -> None:
    succeeded(pushed.done)
    for name in IMAGES:
        found = workplace.registry.inspect(f"{NAME}/{name}", workplace.tag)
        (known,) = workplace.ecr().describe_images(
            repositoryName=f"{NAME}/{name}", imageIds=[{"imageTag": workplace.tag}]
        )["imageDetails"]
        raw = workplace.registry.inspect(f"{NAME}/{name}", workplace.tag, "--raw")
        assert known["imageDigest"] == found["Digest"]
        assert raw["config"]["digest"] == f"sha256:{workplace.local(name, workplace.tag)['FromImageID']}"


def test_a_push_waits_for_the_scan_and_ends_with_the_command_that_deploys(workplace: Workplace, pushed: Push) -> None:
    shown = rows(pushed.done)
    assert (shown["presentation"][2:], shown["client-tier"][2:]) == (
        ["pushed", "1", "LOW"],
        ["pushed", "no", "findings"],
    )
    words = f"-e image_tag={workplace.tag} -e service={','.join(sorted(SERVICES))}"
    command = f"deploy: ansible-playbook playbooks/deploy.yml -i inventories/dev -i inventories/embedded {words}"
    assert command in pushed.done.stdout
    assert "presentation in_progress" in pushed.done.stdout


def test_the_login_is_in_no_output_no_file_and_no_process(
    directory: Path, begun: float, secret: str, pushed: Push, pushed_again: Done
) -> None:
    assert any("buildah push" in command for command in pushed.watch.seen)
    assert pushed.watch.shown == set()
    for text in (pushed.done.stdout, pushed.done.stderr, pushed_again.stdout):
        assert not canary.shows(text.encode(), secret)
    home = [Path.home() / name for name in (".ansible", ".cache", ".config", ".docker")]
    shared = [Path("/dev/shm"), Path("/run/containers"), Path("/var/lib/containers")]
    folders = [directory, ROOT / ".ansible", *shared, *home]
    assert canary.files(folders, secret, begun) == []


def test_the_search_finds_a_login_that_is_there(directory: Path, secret: str, begun: float) -> None:
    planted = directory / "planted"
    planted.write_bytes(canary.forms(secret)[1])
    process = subprocess.Popen(["sleep", "60", secret[:0] or "0"], env={**os.environ, "PLANTED": secret})
    watch = canary.Watch(secret)
    watch.look()
    process.kill()
    process.wait()
    assert canary.files([directory], secret, begun) == [planted]
    assert len(watch.shown) == 1
    planted.unlink()


def test_a_second_push_changes_nothing_and_asks_the_scan_again(pushed_again: Done) -> None:
    shown = rows(succeeded(pushed_again))
    assert {words[2] for words in shown.values()} == {"unchanged"}
    assert shown["presentation"][3:] == ["1", "LOW"]
    assert "changed=0" in pushed_again.stdout


def test_a_finding_above_the_threshold_stops_the_run(workplace: Workplace, pushed_again: Done) -> None:
    scans.steer(workplace.port, {f"{NAME}/client-tier": {"findings": [LOW, HIGH]}})
    said = failed(workplace.play("push_images", images=SERVICES))
    assert "client-tier: findings of HIGH or above: 1 CVE-2026-2 HIGH openssl 3.0" in said
    assert "deploy:" not in said
    scans.reset(workplace.port)


@pytest.mark.everything
def test_another_build_of_a_commit_that_is_pushed_is_no_obstacle(workplace: Workplace, pushed_again: Done) -> None:
    before = workplace.local(PLAIN, workplace.tag)["FromImageID"]
    for tag in (f"{workplace.tag}-amd64", workplace.tag):
        workplace.store.buildah("rmi", f"localhost/uex-payments/{PLAIN}:{tag}")
    succeeded(workplace.play("build_images", "-e", "rebuild=true", images=(PLAIN,)))
    assert workplace.local(PLAIN, workplace.tag)["FromImageID"] != before
    shown = rows(succeeded(workplace.play("push_images", images=(PLAIN,))))
    assert " ".join(shown[PLAIN][2:]).startswith("unchanged, another build of this commit")


# What is refused, and what fails, each with a commit of its own


@pytest.mark.everything
def test_an_immutable_tag_with_another_image_is_refused(workplace: Workplace, pushed_again: Done) -> None:
    old = workplace.tag
    workplace.write(PLAIN, "runner", "two")
    workplace.commit()
    succeeded(workplace.play("build_images", "-e", f"tag={old}", images=(PLAIN,)))
    said = failed(workplace.play("push_images", "-e", f"tag={old}", images=(PLAIN,)))
    assert f"{PLAIN}: {NAME}/{PLAIN}:{old} is in ECR already" in said
    assert "the tag is immutable" in said


@pytest.mark.everything
def test_what_is_not_committed_is_marked_and_not_pushed_unless_said(workplace: Workplace, pushed_again: Done) -> None:
    workplace.write(PLAIN, "runner", "three")
    tag = f"{workplace.tag}-dirty"
    assert rows(succeeded(workplace.play("build_images", images=(PLAIN,))))[PLAIN][0] == tag
    assert "is not what is committed" in failed(workplace.play("push_images", images=(PLAIN,)))
    said = succeeded(workplace.play("push_images", "-e", "dirty=true", images=(PLAIN,)))
    assert rows(said)[PLAIN][:3] == [tag, "amd64", "pushed"]
    workplace.git("checkout", "-q", ".")


def test_a_failing_build_shows_its_step_and_its_last_lines_and_ends_no_other(
    workplace: Workplace, pushed_again: Done
) -> None:
    steps = 'ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nRUN echo begun\nRUN echo "no compiler here" >&2 && exit 7\n'
    workplace.write("presentation", "Containerfile", steps)
    workplace.write(PLAIN, "runner", "four")
    workplace.commit()
    done = workplace.play("build_images", images=("presentation", PLAIN))
    said = failed(done)
    assert "presentation (X86_64): the build ended at STEP 3/" in said
    assert "no compiler here" in said
    assert [words[2] for words in rows(done).values()] == ["failed", "built"]


def test_two_architectures_are_pushed_as_one_and_each_is_scanned(workplace: Workplace, pushed_again: Done) -> None:
    both = ("-e", json.dumps({"operations_build_images_architectures": ["X86_64", "ARM64"], **NO_OPTIONS}))
    workplace.write(PLAIN, "runner", "five")
    tag = workplace.commit()
    succeeded(workplace.play("build_images", *both, images=(PLAIN,)))
    scans.steer(workplace.port, {f"{NAME}/{PLAIN}": {"findings": [LOW]}})
    assert rows(succeeded(workplace.play("push_images", *both, images=(PLAIN,))))[PLAIN] == [
        *(tag, "amd64", "arm64", "pushed", "1", "LOW")
    ]
    raw = workplace.registry.inspect(f"{NAME}/{PLAIN}", tag, "--raw")
    assert [each["platform"]["architecture"] for each in raw["manifests"]] == ["amd64", "arm64"]
    for each in ("amd64", "arm64"):
        config = workplace.registry.inspect(f"{NAME}/{PLAIN}", tag, "--config", "--override-arch", each)
        assert config["architecture"] == each
    scans.reset(workplace.port)


# The reference service


@pytest.fixture
def served(workplace: Workplace, pushed: Push) -> Any:
    """The built image as ECS runs it, but for its network: a read-only root, nobody's rights. Its port and its root."""
    container = workplace.store.buildah("from", f"localhost/uex-payments/presentation:{pushed.tag}")
    root = workplace.store.buildah("mount", container)
    port = free_port()
    about = {
        "PORT": str(port),
        "SERVICE_NAME": "presentation",
        "SERVICE_PATH": "/presentation",
        "PATH": servers.PATH,
    }
    script = "; ".join(
        (
            'set -e; mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"',
            'exec chroot --userspec=1000:1000 "$1" python3 /srv/server.py',
        )
    )
    process = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script, "sh", root],
        env={**os.environ, **about},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process, port, root
    process.kill()
    workplace.store.buildah("rm", container)


def asked(port: int, path: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return 0, None


def test_the_reference_service_answers_as_the_health_checks_ask(served: Any) -> None:
    process, port, root = served
    _wait.until(lambda: asked(port, "/health"), lambda found: bool(found[0]), "an answer", START_SECONDS, pause=0.1)
    assert asked(port, "/health") == (200, {"service": "presentation", "status": "ok"})
    assert asked(port, "/presentation/pay?card=1") == (200, {"service": "presentation", "path": "/presentation/pay"})
    assert asked(port, "/management")[0] == 404
    owner = Path(f"/proc/{process.pid}").stat().st_uid
    command = [
        "chroot",
        "--userspec=1000:1000",
        root,
        "/bin/sh",
        "-c",
        f"wget -q -O - http://127.0.0.1:{port}/health",
    ]
    assert subprocess.run(command, env={"PATH": servers.PATH}, check=False).returncode == 0
    process.terminate()
    text, _errors = process.communicate(timeout=START_SECONDS)
    assert (owner, process.returncode) == (1000, 0)
    assert [json.loads(line)["path"] for line in text.splitlines()] == ["/presentation/pay", "/management"]


def test_the_migrations_image_has_what_its_program_needs(workplace: Workplace, pushed: Push) -> None:
    container = workplace.store.buildah("from", f"localhost/uex-payments/{MIGRATIONS}:{pushed.tag}")
    root = workplace.store.buildah("mount", container)
    script = "cd /srv && exec python3 -m migrations status"
    command = ["chroot", "--userspec=1000:1000", root, "/bin/sh", "-c", script]
    environment = {"PATH": servers.PATH, "PYTHONPATH": "/srv/packages"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "DATABASE_HOST" in done.stdout + done.stderr
    workplace.store.buildah("rm", container)
