# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's ELBv2: balancers, target groups, listeners and rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

NOT_FOUND = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


@dataclass
class Edge:
    """A VPC with two zones and ways to make what stands at its edge."""

    elb: Any
    ec2: Any
    vpc: str
    subnets: list[str]
    group: str

    def balancer(self, name: str = "pay", **more: Any) -> str:
        """Make a load balancer; its ARN."""
        given = {"Subnets": self.subnets, "SecurityGroups": [self.group], **more}
        return str(self.elb.create_load_balancer(Name=name, **given)["LoadBalancers"][0]["LoadBalancerArn"])

    def target_group(self, name: str = "api", **more: Any) -> str:
        """Make a target group of addresses; its ARN."""
        given = {"Protocol": "HTTP", "Port": 8080, "VpcId": self.vpc, "TargetType": "ip", **more}
        return str(self.elb.create_target_group(Name=name, **given)["TargetGroups"][0]["TargetGroupArn"])

    def listener(self, balancer: str, **more: Any) -> Any:
        """Make a listener, on port 80 unless said otherwise; the listener."""
        given = {"Protocol": "HTTP", "Port": 80, "DefaultActions": [NOT_FOUND], **more}
        return self.elb.create_listener(LoadBalancerArn=balancer, **given)["Listeners"][0]

    def rule(self, listener: str, priority: int, groups: list[str], **more: Any) -> Any:
        """Make a rule that forwards to target groups; the rule."""
        weights = [{"TargetGroupArn": arn} for arn in groups]
        given = {
            "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{priority}", "/x/*"]}}],
            "Actions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}],
            **more,
        }
        return self.elb.create_rule(ListenerArn=listener, Priority=priority, **given)["Rules"][0]

    def attributes(self, balancer: str) -> dict[str, str]:
        """A balancer's attributes."""
        found = self.elb.describe_load_balancer_attributes(LoadBalancerArn=balancer)["Attributes"]
        return {item["Key"]: item["Value"] for item in found}

    def set_attribute(self, balancer: str, key: str, value: str) -> None:
        """Change one attribute of a balancer."""
        self.elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[{"Key": key, "Value": value}])

    def interfaces(self) -> list[Any]:
        """The balancers' network interfaces."""
        filters = [{"Name": "description", "Values": ["ELB app/*"]}]
        return list(self.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"])


@pytest.fixture
def edge() -> Edge:
    """What a balancer needs around it."""
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = {"us-east-1a": "10.0.1.0/24", "us-east-1b": "10.0.2.0/24"}
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for zone, cidr in zones.items()
    ]
    group = ec2.create_security_group(GroupName="alb", Description="alb", VpcId=vpc)["GroupId"]
    return Edge(boto3.client("elbv2"), ec2, vpc, subnets, group)


class TestLoadBalancers:
    """Load balancers."""

    def test_described(self, edge: Edge) -> None:
        """Active, internet-facing, with its region's hosted zone and an interface in every subnet."""
        edge.balancer()
        balancer = edge.elb.describe_load_balancers(Names=["pay"])["LoadBalancers"][0]
        assert (balancer["State"]["Code"], balancer["Scheme"], balancer["Type"]) == (
            "active",
            "internet-facing",
            "application",
        )
        assert balancer["CanonicalHostedZoneId"] == "Z35SXDOTRQ7X7K"
        assert {i["SubnetId"] for i in edge.interfaces()} == set(edge.subnets)
        assert edge.interfaces()[0]["Groups"][0]["GroupId"] == edge.group

    def test_the_same_again(self, edge: Edge) -> None:
        """Same name and settings answer the existing balancer; other settings are refused."""
        assert edge.balancer() == edge.balancer()
        with refused("DuplicateLoadBalancerName"):
            edge.balancer(Scheme="internal")

    @pytest.mark.parametrize("name", ["a" * 33, "-pay", "pay-", "internal-pay", "pay_x"])
    def test_names(self, edge: Edge, name: str) -> None:
        """Names AWS doesn't allow."""
        with refused("ValidationError"):
            edge.balancer(name)

    def test_one_zone_is_not_enough(self, edge: Edge) -> None:
        """Two subnets in two zones, and security groups that exist."""
        with refused("ValidationError"):
            edge.balancer(Subnets=edge.subnets[:1])
        with refused("InvalidSecurityGroup"):
            edge.balancer(SecurityGroups=["sg-0"])
        with refused("SubnetNotFound"):
            edge.balancer(Subnets=["subnet-0", "subnet-1"])

    def test_attributes(self, edge: Edge) -> None:
        """AWS's defaults are there and can be changed; unknown keys and wrong values are refused."""
        arn = edge.balancer()
        defaults = edge.attributes(arn)
        expected = {
            "access_logs.s3.enabled": "false",
            "deletion_protection.enabled": "false",
            "idle_timeout.timeout_seconds": "60",
            "routing.http.drop_invalid_header_fields.enabled": "false",
            "routing.http.desync_mitigation_mode": "defensive",
            "connection_logs.s3.enabled": "false",
        }
        assert {key: defaults[key] for key in expected} == expected
        edge.set_attribute(arn, "routing.http.drop_invalid_header_fields.enabled", "true")
        assert edge.attributes(arn)["routing.http.drop_invalid_header_fields.enabled"] == "true"
        for key, value in (("no.such", "1"), ("idle_timeout.timeout_seconds", "0"), ("routing.http2.enabled", "yes")):
            with refused("ValidationError"):
                edge.set_attribute(arn, key, value)

    def test_access_logs_need_a_bucket_they_can_write_to(self, edge: Edge) -> None:
        """Refused without bucket, without policy and with a KMS key; accepted with the delivery policy."""
        arn, s3 = edge.balancer(), boto3.client("s3")
        wanted = [
            {"Key": "access_logs.s3.enabled", "Value": "true"},
            {"Key": "access_logs.s3.bucket", "Value": "alb-logs"},
        ]
        with refused("InvalidConfigurationRequest"):
            edge.elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wanted)
        s3.create_bucket(Bucket="alb-logs")
        with refused("InvalidConfigurationRequest"):
            edge.elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wanted)
        allow_delivery(s3)
        edge.elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wanted)
        assert edge.attributes(arn)["access_logs.s3.bucket"] == "alb-logs"
        encrypt_with_kms(s3)
        with refused("InvalidConfigurationRequest"):
            edge.elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wanted)

    def test_deletion_protection(self, edge: Edge) -> None:
        """Protected it stays; unprotected it goes with its interfaces; gone is fine."""
        arn = edge.balancer()
        edge.set_attribute(arn, "deletion_protection.enabled", "true")
        with refused("OperationNotPermitted"):
            edge.elb.delete_load_balancer(LoadBalancerArn=arn)
        edge.set_attribute(arn, "deletion_protection.enabled", "false")
        edge.elb.delete_load_balancer(LoadBalancerArn=arn)
        edge.elb.delete_load_balancer(LoadBalancerArn=arn)
        assert edge.interfaces() == []
        with refused("LoadBalancerNotFound"):
            edge.elb.describe_load_balancers(Names=["pay"])

    def test_tags_of_twenty(self, edge: Edge) -> None:
        """DescribeTags takes twenty resources, and only ones that exist."""
        arn = edge.balancer()
        with refused("ValidationError"):
            edge.elb.describe_tags(ResourceArns=[arn] * 21)
        with refused("TargetGroupNotFound"):
            edge.elb.describe_tags(ResourceArns=["arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/x/1"])


def allow_delivery(s3: Any) -> None:
    """Let log delivery write to the bucket `alb-logs`."""
    principal = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": "s3:PutObject"}
    statement["Resource"] = "arn:aws:s3:::alb-logs/*"
    s3.put_bucket_policy(Bucket="alb-logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def encrypt_with_kms(s3: Any) -> None:
    """Encrypt the bucket `alb-logs` with a KMS key."""
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="alb-logs", ServerSideEncryptionConfiguration={"Rules": [rule]})


class TestTargetGroups:
    """Target groups."""

    def test_attributes(self, edge: Edge) -> None:
        """AWS's defaults are there and can be changed; unknown keys are refused."""
        arn = edge.target_group()
        changed = [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}]
        edge.elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=changed)
        found = edge.elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        attributes = {item["Key"]: item["Value"] for item in found}
        expected = {
            "deregistration_delay.timeout_seconds": "30",
            "stickiness.enabled": "false",
            "stickiness.type": "lb_cookie",
            "stickiness.lb_cookie.duration_seconds": "86400",
            "slow_start.duration_seconds": "0",
            "load_balancing.algorithm.type": "round_robin",
        }
        assert {key: attributes[key] for key in expected} == expected
        with refused("ValidationError"):
            wrong = [{"Key": "no.such", "Value": "1"}]
            edge.elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=wrong)

    def test_the_same_again(self, edge: Edge) -> None:
        """Same name and settings answer the existing group; other settings are refused."""
        assert edge.target_group() == edge.target_group()
        with refused("DuplicateTargetGroupName"):
            edge.target_group(Port=9090)

    @pytest.mark.parametrize("name", ["a" * 33, "-api", "api-"])
    def test_names(self, edge: Edge, name: str) -> None:
        """Names AWS doesn't allow."""
        with refused("ValidationError"):
            edge.target_group(name)

    def test_knows_its_balancers(self, edge: Edge) -> None:
        """LoadBalancerArns follow the rules, and a group in use stays."""
        balancer, group = edge.balancer(), edge.target_group()
        rule = edge.rule(edge.listener(balancer)["ListenerArn"], 1, [group])["RuleArn"]
        edge.rule(edge.elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"], 2, [group])
        described = edge.elb.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]
        assert described["LoadBalancerArns"] == [balancer]
        with refused("ResourceInUse"):
            edge.elb.delete_target_group(TargetGroupArn=group)
        edge.elb.delete_rule(RuleArn=rule)
        edge.elb.delete_load_balancer(LoadBalancerArn=balancer)
        assert edge.elb.describe_target_groups(Names=["api"])["TargetGroups"][0].get("LoadBalancerArns", []) == []
        edge.elb.delete_target_group(TargetGroupArn=group)

    def test_a_balancer_without_groups(self, edge: Edge) -> None:
        """DescribeTargetGroups answers an empty list."""
        assert edge.elb.describe_target_groups(LoadBalancerArn=edge.balancer())["TargetGroups"] == []

    def test_health(self, edge: Edge) -> None:
        """Unused until a rule forwards to the group, then healthy, checked on the target's own port.

        An address that no interface has doesn't answer.
        """
        group, address = edge.target_group(), edge.ec2.create_network_interface(SubnetId=edge.subnets[0])
        edge.elb.register_targets(
            TargetGroupArn=group, Targets=[{"Id": address["NetworkInterface"]["PrivateIpAddress"]}]
        )
        unused = edge.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"][0]
        assert (unused["TargetHealth"]["State"], unused["TargetHealth"]["Reason"]) == ("unused", "Target.NotInUse")
        edge.rule(edge.listener(edge.balancer())["ListenerArn"], 1, [group])
        used = edge.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"][0]
        assert (used["TargetHealth"]["State"], used["HealthCheckPort"]) == ("healthy", "8080")
        gone = [{"Id": "10.0.1.250"}]
        edge.elb.register_targets(TargetGroupArn=group, Targets=gone)
        (silent,) = edge.elb.describe_target_health(TargetGroupArn=group, Targets=gone)["TargetHealthDescriptions"]
        assert (silent["TargetHealth"]["State"], silent["TargetHealth"]["Reason"]) == ("unhealthy", "Target.Timeout")


class TestListeners:
    """Listeners."""

    def test_one_per_port(self, edge: Edge) -> None:
        """A second listener on a port is refused, also by a modification."""
        balancer = edge.balancer()
        edge.listener(balancer)
        other = edge.listener(balancer, Port=81)["ListenerArn"]
        with refused("DuplicateListener"):
            edge.listener(balancer)
        with refused("DuplicateListener"):
            edge.elb.modify_listener(ListenerArn=other, Port=80)

    def test_redirect(self, edge: Edge) -> None:
        """A redirect is answered with every part; HTTP has no security policy."""
        redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
        listener = edge.listener(edge.balancer(), DefaultActions=[{"Type": "redirect", "RedirectConfig": redirect}])
        rest = {"Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}
        assert listener["DefaultActions"] == [{"Type": "redirect", "RedirectConfig": {**redirect, **rest}}]
        assert "SslPolicy" not in listener

    def test_https(self, edge: Edge) -> None:
        """Needs a certificate and a known policy; both can be modified, additional certificates stay."""
        balancer = edge.balancer()
        with refused("ValidationError"):
            edge.listener(balancer, Protocol="HTTPS", Port=443)
        first, second, third = (certificate(name) for name in ("a.test", "b.test", "c.test"))
        given = {"Protocol": "HTTPS", "Port": 443, "Certificates": [{"CertificateArn": first}]}
        with refused("SSLPolicyNotFound"):
            edge.listener(balancer, **given, SslPolicy="loose")
        arn = edge.listener(balancer, **given)["ListenerArn"]
        edge.elb.add_listener_certificates(ListenerArn=arn, Certificates=[{"CertificateArn": second}])
        policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
        edge.elb.modify_listener(ListenerArn=arn, SslPolicy=policy, Certificates=[{"CertificateArn": third}])
        listener = edge.elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]
        assert (listener["SslPolicy"], listener["Certificates"]) == (policy, [{"CertificateArn": third}])
        found = edge.elb.describe_listener_certificates(ListenerArn=arn)["Certificates"]
        assert [c["CertificateArn"] for c in found] == [third, second]

    def test_attributes(self, edge: Edge) -> None:
        """Response headers can be set; unknown keys are refused."""
        arn = edge.listener(edge.balancer())["ListenerArn"]
        header = "routing.http.response.strict_transport_security.header_value"
        values = {header: "max-age=1", "routing.http.response.server.enabled": "false"}
        wanted = [{"Key": key, "Value": value} for key, value in values.items()]
        edge.elb.modify_listener_attributes(ListenerArn=arn, Attributes=wanted)
        found = edge.elb.describe_listener_attributes(ListenerArn=arn)["Attributes"]
        assert all(item in found for item in wanted)
        with refused("ValidationError"):
            edge.elb.modify_listener_attributes(ListenerArn=arn, Attributes=[{"Key": "no.such", "Value": "1"}])

    def test_tags(self, edge: Edge) -> None:
        """Listeners and rules carry tags."""
        tags = [{"Key": "Layer", "Value": "edge"}]
        listener = edge.listener(edge.balancer(), Tags=tags)["ListenerArn"]
        rule = edge.rule(listener, 1, [edge.target_group()], Tags=tags)["RuleArn"]
        found = edge.elb.describe_tags(ResourceArns=[listener, rule])["TagDescriptions"]
        assert [description["Tags"] for description in found] == [tags, tags]


def certificate(domain: str) -> str:
    """Request a certificate; its ARN."""
    return str(boto3.client("acm").request_certificate(DomainName=domain)["CertificateArn"])


class TestRules:
    """Rules."""

    def test_weighted_forward(self, edge: Edge) -> None:
        """Several groups with weights and stickiness, several paths and a header, are read back."""
        listener = edge.listener(edge.balancer())["ListenerArn"]
        groups = [edge.target_group("blue"), edge.target_group("green")]
        weights = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in zip(groups, (100, 0), strict=True)]
        stickiness = {"Enabled": True, "DurationSeconds": 60}
        paths = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api", "/api/*"]}}
        header = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Test", "Values": ["green"]}}
        forward = {"TargetGroups": weights, "TargetGroupStickinessConfig": stickiness}
        rule = edge.rule(
            listener, 1, [], Conditions=[paths, header], Actions=[{"Type": "forward", "ForwardConfig": forward}]
        )
        assert rule["Actions"] == [{"Type": "forward", "ForwardConfig": forward}]
        assert rule["Conditions"] == [{**paths, "Values": ["/api", "/api/*"]}, header]

    def test_a_single_forward_has_both_forms(self, edge: Edge) -> None:
        """One target group stands in TargetGroupArn and in ForwardConfig."""
        listener, group = edge.listener(edge.balancer())["ListenerArn"], edge.target_group()
        action = edge.rule(listener, 1, [], Actions=[{"Type": "forward", "TargetGroupArn": group}])["Actions"][0]
        assert action["TargetGroupArn"] == group
        assert action["ForwardConfig"] == {
            "TargetGroups": [{"TargetGroupArn": group, "Weight": 1}],
            "TargetGroupStickinessConfig": {"Enabled": False},
        }

    def test_transforms(self, edge: Edge) -> None:
        """URL rewrites are kept, replaced and reset."""
        listener = edge.listener(edge.balancer())["ListenerArn"]
        rewrite = {"Rewrites": [{"Regex": "^/api/(.*)", "Replace": "/$1"}]}
        transform = [{"Type": "url-rewrite", "UrlRewriteConfig": rewrite}]
        rule = edge.rule(listener, 1, [edge.target_group()], Transforms=transform)
        assert rule["Transforms"] == transform
        reset = edge.elb.modify_rule(RuleArn=rule["RuleArn"], ResetTransforms=True)["Rules"][0]
        assert reset["Transforms"] == []

    def test_priorities(self, edge: Edge) -> None:
        """Unique, in range, listed in order; two can be swapped in one call, but not put on a third."""
        listener, groups = edge.listener(edge.balancer())["ListenerArn"], [edge.target_group()]
        rules = {priority: edge.rule(listener, priority, groups)["RuleArn"] for priority in (30, 10, 20)}
        with refused("PriorityInUse"):
            edge.rule(listener, 10, groups)
        with refused("ValidationError"):
            edge.rule(listener, 50001, groups)
        swap = [{"RuleArn": rules[10], "Priority": 20}, {"RuleArn": rules[20], "Priority": 10}]
        edge.elb.set_rule_priorities(RulePriorities=swap)
        found = edge.elb.describe_rules(ListenerArn=listener)["Rules"]
        assert [(r["Priority"], r["RuleArn"]) for r in found[:3]] == [
            ("10", rules[20]),
            ("20", rules[10]),
            ("30", rules[30]),
        ]
        assert found[3]["IsDefault"] is True
        with refused("PriorityInUse"):
            edge.elb.set_rule_priorities(RulePriorities=[{"RuleArn": rules[10], "Priority": 30}])

    def test_modified_and_deleted(self, edge: Edge) -> None:
        """Conditions change and stay in full; the default rule and unknown ones can't be deleted."""
        listener = edge.listener(edge.balancer())["ListenerArn"]
        arn = edge.rule(listener, 1, [edge.target_group()])["RuleArn"]
        condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/new"]}}
        rule = edge.elb.modify_rule(RuleArn=arn, Conditions=[condition])["Rules"][0]
        assert rule["Conditions"] == [{**condition, "Values": ["/new"]}]
        edge.elb.delete_rule(RuleArn=arn)
        with refused("RuleNotFound"):
            edge.elb.delete_rule(RuleArn=arn)
        default = edge.elb.describe_rules(ListenerArn=listener)["Rules"][0]["RuleArn"]
        with refused("OperationNotPermitted"):
            edge.elb.delete_rule(RuleArn=default)


def test_a_target_group_behind_a_rule_with_several_holds_clients_only_if_the_rule_does(edge: Edge) -> None:
    sticky = [{"Key": "stickiness.enabled", "Value": "true"}]
    blue, green = edge.target_group("blue"), edge.target_group("green")
    rule = edge.rule(edge.listener(edge.balancer())["ListenerArn"], 1, [blue, green])
    with refused("InvalidConfigurationRequest"):
        edge.elb.modify_target_group_attributes(TargetGroupArn=blue, Attributes=sticky)
    groups = [{"TargetGroupArn": arn, "Weight": 1} for arn in (blue, green)]
    held = {"TargetGroups": groups, "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60}}
    edge.elb.modify_rule(RuleArn=rule["RuleArn"], Actions=[{"Type": "forward", "ForwardConfig": held}])
    edge.elb.modify_target_group_attributes(TargetGroupArn=blue, Attributes=sticky)
