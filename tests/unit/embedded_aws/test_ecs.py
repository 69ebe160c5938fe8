# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's ECS: clusters, task definitions, services and their deployments."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.tests.support.ecs_estate import (
    ACCOUNT,
    FAST,
    REGISTRY,
    ROLE,
    Estate,
    address,
    push,
    refused,
)

pytestmark = pytest.mark.usefixtures("aws")


class TestClusters:
    """Clusters and account settings."""

    def test_settings_configuration_and_defaults_are_read_back(self) -> None:
        """Everything a cluster takes comes back, the Service Connect default as the ARN of a namespace made for it."""
        ecs = boto3.client("ecs")
        strategy = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}]
        log = {"cloudWatchLogGroupName": "/exec", "cloudWatchEncryptionEnabled": True}
        ecs.create_cluster(
            clusterName="pay",
            settings=[{"name": "containerInsights", "value": "enhanced"}],
            configuration={"executeCommandConfiguration": {"logging": "OVERRIDE", "logConfiguration": log}},
            capacityProviders=["FARGATE", "FARGATE_SPOT"],
            defaultCapacityProviderStrategy=strategy,
            serviceConnectDefaults={"namespace": "pay.local"},
            tags=[{"key": "Layer", "value": "compute"}],
        )
        include = ["SETTINGS", "CONFIGURATIONS", "TAGS"]
        cluster = ecs.describe_clusters(clusters=["pay"], include=include)["clusters"][0]
        namespace = boto3.client("servicediscovery").list_namespaces()["Namespaces"][0]
        assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
        assert cluster["configuration"]["executeCommandConfiguration"]["logConfiguration"] == log
        assert cluster["defaultCapacityProviderStrategy"] == strategy
        assert (namespace["Name"], cluster["serviceConnectDefaults"]["namespace"]) == ("pay.local", namespace["Arn"])
        assert cluster["tags"] == [{"key": "Layer", "value": "compute"}]

    def test_settings_come_only_when_included(self) -> None:
        """DescribeClusters without include says nothing of settings."""
        ecs = boto3.client("ecs")
        ecs.create_cluster(clusterName="pay")
        assert ecs.describe_clusters(clusters=["pay"])["clusters"][0]["settings"] == []

    def test_updates(self) -> None:
        """Settings, configuration and capacity providers change, each by its own call."""
        ecs = boto3.client("ecs")
        ecs.create_cluster(clusterName="pay")
        enhanced = [{"name": "containerInsights", "value": "enhanced"}]
        assert ecs.update_cluster_settings(cluster="pay", settings=enhanced)["cluster"]["settings"] == enhanced
        ecs.update_cluster(cluster="pay", configuration={"executeCommandConfiguration": {"logging": "NONE"}})
        strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]
        ecs.put_cluster_capacity_providers(
            cluster="pay", capacityProviders=["FARGATE_SPOT"], defaultCapacityProviderStrategy=strategy
        )
        cluster = ecs.describe_clusters(clusters=["pay"], include=["SETTINGS", "CONFIGURATIONS"])["clusters"][0]
        assert cluster["configuration"] == {"executeCommandConfiguration": {"logging": "NONE"}}
        assert (cluster["settings"], cluster["defaultCapacityProviderStrategy"]) == (enhanced, strategy)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"settings": [{"name": "containerInsights", "value": "loud"}]},
            {"capacityProviders": ["NOWHERE"]},
            {"defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]},
        ],
    )
    def test_refused(self, wrong: dict[str, Any]) -> None:
        """Unknown values, providers and strategies are InvalidParameterException."""
        with refused("InvalidParameterException"):
            boto3.client("ecs").create_cluster(clusterName="pay", **wrong)

    def test_a_second_create_keeps_the_cluster(self) -> None:
        """CreateCluster with the name of an active cluster answers it unchanged."""
        ecs = boto3.client("ecs")
        ecs.create_cluster(clusterName="pay", tags=[{"key": "a", "value": "b"}])
        ecs.create_cluster(clusterName="pay")
        assert ecs.describe_clusters(clusters=["pay"], include=["TAGS"])["clusters"][0]["tags"]

    def test_a_deleted_cluster_is_inactive_and_unusable(self) -> None:
        """It can be described, isn't listed, and its name is free again."""
        ecs = boto3.client("ecs")
        ecs.create_cluster(clusterName="pay")
        assert ecs.delete_cluster(cluster="pay")["cluster"]["status"] == "INACTIVE"
        assert ecs.list_clusters()["clusterArns"] == []
        with refused("ClusterNotFoundException"):
            ecs.list_services(cluster="pay")
        assert ecs.create_cluster(clusterName="pay")["cluster"]["status"] == "ACTIVE"

    def test_not_deleted_under_a_service(self, estate: Estate) -> None:
        """A cluster with an active service stays."""
        estate.create()
        with refused("ClusterContainsServicesException"):
            estate.ecs.delete_cluster(cluster="pay")
        estate.ecs.delete_service(cluster="pay", service="api", force=True)
        assert estate.ecs.delete_cluster(cluster="pay")["cluster"]["status"] == "INACTIVE"

    def test_account_setting_default(self) -> None:
        """PutAccountSettingDefault is stored, and gives new clusters their Container Insights."""
        ecs = boto3.client("ecs")
        ecs.put_account_setting_default(name="containerInsights", value="enhanced")
        effective = ecs.list_account_settings(effectiveSettings=True)["settings"]
        assert {s["name"]: s["value"] for s in effective}["containerInsights"] == "enhanced"
        assert ecs.create_cluster(clusterName="pay")["cluster"]["settings"][0]["value"] == "enhanced"


class TestTaskDefinitions:
    """Task definitions."""

    def test_server_defaults(self, estate: Estate) -> None:
        """AWS fills in essential, host port, protocol, empty lists, health check timings and bind mounts."""
        described = estate.ecs.describe_task_definition(
            taskDefinition=estate.definition(volumes=[{"name": "tmp"}], tags=[{"key": "a", "value": "b"}]),
            include=["TAGS"],
        )
        definition, container = described["taskDefinition"], described["taskDefinition"]["containerDefinitions"][0]
        assert container["portMappings"] == [
            {"name": "http", "containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}
        ]
        empty = {name: [] for name in ("environment", "mountPoints", "volumesFrom", "systemControls")}
        assert {name: container[name] for name in empty} == empty
        assert (container["essential"], container["healthCheck"]["interval"], definition["volumes"]) == (
            True,
            30,
            [{"name": "tmp", "host": {}}],
        )
        assert described["tags"] == [{"key": "a", "value": "b"}]

    def test_a_full_container_is_read_back(self, estate: Estate) -> None:
        """What a hardened Fargate container declares comes back as declared."""
        container = {
            "name": "api",
            "image": "public.ecr.aws/x/y:1",
            "essential": True,
            "readonlyRootFilesystem": True,
            "user": "1000:1000",
            "ulimits": [{"name": "nofile", "softLimit": 1024, "hardLimit": 4096}],
            "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
            "secrets": [{"name": "P", "valueFrom": "arn:aws:secretsmanager:us-east-1:1:secret:x:key::"}],
            "environment": [{"name": "A", "value": "b"}],
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/g"}},
            "stopTimeout": 120,
        }
        platform = {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
        arn = estate.definition(
            containerDefinitions=[container], runtimePlatform=platform, ephemeralStorage={"sizeInGiB": 30}
        )
        definition = estate.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        assert {name: definition["containerDefinitions"][0][name] for name in container} == container
        assert (definition["runtimePlatform"], definition["ephemeralStorage"]) == (platform, {"sizeInGiB": 30})

    def test_sizes_in_words(self, estate: Estate) -> None:
        """1 vCPU and 2GB are 1024 units and 2048 MiB."""
        arn = estate.definition(cpu="1 vCPU", memory="2GB")
        definition = estate.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        assert (definition["cpu"], definition["memory"]) == ("1024", "2048")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"cpu": "256", "memory": "4096"},
            {"cpu": "8192", "memory": "17408"},
            {"cpu": "300", "memory": "512"},
            {"networkMode": "bridge"},
            {"executionRoleArn": ""},
            {
                "containerDefinitions": [
                    {"name": "a", "image": "b", "portMappings": [{"containerPort": 80, "hostPort": 81}]}
                ]
            },
            {"ephemeralStorage": {"sizeInGiB": 20}},
            {"ephemeralStorage": {"sizeInGiB": 201}},
            {"containerDefinitions": [{"name": "a", "image": "b", "cpu": 4096}]},
            {"containerDefinitions": [{"name": "a", "image": "b", "memoryReservation": 65536}]},
            {"containerDefinitions": [{"name": "a", "image": "b", "stopTimeout": 121}]},
            {"containerDefinitions": [{"name": "a", "image": "b", "logConfiguration": {"logDriver": "syslog"}}]},
            {
                "containerDefinitions": [
                    {"name": "a", "image": "b", "ulimits": [{"name": "core", "softLimit": 1, "hardLimit": 1}]}
                ]
            },
            {
                "containerDefinitions": [
                    {"name": "a", "image": "b", "dependsOn": [{"containerName": "c", "condition": "START"}]}
                ]
            },
        ],
    )
    def test_refused_by_fargate(self, estate: Estate, wrong: dict[str, Any]) -> None:
        """Sizes, network modes, ports and settings of containers that Fargate doesn't offer are ClientException."""
        with refused("ClientException"):
            estate.definition(**wrong)

    def test_listed_by_revision_and_latest_active(self, estate: Estate) -> None:
        """DESC lists revision 10 before 9; a family means its latest active revision."""
        arns = [estate.definition() for _revision in range(9)]
        listed = estate.ecs.list_task_definitions(familyPrefix="api", sort="DESC", maxResults=2)["taskDefinitionArns"]
        assert listed == [arns[8], arns[7]]
        estate.ecs.deregister_task_definition(taskDefinition=arns[8])
        assert estate.ecs.describe_task_definition(taskDefinition="api")["taskDefinition"]["revision"] == 9

    def test_families_are_active_while_a_revision_is(self, estate: Estate) -> None:
        """Without a status all are listed, and a prefix narrows them."""
        older = estate.ecs.list_task_definitions(familyPrefix="api")["taskDefinitionArns"]
        last = estate.definition()

        def families(**arguments: str) -> list[str]:
            found: list[str] = estate.ecs.list_task_definition_families(**arguments)["families"]
            return found

        for arn in older:
            estate.ecs.deregister_task_definition(taskDefinition=arn)
        assert families(status="ACTIVE") == families(familyPrefix="ap") == ["api"]
        estate.ecs.deregister_task_definition(taskDefinition=last)
        assert (families(status="ACTIVE"), families(status="INACTIVE"), families()) == ([], ["api"], ["api"])
        assert families(familyPrefix="other") == []


class TestServices:
    """A service's settings, tasks, targets and end."""

    def test_comes_up_at_once(self, estate: Estate) -> None:
        """All tasks run, the one deployment is complete, and the named waiter agrees."""
        estate.create()
        service = estate.service()
        deployment = service["deployments"][0]
        assert (service["runningCount"], service["pendingCount"], len(service["deployments"])) == (2, 0, 1)
        assert (deployment["status"], deployment["rolloutState"], deployment["runningCount"]) == (
            "PRIMARY",
            "COMPLETED",
            2,
        )
        assert service["events"][0]["message"] == "(service api) has reached a steady state."
        assert (service["platformVersion"], deployment["platformVersion"]) == ("LATEST", "1.4.0")
        estate.ecs.get_waiter("services_stable").wait(cluster="pay", services=["api"], WaiterConfig=FAST)

    def test_tasks_run_in_their_subnets_behind_the_target_group(self, estate: Estate) -> None:
        """One task per zone, with an address of the subnet, healthy in the target group on the container's port."""
        estate.create()
        tasks = estate.tasks()
        assert {task["lastStatus"] for task in tasks} == {"RUNNING"}
        assert {task["availabilityZone"] for task in tasks} == {"us-east-1a", "us-east-1b"}
        assert {task["containers"][0]["healthStatus"] for task in tasks} == {"HEALTHY"}
        assert {address(task).rsplit(".", 1)[0] for task in tasks} == {"10.0.1", "10.0.2"}
        assert estate.health() == sorted((address(task), 8080, "healthy") for task in tasks)
        interfaces = estate.ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [estate.group]}])[
            "NetworkInterfaces"
        ]
        assert sorted(i["PrivateIpAddress"] for i in interfaces) == sorted(map(address, tasks))

    def test_every_setting_is_read_back(self, estate: Estate) -> None:
        """What CreateService takes, DescribeServices shows, members not given with AWS's defaults."""
        configuration = {
            "maximumPercent": 150,
            "minimumHealthyPercent": 50,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "alarms": {"alarmNames": ["a"], "enable": True, "rollback": True},
            "strategy": "ROLLING",
            "bakeTimeInMinutes": 3,
        }
        given = {
            "deploymentConfiguration": configuration,
            "enableExecuteCommand": True,
            "healthCheckGracePeriodSeconds": 60,
            "propagateTags": "SERVICE",
            "enableECSManagedTags": True,
            "availabilityZoneRebalancing": "DISABLED",
            "deploymentController": {"type": "ECS"},
            "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}],
            "tags": [{"key": "Layer", "value": "compute"}],
        }
        estate.create(launchType=None, **given)
        service = estate.service()
        assert {name: service[name] for name in given} == given
        assert "launchType" not in service
        assert service["schedulingStrategy"] == "REPLICA"
        task = estate.ecs.describe_tasks(cluster="pay", tasks=[estate.tasks()[0]["taskArn"]], include=["TAGS"])[
            "tasks"
        ][0]
        assert (task["capacityProviderName"], task["launchType"]) == ("FARGATE_SPOT", "FARGATE")
        assert {"key": "aws:ecs:serviceName", "value": "api"} in task["tags"]
        assert {"key": "Layer", "value": "compute"} in task["tags"]

    def test_blue_green_settings(self, estate: Estate) -> None:
        """The second target group, its rules and the strategy's own configuration come back."""
        advanced = {
            "alternateTargetGroupArn": estate.target_groups[1],
            "productionListenerRule": estate.rule,
            "roleArn": ROLE,
        }
        balancer = {
            "targetGroupArn": estate.target_groups[0],
            "containerName": "api",
            "containerPort": 8080,
            "advancedConfiguration": advanced,
        }
        hook = {"hookTargetArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f", "lifecycleStages": ["PRE_SCALE_UP"]}
        canary = {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 5}
        configuration = {
            "strategy": "CANARY",
            "bakeTimeInMinutes": 5,
            "canaryConfiguration": canary,
            "lifecycleHooks": [{**hook, "roleArn": ROLE}],
        }
        estate.create(loadBalancers=[balancer], deploymentConfiguration=configuration)
        service = estate.service()
        assert service["loadBalancers"] == [balancer]
        assert {name: service["deploymentConfiguration"][name] for name in configuration} == configuration
        with refused("InvalidParameterException"):
            estate.create(serviceName="other", deploymentConfiguration={"strategy": "BLUE_GREEN"})

    def test_scales_with_its_targets(self, estate: Estate) -> None:
        """Up and down: tasks and targets follow the desired count, the deployment stays."""
        identifier = estate.create()["deployments"][0]["id"]
        for desired in (4, 1, 0):
            estate.ecs.update_service(cluster="pay", service="api", desiredCount=desired)
            service = estate.service()
            assert (service["runningCount"], len(estate.tasks()), len(estate.health())) == (desired,) * 3
            assert [d["id"] for d in service["deployments"]] == [identifier]

    def test_a_new_definition_replaces_the_tasks(self, estate: Estate) -> None:
        """A new deployment takes over; the old one and its tasks are gone, the targets are the new tasks."""
        old = estate.create()["deployments"][0]["id"]
        push("2")
        arn = estate.definition("2")
        estate.ecs.update_service(cluster="pay", service="api", taskDefinition="api")
        service, tasks = estate.service(), estate.tasks()
        assert [d["id"] for d in service["deployments"]] != [old]
        assert (service["taskDefinition"], {t["taskDefinitionArn"] for t in tasks}) == (arn, {arn})
        assert [target[0] for target in estate.health()] == sorted(map(address, tasks))

    def test_force_new_deployment(self, estate: Estate) -> None:
        """The same definition again, with new tasks; an update that changes nothing leaves the deployment alone."""
        first = estate.create()["deployments"][0]["id"]
        same = estate.ecs.update_service(cluster="pay", service="api", taskDefinition="api", enableExecuteCommand=True)
        assert same["service"]["deployments"][0]["id"] == first
        forced = estate.ecs.update_service(cluster="pay", service="api", forceNewDeployment=True)["service"]
        assert forced["deployments"][0]["id"] != first
        assert forced["enableExecuteCommand"] is True

    def test_a_partial_deployment_configuration_keeps_the_rest(self, estate: Estate) -> None:
        """Members of deploymentConfiguration that an update doesn't give stay."""
        estate.create(deploymentConfiguration={"maximumPercent": 150})
        update = {"minimumHealthyPercent": 0}
        service = estate.ecs.update_service(cluster="pay", service="api", deploymentConfiguration=update)["service"]
        kept = service["deploymentConfiguration"]
        assert (kept["maximumPercent"], kept["minimumHealthyPercent"], kept["strategy"]) == (150, 0, "ROLLING")

    def test_a_stopped_task_is_replaced(self, estate: Estate) -> None:
        """StopTask on a service's task: the count comes back with another one."""
        estate.create()
        gone = estate.tasks()[0]
        estate.ecs.stop_task(cluster="pay", task=gone["taskArn"], reason="drill")
        tasks = estate.tasks()
        assert len(tasks) == 2
        assert gone["taskArn"] not in {task["taskArn"] for task in tasks}
        assert estate.health() == sorted((address(task), 8080, "healthy") for task in tasks)

    def test_deleted(self, estate: Estate) -> None:
        """Refused above zero without force; then INACTIVE, without tasks, targets or interfaces, its name free."""
        estate.create()
        with refused("InvalidParameterException"):
            estate.ecs.delete_service(cluster="pay", service="api")
        assert estate.ecs.delete_service(cluster="pay", service="api", force=True)["service"]["status"] == "DRAINING"
        assert (estate.service()["status"], estate.tasks(), estate.health()) == ("INACTIVE", [], [])
        assert estate.ecs.list_services(cluster="pay")["serviceArns"] == []
        estate.ecs.get_waiter("services_inactive").wait(cluster="pay", services=["api"], WaiterConfig=FAST)
        with refused("ServiceNotActiveException"):
            estate.ecs.update_service(cluster="pay", service="api", desiredCount=1)
        assert estate.create()["status"] == "ACTIVE"

    def test_created_twice(self, estate: Estate) -> None:
        """The name of an active service is taken."""
        estate.create()
        with refused("InvalidParameterException"):
            estate.create()

    @pytest.mark.parametrize(
        ("code", "wrong"),
        [
            ("ClientException", {"taskDefinition": "nothing"}),
            ("ClusterNotFoundException", {"cluster": "nothing"}),
            ("InvalidParameterException", {"networkConfiguration": None}),
            ("InvalidParameterException", {"desiredCount": None}),
            ("InvalidParameterException", {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}),
            ("InvalidParameterException", {"loadBalancers": [{"targetGroupArn": "arn:aws:x", "containerName": "api"}]}),
        ],
    )
    def test_refused(self, estate: Estate, code: str, wrong: dict[str, Any]) -> None:
        """CreateService refuses what AWS refuses."""
        with refused(code):
            estate.create(**wrong)

    def test_a_target_group_needs_a_balancer(self, estate: Estate) -> None:
        """A target group on no listener or rule is refused."""
        estate.elb.delete_rule(RuleArn=estate.rule)
        with refused("InvalidParameterException"):
            estate.create()

    def test_services_are_listed_ten_to_a_page(self, estate: Estate) -> None:
        """Eleven services need two pages; more than ten can't be described at once."""
        names = [f"s{number:02}" for number in range(11)]
        for name in names:
            estate.create(serviceName=name, desiredCount=0, loadBalancers=[])
        first = estate.ecs.list_services(cluster="pay")
        rest = estate.ecs.list_services(cluster="pay", nextToken=first["nextToken"])
        assert (len(first["serviceArns"]), len(rest["serviceArns"])) == (10, 1)
        with refused("InvalidParameterException"):
            estate.ecs.describe_services(cluster="pay", services=names)

    def test_service_connect(self, estate: Estate) -> None:
        """The configuration is in the deployment, the name in Cloud Map until the service goes."""
        cloud_map = boto3.client("servicediscovery")
        cloud_map.create_http_namespace(Name="pay.local")
        connect = {
            "enabled": True,
            "namespace": "pay.local",
            "services": [{"portName": "http", "clientAliases": [{"port": 8080, "dnsName": "api"}]}],
        }
        estate.create(serviceConnectConfiguration=connect)
        deployment = estate.service()["deployments"][0]
        assert deployment["serviceConnectConfiguration"] == connect
        assert [r["discoveryName"] for r in deployment["serviceConnectResources"]] == ["http"]
        assert [s["Name"] for s in cloud_map.list_services()["Services"]] == ["http"]
        estate.ecs.delete_service(cluster="pay", service="api", force=True)
        assert cloud_map.list_services()["Services"] == []

    @pytest.mark.parametrize(
        ("code", "namespace", "port"),
        [("NamespaceNotFoundException", "nowhere", "http"), ("InvalidParameterException", "pay.local", "grpc")],
    )
    def test_service_connect_refused(self, estate: Estate, code: str, namespace: str, port: str) -> None:
        """An unknown namespace and an unknown port name are refused."""
        boto3.client("servicediscovery").create_http_namespace(Name="pay.local")
        with refused(code):
            estate.create(
                serviceConnectConfiguration={
                    "enabled": True,
                    "namespace": namespace,
                    "services": [{"portName": port}],
                }
            )


class TestMissingImages:
    """A task definition whose image isn't in this account's ECR."""

    def test_a_crash_loop_is_visible(self, estate: Estate) -> None:
        """Nothing runs, the deployment stays in progress, failures count up, a stopped task tells why."""
        estate.definition("missing")
        estate.create()
        first, second = estate.service(), estate.service()
        assert (second["runningCount"], second["deployments"][0]["rolloutState"]) == (0, "IN_PROGRESS")
        assert second["deployments"][0]["failedTasks"] > first["deployments"][0]["failedTasks"] > 0
        assert any("unable to pull" in event["message"] for event in second["events"])
        task = estate.tasks(desiredStatus="STOPPED")[0]
        assert task["stopCode"] == "TaskFailedToStart"
        assert task["stoppedReason"].startswith("CannotPullContainerError")

    def test_it_recovers_when_the_image_arrives(self, estate: Estate) -> None:
        """Once the image is pushed the tasks come up."""
        estate.definition("2")
        estate.create()
        push("2")
        assert (estate.service()["runningCount"], estate.service()["deployments"][0]["rolloutState"]) == (
            2,
            "COMPLETED",
        )

    def test_the_old_tasks_stay(self, estate: Estate) -> None:
        """A bad update leaves the running deployment's tasks serving beside the one in progress."""
        estate.create()
        before = estate.health()
        estate.ecs.update_service(cluster="pay", service="api", taskDefinition=estate.definition("missing"))
        service = estate.service()
        assert [(d["status"], d["runningCount"]) for d in service["deployments"]] == [("PRIMARY", 0), ("ACTIVE", 2)]
        assert (service["runningCount"], estate.health()) == (2, before)

    def test_no_task_wanted_no_image_needed(self, estate: Estate) -> None:
        """A service that waits for its image with desired count 0 is stable."""
        estate.definition("missing")
        estate.create(desiredCount=0)
        assert estate.service()["deployments"][0]["rolloutState"] == "COMPLETED"

    def test_by_digest(self, estate: Estate) -> None:
        """An image named by its digest is found."""
        digest = boto3.client("ecr").describe_images(repositoryName="api")["imageDetails"][0]["imageDigest"]
        container = {"name": "api", "image": f"{REGISTRY}/api@{digest}", "portMappings": [{"containerPort": 8080}]}
        estate.definition(containerDefinitions=[container])
        estate.create()
        assert estate.tasks()[0]["containers"][0]["imageDigest"] == digest


class TestServiceDeployments:
    """ListServiceDeployments and its companions."""

    def test_finished_ones_are_successful(self, estate: Estate) -> None:
        """Two deployments: newest first, both SUCCESSFUL, each with its revision and what it came from."""
        breaker = {"enable": True, "rollback": True}
        estate.create(deploymentConfiguration={"deploymentCircuitBreaker": breaker})
        estate.ecs.update_service(cluster="pay", service="api", forceNewDeployment=True)
        listed = estate.ecs.list_service_deployments(cluster="pay", service="api")["serviceDeployments"]
        assert [d["status"] for d in listed] == ["SUCCESSFUL", "SUCCESSFUL"]
        arn = estate.service()["currentServiceDeployment"]
        assert listed[0]["serviceDeploymentArn"] == arn
        answer = estate.ecs.describe_service_deployments(serviceDeploymentArns=[arn, "arn:nothing"])
        deployment = answer["serviceDeployments"][0]
        assert deployment["targetServiceRevision"]["runningTaskCount"] == 2
        assert deployment["sourceServiceRevisions"][0]["arn"] == listed[1]["targetServiceRevisionArn"]
        assert deployment["deploymentCircuitBreaker"]["status"] == "MONITORING_COMPLETE"
        assert [failure["reason"] for failure in answer["failures"]] == ["MISSING"]

    def test_revisions(self, estate: Estate) -> None:
        """A revision says what ran, images by digest."""
        service = estate.create()
        arn = service["currentServiceRevisions"][0]["arn"]
        revision = estate.ecs.describe_service_revisions(serviceRevisionArns=[arn])["serviceRevisions"][0]
        assert revision["taskDefinition"] == service["taskDefinition"]
        assert revision["containerImages"][0]["imageDigest"].startswith("sha256:")

    def test_in_progress_then_superseded(self, estate: Estate) -> None:
        """A deployment without image is IN_PROGRESS, and STOPPED once another one replaces it."""
        estate.create()
        estate.ecs.update_service(cluster="pay", service="api", taskDefinition=estate.definition("missing"))
        progress = estate.ecs.list_service_deployments(cluster="pay", service="api", status=["IN_PROGRESS"])
        assert len(progress["serviceDeployments"]) == 1
        estate.ecs.update_service(cluster="pay", service="api", taskDefinition=estate.definition("1"))
        listed = estate.ecs.list_service_deployments(cluster="pay", service="api")["serviceDeployments"]
        assert [d["status"] for d in listed] == ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"]


class TestOneOffTasks:
    """RunTask."""

    def run(self, estate: Estate, definition: str) -> Any:
        """Run a definition once on Fargate; the task."""
        network = {"awsvpcConfiguration": {"subnets": estate.subnets[:1]}}
        return estate.ecs.run_task(
            cluster="pay", taskDefinition=definition, launchType="FARGATE", networkConfiguration=network
        )["tasks"][0]

    def test_runs_and_exits(self, estate: Estate) -> None:
        """A container without memory of its own runs; the task ends with exit code 0."""
        task = self.run(estate, "api")
        assert task["lastStatus"] == "PROVISIONING"
        estate.ecs.get_waiter("tasks_stopped").wait(
            cluster="pay", tasks=[task["taskArn"]], WaiterConfig={"Delay": 0, "MaxAttempts": 9}
        )
        ended = estate.ecs.describe_tasks(cluster="pay", tasks=[task["taskArn"]])["tasks"][0]
        assert (ended["containers"][0]["exitCode"], ended["stopCode"]) == (0, "EssentialContainerExited")

    def test_without_its_image(self, estate: Estate) -> None:
        """It never starts: stopped at once, without an exit code."""
        task = self.run(estate, estate.definition("missing"))
        assert (task["lastStatus"], task["stopCode"]) == ("STOPPED", "TaskFailedToStart")
        assert "exitCode" not in task["containers"][0]

    def test_unknown_tasks_are_failures(self, estate: Estate) -> None:
        """DescribeTasks answers MISSING for a task that doesn't exist."""
        answer = estate.ecs.describe_tasks(cluster="pay", tasks=["0" * 32])
        assert [failure["reason"] for failure in answer["failures"]] == ["MISSING"]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ([("FARGATE", 1, 0), ("FARGATE_SPOT", 0, 1)], ["FARGATE", "FARGATE_SPOT", "FARGATE_SPOT", "FARGATE_SPOT"]),
        ([("FARGATE", 0, 1), ("FARGATE_SPOT", 0, 3)], ["FARGATE_SPOT", "FARGATE_SPOT", "FARGATE", "FARGATE_SPOT"]),
        ([("FARGATE", 0, 0)], ["FARGATE"] * 4),
    ],
)
def test_providers(strategy: list[tuple[str, int, int]], expected: list[str]) -> None:
    """Base first, then by weight."""
    from embedded_aws.extensions._ecs_scheduler import providers

    items = [{"capacityProvider": name, "base": base, "weight": weight} for name, base, weight in strategy]
    assert providers(items, 4) == expected
