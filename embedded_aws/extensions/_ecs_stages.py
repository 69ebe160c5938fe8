# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: what a service deployment does in each of its stages, on its way to the new revision and back."""

from __future__ import annotations

from collections.abc import Callable

from botocore import xform_name
from moto.core.utils import utcnow

from . import _ecs_deployments as deployments
from . import _ecs_rollout as rollouts
from . import _ecs_traffic as traffic
from ._ecs_faults import BREAKER, Service, Settings, balancing, shifting
from ._ecs_scheduler import Fleet, event, scale

RULES = {rollouts.TEST_SHIFT: "testListenerRule", rollouts.SHIFT: "productionListenerRule"}


def reconcile(service: Service) -> None:
    """Give the traffic back to the last completed revision and stop what else runs, before anything new starts."""
    for balancer, _group in shifting(service):
        groups = [g for g in traffic.pair(balancer) if service.origin and g in service.origin.groups]
        for blue in groups:
            point(service, balancer, RULES[rollouts.SHIFT], traffic.other(balancer, blue), 0.0)
    if shifting(service):
        retire(service, [fleet for fleet in service.fleets if fleet not in (service.target, service.origin)])


def retire(service: Service, fleets: list[Fleet]) -> None:
    """Stop all tasks of these deployments, and show them no more."""
    for fleet in fleets:
        fleet.wanted = False
        scale(service, fleet)
    service.fleets = [fleet for fleet in service.fleets if fleet not in fleets]


def scale_up(service: Service) -> None:
    """Choose the target groups of the new tasks, which may run from now on."""
    service.target.groups = [group_for(service, b) for b in service.target.settings["loadBalancers"] or []]
    service.target.wanted = True


def group_for(service: Service, balancer: Settings) -> str | None:
    """A load balancer entry's target group for new tasks: for another strategy than ROLLING the one without traffic."""
    primary: str | None = balancer.get("targetGroupArn")
    serving = traffic.live(balancing(service), balancer) if balancer.get("advancedConfiguration") else None
    rolling = service.service_deployments[-1]["deploymentConfiguration"]["strategy"] == "ROLLING"
    if serving is None or service.origin is None:
        return primary
    return serving if rolling else traffic.other(balancer, serving)


def point(service: Service, balancer: Settings, name: str, green: str, share: float) -> None:
    """Give a group this percent of what the entry's rule of that name forwards, and the other group the rest."""
    wanted = traffic.weights(traffic.other(balancer, green), green, share)
    ordered = {group: wanted[group] for group in traffic.pair(balancer)}
    traffic.shift(balancing(service), balancer["advancedConfiguration"].get(name), ordered)


def shift_traffic(service: Service) -> None:
    """Rewrite the weights of the listener rules that the present stage shifts."""
    test, production = rollouts.shares(service.rollout)
    share = test if service.rollout.stage == rollouts.TEST_SHIFT else production
    for balancer, group in shifting(service):
        point(service, balancer, RULES[service.rollout.stage], group, share)


def clean_up(service: Service) -> None:
    """Stop the tasks of all other revisions."""
    retire(service, [fleet for fleet in service.fleets if fleet is not service.target])


def complete(service: Service) -> None:
    """The new revision is the one to go back to from now on."""
    service.completed = service.target
    end_deployment(service, service.target)


def end_deployment(service: Service, fleet: Fleet) -> None:
    """Mark a deployment as done; it alone is left."""
    retire(service, [other for other in service.fleets if other is not fleet])
    identifier = fleet.deployment["id"]
    deployments.settle(fleet.deployment, "COMPLETED", f"ECS deployment {identifier} completed.")
    event(service, f"(deployment {identifier}) deployment completed.")
    event(service, "has reached a steady state.")


def fail(service: Service) -> None:
    """Mark the deployment as failed, and note where a rollback leads to."""
    rollout, deployment, record = service.rollout, service.target.deployment, service.service_deployments[-1]
    said = f"{rollout.event.rstrip('.')}."
    circuit = f"ECS deployment circuit breaker: {said}"
    reason = circuit if rollout.event == BREAKER else f"ECS deployment {deployment['id']} failed: {said}"
    deployments.settle(deployment, "FAILED", reason)
    event(service, f"(deployment {deployment['id']}) deployment failed: {said}")
    if rollout.stage == rollouts.ROLLBACK_REQUESTED:
        back = {"serviceRevisionArn": service.origin.revision} if service.origin else {}
        record["rollback"] = {"reason": rollout.reason, "startedAt": utcnow(), **back}


def roll_back(service: Service) -> None:
    """Give the traffic back, stop the new tasks and make the last completed revision the service's again."""
    if service.origin is None:
        return
    give_back(service)
    target, origin = service.target, service.origin
    target.wanted, origin.wanted = False, True
    scale(service, target)
    for name, value in origin.settings.items():
        setattr(service, xform_name(name), value)
    service.fleets = [origin, target]
    identifier, breaker = origin.deployment["id"], service.rollout.event == BREAKER
    prefix = "ECS deployment circuit breaker:" if breaker else f"ECS deployment {target.deployment['id']} failed:"
    deployments.settle(origin.deployment, "IN_PROGRESS", f"{prefix} rolling back to deploymentId {identifier}.")
    event(service, f"rolling back to deployment {identifier}.")


def give_back(service: Service) -> None:
    """Undo the shifts that have been made."""
    passed = {step.stage for step in service.rollout.steps[: service.rollout.position]}
    for stage, name in RULES.items():
        for balancer, group in shifting(service) if stage in passed else []:
            point(service, balancer, name, group, 0.0)


def rolled_back(service: Service) -> None:
    """The rollback is done: the last completed deployment alone is left."""
    end_deployment(service, service.origin)


ENTER: dict[str, Callable[[Service], None]] = {
    rollouts.RECONCILE: reconcile,
    rollouts.SCALE_UP: scale_up,
    rollouts.TEST_SHIFT: shift_traffic,
    rollouts.SHIFT: shift_traffic,
    rollouts.CLEAN_UP: clean_up,
    rollouts.SUCCESSFUL: complete,
    rollouts.ROLLBACK_REQUESTED: fail,
    rollouts.STOP_REQUESTED: fail,
    rollouts.ROLLING_BACK: roll_back,
    rollouts.ROLLED_BACK: rolled_back,
}
