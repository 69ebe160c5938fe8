#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_image
short_description: Push container images to ECR, and let no findings pass
description:
  - Pushes what M(uex.payments.container_image) has built, by the same engine, each image under its tag to its
    repository. Of several architectures, a list of images.
  - What ECR has already is left as it is. A tag that can't be moved and holds another image is refused before
    anything is pushed.
  - ECR's login is handed to the engine in a file in memory. It is on no disk, in no command line and in no output.
  - Waits for the scan of each image and fails with the findings from a severity on. The image is in ECR then; nothing
    runs it by itself.
version_added: "0.1.0"
requirements:
  - Linux
  - docker, podman or buildah
options:
  engine:
    description: The program that has built and that pushes. V(auto) takes the first of docker, podman and buildah that
      answers.
    type: str
    choices: [auto, docker, podman, buildah]
    default: auto
  images:
    description: What to push.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Short name, such as the service's.
        type: str
        required: true
      image:
        description: Name in the engine's store without a tag.
        type: str
        required: true
      repository_name:
        description: Full name of the repository.
        type: str
        required: true
      context:
        description: Folder that it was built from, whose commit is the tag.
        type: path
        required: true
      containerfile:
        description: File with the steps, from the context.
        type: str
        default: ""
      arguments:
        description: Build arguments by name.
        type: dict
        default: {}
      target:
        description: Stage of the file that was built.
        type: str
        default: ""
      architectures:
        description: What to push.
        type: list
        elements: str
        choices: [X86_64, ARM64]
        required: true
  tag:
    description: The tag, in place of the commit.
    type: str
    default: ""
  build_options:
    description: The options that were given to M(uex.payments.container_image). What was built in another way is not
      pushed.
    type: list
    elements: str
    default: []
  dirty:
    description: Whether what is not committed is pushed too.
    type: bool
    default: false
  options:
    description: Further options of the engine's command C(push), or C(manifest push) where several architectures are
      pushed as one.
    type: list
    elements: str
    default: []
  workers:
    description: How many images are pushed at a time.
    type: int
    default: 2
  scan:
    description: What is expected of the scan.
    type: dict
    default: {}
    suboptions:
      threshold:
        description: Severity from which a finding is a failure. V(none) lets all pass and waits for no scan.
        type: str
        choices: [CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, none]
        default: HIGH
      allowed:
        description: The last day on which a finding is accepted, as C(YYYY-MM-DD), by its name.
        type: dict
        default: {}
      required:
        description: Whether an image that can't be scanned is a failure.
        type: bool
        default: true
      deadline:
        description: Seconds until the scan must be over.
        type: int
        default: 900
  build_command:
    description: Command that builds, for messages.
    type: str
    default: build it first
  registry_command:
    description: Command that makes repositories, for messages.
    type: str
    default: make it first
  deploy_command:
    description: Command that deploys, with which the table ends. C(-e image_tag=...) is added, and C(-e service=...)
      where it is not all of O(services).
    type: str
    default: ""
  services:
    description: Names of all services, which are what is deployed.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Says what would be pushed. Asks for no login, and looks once at the scans of what ECR has.
    support: full
"""

EXAMPLES = r"""
- name: An image is in ECR and has no finding that counts
  uex.payments.ecr_image:
    images:
      - name: presentation
        image: localhost/uex-payments/presentation
        repository_name: uex-payments-dev/presentation
        context: ../presentation
        architectures: [X86_64]
    scan: {threshold: CRITICAL}
"""

RETURN = r"""
images:
  description: By name the C(repository_name), the C(tag), the C(digest) in ECR, whether it was C(pushed), and the
    C(findings) by severity.
  returned: success
  type: dict
table:
  description: All of it for a person, line by line.
  returned: always
  type: list
  elements: str
"""

import platform
from datetime import UTC, datetime
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import (
    _commands,
    _engines,
    _image_scans,
    _progress,
    _registry_login,
)
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._image_builds import Builder
from ansible_collections.uex.payments.plugins.module_utils._image_pusher import Pusher, table
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module


def pushed(module: Any) -> tuple[Pusher, list[str]]:
    """Everything but the exit: what became of each image, and what is wrong with it."""
    options, execute = module.params, _commands.executor(module)
    rules = _image_scans.gate(options["scan"], datetime.now(UTC).date())
    engine = _engines.chosen(options["engine"], lambda command: execute(command, {}))
    machine = _engines.MACHINES.get(platform.machine().lower(), platform.machine())
    builder = Builder(execute, engine, options["build_options"], machine)
    pusher = Pusher(connector(module), builder, options, rules, _progress.say)
    return pusher, pusher.run(module.check_mode)


def main() -> None:
    module = new_module(DOCUMENTATION)
    try:
        pusher, wrong = pushed(module)
    except (ValueError, _engines.EngineMissing, _commands.CommandFailed, _registry_login.NoLogin) as error:
        module.fail_json(msg=str(error), actions=[], table=[])
    except Exception as error:
        module.fail_json(msg=str(failure("images", "push", error)), actions=[], table=[])
    shown = table(pusher, "" if wrong else module.params["deploy_command"])
    if wrong:
        module.fail_json(msg="\n".join(wrong), changed=pusher.changed, actions=[], table=shown)
    module.exit_json(changed=pusher.changed, actions=[], table=shown, images=pusher.result())


if __name__ == "__main__":
    main()
