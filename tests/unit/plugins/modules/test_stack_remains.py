# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.modules import stack_remains
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

OPTIONS: dict[str, Any] = {
    "name": "uex-payments-test",
    "tags": TAGS,
    "layers": ["foundation", "network", "data", "registry", "edge", "compute", "monitoring"],
    "path": "remains.json",
}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
LOGIN = {"MasterUsername": "uex", "MasterUserPassword": "long-enough"}


def remains(**changed: Any) -> dict[str, dict[str, Any]]:
    result = plugins.run_module(stack_remains, {**OPTIONS, **changed})
    assert not result.get("failed"), result
    return {each["name"]: each for each in result["remains"]}


def test_an_empty_account_holds_nothing(aws: None) -> None:
    result = plugins.run_module(stack_remains, OPTIONS)
    assert (result["remains"], result["table"][-1]) == ([], "Nothing of the environment is left in the account.")


def key() -> str:
    pairs = [{"TagKey": name, "TagValue": value} for name, value in TAGS.items()]
    return str(Account().connect("kms").create_key(Tags=pairs, Description="Data")["KeyMetadata"]["KeyId"])


def snapshot(key_id: str, **deletion: Any) -> None:
    client = Account().connect("rds")
    size = {"Engine": "postgres", "DBInstanceClass": "db.t3.medium", "AllocatedStorage": 20}
    secure = {"StorageEncrypted": True, "KmsKeyId": key_id, "BackupRetentionPeriod": 7}
    client.create_db_instance(DBInstanceIdentifier="uex-payments-test-db", Tags=PAIRS, **size, **secure, **LOGIN)
    client.delete_db_instance(DBInstanceIdentifier="uex-payments-test-db", **deletion)


def test_what_a_replacement_left_says_what_it_is_for(aws: None) -> None:
    snapshot(key(), FinalDBSnapshotIdentifier="uex-payments-test-db-replacement")
    assert "the next run restores it" in remains()["uex-payments-test-db-replacement"]["reason"]


def test_a_final_snapshot_says_its_size_and_until_when_its_key_lets_it_be_read(aws: None) -> None:
    key_id = key()
    snapshot(key_id, FinalDBSnapshotIdentifier="uex-payments-test-db-final-1")
    Account().connect("kms").schedule_key_deletion(KeyId=key_id, PendingWindowInDays=30)
    found = remains()
    last, ending = found["uex-payments-test-db-final-1"], found[key_id]
    assert (last["kind"], last["size_gb"], last["monthly_cost"]) == ("AWS::RDS::DBSnapshot", 20.0, None)
    assert (ending["kind"], ending["monthly_cost"]) == ("AWS::KMS::Key", 0)
    assert last["until"] == ending["until"]
    assert f"cancel-key-deletion --key-id arn:aws:kms:us-east-1:123456789012:key/{key_id}" in last["reason"]


def test_automated_backups_that_were_kept_are_listed_and_a_kept_key_has_no_known_price(aws: None) -> None:
    key_id = key()
    snapshot(key_id, SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    found = remains(keep_data=True)
    backup = found["uex-payments-test-db"]
    assert (backup["kind"], backup["until"]) == ("AWS::RDS::DBInstanceAutomatedBackup", None)
    assert "7 days" in backup["reason"]
    assert (found[key_id]["monthly_cost"], found[key_id]["until"]) == (None, None)
    assert "cannot be read without it" in found[key_id]["reason"]


def test_a_deleted_secret_says_until_when_it_can_be_restored_and_costs_nothing(aws: None) -> None:
    client = Account().connect("secretsmanager")
    for name in ("uex-payments-test/database", "uex-payments-test/other", "uex-payments-more/database"):
        client.create_secret(Name=name, SecretString="{}")
    ends = client.delete_secret(SecretId="uex-payments-test/database", RecoveryWindowInDays=7)["DeletionDate"]
    client.delete_secret(SecretId="uex-payments-more/database", RecoveryWindowInDays=7)
    found = remains()
    assert list(found) == ["uex-payments-test/database"]
    assert found["uex-payments-test/database"]["until"] == ends.date().isoformat()


def test_a_bucket_that_is_left_says_what_it_holds(aws: None) -> None:
    client = Account().connect("s3")
    client.create_bucket(Bucket="kept", CreateBucketConfiguration={"Tags": PAIRS})
    client.put_object(Bucket="kept", Key="a", Body=b"a" * 2**21)
    found = remains()["kept"]
    assert (found["kind"], found["size_gb"], found["monthly_cost"]) == ("AWS::S3::Bucket", 0.002, None)


def test_what_a_layer_that_was_not_taken_down_bills_is_listed(aws: None) -> None:
    Account().connect("ecr").create_repository(repositoryName="uex-payments-test/api")
    assert remains() == {}
    assert remains(layers=["monitoring"])["uex-payments-test/api"]["reason"].startswith("its layer, registry")


def test_a_subscription_that_nobody_confirmed_is_listed(aws: None) -> None:
    client = Account().connect("sns")
    topic = client.create_topic(Name="uex-payments-test-info")["TopicArn"]
    client.subscribe(TopicArn=topic, Protocol="email", Endpoint="sre@example.com")
    found = remains()["uex-payments-test-info email sre@example.com"]
    assert (found["kind"], found["monthly_cost"]) == ("AWS::SNS::Subscription", 0)
