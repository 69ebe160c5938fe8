# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECS: clusters and account settings as AWS keeps them."""

from __future__ import annotations

from copy import copy
from typing import Any

from moto.core.responses import ActionResult, PaginatedResult
from moto.ecs.exceptions import ClusterNotFoundException, ECSException, InvalidParameterException
from moto.ecs.models import AccountSetting, Cluster, EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse as Response

from ._ecs_connect import namespace_arn
from ._ecs_progress import converge_cluster
from ._operations import add
from ._patch import after

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
INSIGHTS = ("enabled", "disabled", "enhanced")
DEFAULT_SETTINGS = {
    "awsvpcTrunking": "disabled",
    "containerInsights": "disabled",
    "containerInstanceLongArnFormat": "enabled",
    "defaultLogDriverMode": "non-blocking",
    "fargateFIPSMode": "disabled",
    "fargateTaskRetirementWaitPeriod": "7",
    "guardDutyActivate": "off",
    "serviceLongArnFormat": "enabled",
    "tagResourceAuthorization": "off",
    "taskLongArnFormat": "enabled",
}
# The members of a cluster that DescribeClusters answers only when they are asked for, and what stands there otherwise.
INCLUDABLE: dict[str, tuple[str, Any]] = {"SETTINGS": ("settings", []), "CONFIGURATIONS": ("configuration", None)}


def merged_settings(current: list[dict[str, str]], given: list[dict[str, str]]) -> list[dict[str, str]]:
    """The cluster's settings after an update: by name, the given ones win."""
    values = {setting["name"]: setting["value"] for setting in [*current, *given]}
    return [{"name": name, "value": value} for name, value in values.items()]


def check_settings(settings: list[dict[str, str]] | None) -> None:
    """Raise InvalidParameterException for a value AWS doesn't know."""
    for setting in settings or []:
        if setting["name"] == "containerInsights" and setting["value"] not in INSIGHTS:
            raise InvalidParameterException(f"setting value should be one of [{','.join(INSIGHTS)}]")


def check_providers(backend: EC2ContainerServiceBackend, names: list[str], strategy: list[dict[str, Any]]) -> None:
    """Raise InvalidParameterException for a provider that doesn't exist, or a strategy that uses one not associated."""
    for name in names:
        if name not in FARGATE_PROVIDERS and not backend._get_provider(name):
            raise InvalidParameterException("The specified capacity provider was not found.")
    for item in strategy:
        if item["capacityProvider"] not in names:
            raise InvalidParameterException(
                "The specified capacity provider strategy contains a capacity provider that is not associated with the "
                "cluster."
            )


_create_cluster = Response.create_cluster
_update_cluster = Response.update_cluster
_delete_cluster = Response.delete_cluster
_put_providers = Response.put_cluster_capacity_providers


def resolve_connect_defaults(self: Response) -> None:
    """Put the namespace's ARN where the caller gave its name, and make the namespace if there is none, as ECS does."""
    defaults = self._get_param("serviceConnectDefaults")
    if defaults and defaults["namespace"]:
        arn = namespace_arn(self.ecs_backend, defaults["namespace"], create=True)
        self.params["serviceConnectDefaults"] = {"namespace": arn}


def create_cluster(self: Response) -> ActionResult:
    """CreateCluster; the name of an active cluster answers that cluster unchanged."""
    existing = self.ecs_backend.clusters.get(self._get_param("clusterName", "default"))
    if existing and existing.status == "ACTIVE":
        return ActionResult({"cluster": existing})
    check_settings(self._get_param("settings"))
    providers = self._get_param("capacityProviders", [])
    strategy = self._get_param("defaultCapacityProviderStrategy", [])
    check_providers(self.ecs_backend, providers, strategy)
    resolve_connect_defaults(self)
    insights = {"name": "containerInsights", "value": effective_setting(self.ecs_backend, "containerInsights")}
    self.params["settings"] = merged_settings([insights], self._get_param("settings", []))
    self.params.update(capacityProviders=providers, defaultCapacityProviderStrategy=strategy)
    return _create_cluster(self)


def update_cluster(self: Response) -> ActionResult:
    """UpdateCluster: settings, configuration and the Service Connect default, each left alone when not given."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster"))
    check_settings(self._get_param("settings"))
    resolve_connect_defaults(self)
    if self._get_param("settings"):
        self.params["settings"] = merged_settings(cluster.settings, self._get_param("settings"))
    return _update_cluster(self)


def update_cluster_settings(self: Response) -> ActionResult:
    """UpdateClusterSettings: the given settings, by name."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster"))
    check_settings(self._get_param("settings"))
    cluster.settings = merged_settings(cluster.settings, self._get_param("settings"))
    return ActionResult({"cluster": cluster})


def put_cluster_capacity_providers(self: Response) -> ActionResult:
    """PutClusterCapacityProviders replaces both lists, after they are checked."""
    strategy = self._get_param("defaultCapacityProviderStrategy", [])
    check_providers(self.ecs_backend, self._get_param("capacityProviders", []), strategy)
    return _put_providers(self)


def delete_cluster(self: Response) -> ActionResult:
    """DeleteCluster, refused while services are active or tasks run."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster"))
    count(self.ecs_backend, cluster)
    if cluster.active_services_count:
        raise ECSException(
            "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active."
        )
    if cluster.running_tasks_count or cluster.pending_tasks_count:
        raise ECSException("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")
    return _delete_cluster(self)


def count(backend: EC2ContainerServiceBackend, cluster: Cluster) -> None:
    """Bring the cluster's counters up to date: active services, running and pending tasks."""
    converge_cluster(backend, cluster)
    services = [s for s in backend.services.values() if s.cluster_name == cluster.name and s.status != "INACTIVE"]
    statuses = [task.last_status for task in backend.tasks.get(cluster.name, {}).values()]
    cluster.active_services_count = len(services)
    cluster.running_tasks_count = statuses.count("RUNNING")
    cluster.pending_tasks_count = sum(service.pending_count for service in services)


def counted(self: EC2ContainerServiceBackend, result: tuple[list[Cluster], list[Any]], *_: Any) -> Any:
    """After the backend's describe_clusters: fresh counters on every cluster."""
    for cluster in result[0]:
        count(self, cluster)
    return result


def only_included(self: Response, result: ActionResult) -> ActionResult:
    """After DescribeClusters: settings and configuration only for a caller who included them."""
    body: Any = result.result
    hidden = [member for name, member in INCLUDABLE.items() if name not in self._get_param("include", [])]
    body["clusters"] = [copy(cluster) for cluster in body["clusters"]]
    for cluster in body["clusters"]:
        for member, empty in hidden:
            setattr(cluster, member, empty)
        cluster.statistics = statistics(cluster) if "STATISTICS" in self._get_param("include", []) else []
    return result


def statistics(cluster: Cluster) -> list[dict[str, str]]:
    """What DescribeClusters counts by launch type; services never drain here, they end at once."""
    counts = {
        "activeFargateServiceCount": cluster.active_services_count,
        "drainingFargateServiceCount": 0,
        "pendingFargateTasksCount": cluster.pending_tasks_count,
        "runningFargateTasksCount": cluster.running_tasks_count,
    }
    return [{"name": name, "value": str(value)} for name, value in counts.items()]


def list_clusters(self: Response) -> ActionResult:
    """ListClusters, which leaves deleted ones out."""
    clusters = self.ecs_backend.clusters.values()
    return PaginatedResult({"clusterArns": [cluster.arn for cluster in clusters if cluster.status == "ACTIVE"]})


def active_only(self: EC2ContainerServiceBackend, result: Cluster, *_: Any) -> Cluster:
    """After the backend's _get_cluster: a deleted cluster can be described, and nothing else."""
    if result.status != "ACTIVE":
        raise ClusterNotFoundException
    return result


def effective_setting(backend: EC2ContainerServiceBackend, name: str) -> str:
    """The account setting in force: the stored one, or AWS's default."""
    stored = backend.account_settings.get(name)
    return stored.value if stored else DEFAULT_SETTINGS[name]


def put_account_setting_default(self: Response) -> ActionResult:
    """PutAccountSettingDefault (and PutAccountSetting: the embedded account has one principal, its root)."""
    name, value = self._get_param("name"), self._get_param("value")
    if name not in DEFAULT_SETTINGS:
        raise InvalidParameterException(f"{name} should be one of [{','.join(DEFAULT_SETTINGS)}]")
    return ActionResult({"setting": described(self, self.ecs_backend.put_account_setting(name, value))})


def described(self: Response, setting: AccountSetting) -> dict[str, str]:
    """A setting in the words of the API."""
    principal = f"arn:{self.partition}:iam::{self.current_account}:root"
    return {"name": setting.name, "value": setting.value, "principalArn": principal, "type": "user"}


def list_account_settings(self: Response) -> ActionResult:
    """ListAccountSettings; with effectiveSettings also the defaults nobody changed."""
    name, value = self._get_param("name"), self._get_param("value")
    stored = dict(self.ecs_backend.account_settings)
    if self._get_param("effectiveSettings"):
        stored = {**{key: AccountSetting(key, default) for key, default in DEFAULT_SETTINGS.items()}, **stored}
    found = [described(self, s) for s in stored.values() if name in (None, s.name) and value in (None, s.value)]
    return PaginatedResult({"settings": found})


def own_transformers(self: Response, result: None) -> None:
    """After __init__: what one request includes in its answer must not leak into another thread's."""
    self.RESPONSE_KEY_PATH_TO_TRANSFORMER = dict(type(self).RESPONSE_KEY_PATH_TO_TRANSFORMER)


OPERATIONS = (
    create_cluster,
    update_cluster,
    update_cluster_settings,
    put_cluster_capacity_providers,
    delete_cluster,
    list_clusters,
    put_account_setting_default,
    list_account_settings,
)


def install() -> None:
    """Add the operations and checks to moto's ECS; a second call changes nothing."""
    add(Response, *OPERATIONS)
    Response.put_account_setting = put_account_setting_default  # type: ignore[method-assign]
    after(Response, "__init__", own_transformers)
    after(Response, "describe_clusters", only_included)
    after(EC2ContainerServiceBackend, "describe_clusters", counted)
    after(EC2ContainerServiceBackend, "_get_cluster", active_only)
