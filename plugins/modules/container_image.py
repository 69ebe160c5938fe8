#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: container_image
short_description: Build container images from their contexts
description:
  - Builds each image with docker, podman or buildah, whichever is there, once for each architecture.
  - The tag is the git commit that the context is at, 12 characters of it. What is not committed is marked C(-dirty).
  - An image that the engine has already, of the same commit and built in the same way, is left as it is.
  - The images stay in the engine's own store, as C(<image>:<tag>-amd64) or C(<image>:<tag>-arm64); what this machine
    runs is C(<image>:<tag>) too. M(uex.payments.ecr_image) pushes them.
  - A failed build doesn't end the others. It is told with the step and the last lines of its output.
version_added: "0.1.0"
requirements:
  - docker, podman or buildah
  - git, unless O(tag) is given and the contexts are in no repository
options:
  engine:
    description: The program that builds. V(auto) takes the first of docker, podman and buildah that answers.
    type: str
    choices: [auto, docker, podman, buildah]
    default: auto
  images:
    description: What to build.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Short name, such as the service's.
        type: str
        required: true
      image:
        description: Name in the engine's store without a tag, such as V(localhost/uex-payments/presentation).
        type: str
        required: true
      context:
        description: Folder that is built from.
        type: path
        required: true
      containerfile:
        description: File with the steps, from the context. C(Containerfile) or C(Dockerfile) unless given.
        type: str
        default: ""
      arguments:
        description: Build arguments by name. They can be read in the image, so names of secrets are refused.
        type: dict
        default: {}
      target:
        description: Stage of the file to build; the last one unless given.
        type: str
        default: ""
      architectures:
        description: What to build for.
        type: list
        elements: str
        choices: [X86_64, ARM64]
        required: true
  tag:
    description: The tag, in place of the commit.
    type: str
    default: ""
  options:
    description: Further options of the engine's command C(build), such as V(--isolation=chroot).
    type: list
    elements: str
    default: []
  rebuild:
    description: Builds what is there already too, for instance because a base image has moved.
    type: bool
    default: false
  workers:
    description: How many images are built at a time.
    type: int
    default: 2
  next_step:
    description: Command that the table ends with.
    type: str
    default: ""
attributes:
  check_mode:
    description: Looks at git and at the engine's store, and says what would be built.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
author:
  - UEX Payments (@uex)
"""

EXAMPLES = r"""
- name: An image for two architectures
  uex.payments.container_image:
    images:
      - name: presentation
        image: localhost/uex-payments/presentation
        context: ../presentation
        architectures: [X86_64, ARM64]
"""

RETURN = r"""
engine:
  description: What built.
  returned: success
  type: str
images:
  description: By name the C(tag), the C(commit), whether the tree was C(dirty), the C(images) by architecture with
    their names, and the C(identities), the digests of their configurations.
  returned: success
  type: dict
table:
  description: All of it for a person, line by line.
  returned: always
  type: list
  elements: str
"""

import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.uex.payments.plugins.module_utils import (
    _commands,
    _engines,
    _image_builds,
    _options,
    _progress,
)
from ansible_collections.uex.payments.plugins.module_utils._image_builds import Builder, Built, Wish

Plan = Mapping[str, list[str]]


def wishes(builder: Builder, options: Mapping[str, Any]) -> dict[str, Wish]:
    """What is wanted, by name. ValueError with all that stands in the way."""
    found = builder.wishes(options["images"], options["tag"])
    can = _image_builds.emulated(builder.engine)
    texts = {name: Path(wish.source.containerfile).read_text(encoding="utf-8") for name, wish in found.items()}
    wrong = [_image_builds.emulation(wish, texts[name], builder.machine, can) for name, wish in found.items()]
    if any(wrong):
        raise ValueError("\n".join(filter(None, wrong)))
    return found


def carried_out(builder: Builder, wanted: Mapping[str, Wish], plan: Plan, workers: int) -> dict[str, Built]:
    """What became of each; those that are there already come first."""

    def work(name: str) -> Built:
        built = builder.build(wanted[name], plan[name])
        if plan[name]:
            outcome = "failed" if built.problem else "built"
            _progress.say(f"{name}:{built.tag} {outcome} after {built.seconds:.1f} s")
        return built

    order = sorted(wanted, key=lambda name: bool(plan[name]))
    return _image_builds.each_in_turn(order, work, workers, _progress.say, "still building")


def row(built: Built | None, missing: list[str]) -> tuple[str, str]:
    """What a person sees of an image; without an outcome, what would become of it."""
    if not missing:
        return "unchanged", ""
    if built is None:
        return "would be built", ""
    if built.problem:
        return "failed", ""
    return "built" if built.changed else "unchanged", f"{built.seconds:.1f} s"


def outcome(wish: Wish, built: Built | None) -> dict[str, Any]:
    made = {"images": dict(built.images), "identities": dict(built.identities)} if built else {}
    return {"tag": wish.tag, "commit": wish.source.commit, "dirty": wish.source.dirty, **made}


def main() -> None:
    if not _options.HAS_YAML:
        AnsibleModule({}).fail_json(msg=missing_required_lib("PyYAML"))
    module = AnsibleModule(_options.argument_spec(DOCUMENTATION, {}), supports_check_mode=True)
    options, execute = module.params, _commands.executor(module)
    machine = _engines.MACHINES.get(platform.machine().lower(), platform.machine())
    try:
        engine = _engines.chosen(options["engine"], lambda command: execute(command, {}))
        builder = Builder(execute, engine, options["options"], machine)
        wanted = wishes(builder, options)
        plan = {name: builder.missing(wish, options["rebuild"]) for name, wish in wanted.items()}
        done = {} if module.check_mode else carried_out(builder, wanted, plan, options["workers"])
    except (ValueError, _engines.EngineMissing, _commands.CommandFailed) as error:
        module.fail_json(msg=str(error), table=[])
    rows = {name: row(done.get(name), plan[name]) for name in wanted}
    failed = [each.problem for each in done.values() if each.problem]
    table = _image_builds.table(engine, wanted, rows, "" if failed else options["next_step"])
    changed = any(each.changed for each in done.values()) if done else any(plan.values())
    if failed:
        module.fail_json(msg="\n\n".join(failed), changed=changed, table=table)
    images = {name: outcome(wish, done.get(name)) for name, wish in wanted.items()}
    module.exit_json(changed=changed, engine=engine, images=images, table=table)


if __name__ == "__main__":
    main()
