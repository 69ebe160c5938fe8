# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils._arns import kind_of, parse


@pytest.mark.parametrize(
    ("text", "kind", "rest", "type_"),
    [
        ("arn:aws:ec2:eu-west-1:1:subnet/subnet-1", "ec2:subnet", "subnet-1", "AWS::EC2::Subnet"),
        ("arn:aws:s3:::a-bucket", "s3:", "a-bucket", "AWS::S3::Bucket"),
        ("arn:aws:sns:eu-west-1:1:topic", "sns:", "topic", "AWS::SNS::Topic"),
        ("arn:aws:logs:eu-west-1:1:log-group:/a/b", "logs:log-group", "/a/b", "AWS::Logs::LogGroup"),
        (
            "arn:aws:chatbot::1:chat-configuration/microsoft-teams-channel/c",
            "chatbot:microsoft-teams-channel",
            "c",
            "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
        ),
        ("arn:aws:iam::1:policy/limits/p", "iam:policy", "limits/p", "AWS::IAM::ManagedPolicy"),
        ("arn:aws:iam::1:instance-profile/p", "iam:instance-profile", "p", "AWS::IAM::InstanceProfile"),
        ("arn:aws:route53:::hostedzone/Z1", "route53:hostedzone", "Z1", "AWS::Route53::HostedZone"),
        (
            "arn:aws:elasticfilesystem:eu-west-1:1:file-system/fs-1",
            "elasticfilesystem:file-system",
            "fs-1",
            "AWS::EFS::FileSystem",
        ),
        ("arn:aws:ec2:eu-west-1:1:launch-template/lt-1", "ec2:launch-template", "lt-1", "AWS::EC2::LaunchTemplate"),
        ("arn:aws:lambda:eu-west-1:1:function:f", "lambda:function", "f", "AWS::Lambda::Function"),
        ("arn:aws:kinesis:eu-west-1:1:whatever", "kinesis:", "whatever", "AWS::Kinesis::Resource"),
    ],
)
def test_an_arn_in_its_parts(text: str, kind: str, rest: str, type_: str) -> None:
    arn = parse(text)
    assert (arn.kind, arn.rest, kind_of(arn)) == (kind, rest, type_)
