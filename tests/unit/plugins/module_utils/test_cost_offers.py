# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _cost_offers
from ansible_collections.uex.payments.plugins.module_utils._cost_offers import Difference, OtherRegion
from ansible_collections.uex.payments.plugins.plugin_utils import prices, refresh_prices

REGION = "us-east-1"
POSTGRES = {"databaseEngine": "PostgreSQL", "deploymentOption": "Single-AZ"}
LARGE = {"instanceType": "db.t3.large", "usagetype": "InstanceUsage:db.t3.large", **POSTGRES}
#: What the offer files say of one product each: its family, its attributes, the tiers of its price.
PRODUCTS: dict[str, tuple[str, dict[str, str], list[tuple[str, str]]]] = {
    "rds": ("Database Instance", LARGE, [("0", "0.1450000000")]),
    "multi": (
        "Database Instance",
        {**LARGE, "deploymentOption": "Multi-AZ", "usagetype": "Multi-AZUsage:db.t3.large"},
        [("0", "0.29")],
    ),
    "mysql": ("Database Instance", {**LARGE, "databaseEngine": "MySQL"}, [("0", "0.136")]),
    "gp3": ("Database Storage", {"usagetype": "RDS:GP3-Storage", **POSTGRES}, [("0", "0.115")]),
    "nat": ("NAT Gateway", {"usagetype": "NatGateway-Hours"}, [("0", "0.045")]),
    "bytes": ("NAT Gateway", {"usagetype": "NatGateway-Bytes"}, [("0", "0.045")]),
    "private": ("NAT Gateway", {"usagetype": "NatGateway-Prvd-Hours"}, [("0", "0.02")]),
    "cache": (
        "Cache Instance",
        {"instanceType": "cache.t4g.micro", "cacheEngine": "Valkey", "usagetype": "NodeUsage:cache.t4g.micro"},
        [("0", "0.0000000000"), ("0", "0.0128")],
    ),
    "vcpu": ("Compute", {"usagetype": "Fargate-vCPU-Hours:perCPU"}, [("0", "0.04048")]),
    "windows": ("Compute", {"usagetype": "Fargate-Windows-vCPU-Hours:perCPU"}, [("0", "0.09148")]),
    "arm": ("Compute", {"usagetype": "Fargate-ARM-GB-Hours"}, [("0", "0.00356")]),
    "alb": ("Load Balancer-Application", {"usagetype": "LoadBalancerUsage"}, [("0", "0.0225")]),
    "lcu": ("Load Balancer-Application", {"usagetype": "LCUUsage"}, [("0", "0.008")]),
    "nlb": ("Load Balancer-Network", {"usagetype": "LCUUsage"}, [("0", "0.006")]),
    "endpoint": ("VpcEndpoint", {"usagetype": "VpcEndpoint-Bytes"}, [("0", "0.01"), ("1048576", "0.006")]),
}
EXPECTED = {
    "rds.postgres.db.t3.large": 0.145,
    "rds.gp3_gb_month": 0.115,
    "nat.hour": 0.045,
    "nat.gb": 0.045,
    "cache.valkey.cache.t4g.micro": 0.0128,
    "fargate.x86.vcpu_hour": 0.04048,
    "fargate.arm.gb_hour": 0.00356,
    "alb.hour": 0.0225,
    "alb.lcu_hour": 0.008,
    "endpoint.gb": 0.01,
}


def a_json(region: str = REGION, **changed: str) -> dict[str, Any]:
    """An offer file of these products; C(changed) are other prices by product."""
    products, terms = {}, {}
    for sku, (family, attributes, tiers) in PRODUCTS.items():
        products[sku] = {"sku": sku, "productFamily": family, "attributes": {**attributes, "regionCode": region}}
        dimensions = {
            f"{sku}.{number}": {"beginRange": begin, "unit": "Hrs", "pricePerUnit": {"USD": changed.get(sku, price)}}
            for number, (begin, price) in enumerate(tiers)
        }
        terms[sku] = {f"{sku}.JRTCKXETXF": {"priceDimensions": dimensions}}
    reserved = {"rds": {"rds.RI": {"priceDimensions": {"x": {"pricePerUnit": {"USD": "0.09"}}}}}}
    return {"products": products, "terms": {"OnDemand": terms, "Reserved": reserved}}


HEADER = (
    *("SKU", "TermType", "StartingRange", "PricePerUnit", "Currency", "Product Family", "Instance Type", "usageType"),
    *("Database Engine", "Deployment Option", "Cache Engine", "Region Code"),
)
ATTRIBUTES = ("instanceType", "usagetype", "databaseEngine", "deploymentOption", "cacheEngine")


def a_csv(region: str = REGION) -> str:
    """The same as CSV, with what AWS writes above the header, and a price that is not on demand."""
    lines = ['"FormatVersion","v1.0"', '"Publication Date","2026-11-20T00:00:00Z"', _line(HEADER)]
    for sku, (family, attributes, tiers) in PRODUCTS.items():
        own = [attributes.get(name, "") for name in ATTRIBUTES]
        lines += [_line([sku, "OnDemand", begin, price, "USD", family, *own, region]) for begin, price in tiers]
        lines.append(_line([sku, "Reserved", "", "0.01", "USD", family, *own, region]))
    return "\n".join(lines) + "\n"


def _line(cells: Any) -> str:
    return ",".join(f'"{cell}"' for cell in cells)


def test_json_and_csv_say_the_same_prices() -> None:
    assert _cost_offers.prices(_cost_offers.of_json(a_json()), REGION) == EXPECTED
    assert _cost_offers.prices(_cost_offers.of_csv(a_csv().splitlines()), REGION) == EXPECTED


def test_usage_types_begin_with_the_region_s_short_name_elsewhere() -> None:
    entry = {"usagetype": "EUW1-NatGateway-Hours", "productfamily": "NAT Gateway", "regioncode": "eu-west-1"}
    found = _cost_offers.prices([{**entry, "priceperunit": "0.048"}], "eu-west-1")
    assert found == {"nat.hour": 0.048}


@pytest.mark.parametrize("entries", [_cost_offers.of_json(a_json("eu-west-1")), iter(())])
def test_a_file_of_another_region_is_refused(entries: Any) -> None:
    with pytest.raises(OtherRegion, match="no prices of us-east-1"):
        _cost_offers.prices(entries, REGION)


def test_what_changed_is_what_differs_and_what_is_new_if_asked_for() -> None:
    table = {"nat.hour": 0.04, "nat.gb": 0.045, "kms.key_month": 1.0}
    found = {"nat.hour": 0.045, "nat.gb": 0.045, "alb.hour": 0.0225}
    changed = Difference("nat.hour", 0.04, 0.045)
    assert _cost_offers.differences(table, found, new_too=False) == [changed]
    assert _cost_offers.differences(table, found, new_too=True) == [Difference("alb.hour", None, 0.0225), changed]
    assert _cost_offers.line(changed) == "nat.hour: 0.04 -> 0.045"
    assert _cost_offers.line(Difference("alb.hour", None, 0.0225)) == "alb.hour: new -> 0.0225"


def test_every_key_of_a_match_is_one_that_the_table_can_have() -> None:
    families = {key.rpartition(".")[0].partition(".")[0] for key in prices.table()["regions"][REGION]}
    assert {match.key.partition(".")[0] for match in _cost_offers.MATCHES} <= families


# The script


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "prices.json"
    document = {"date": "2026-01-01", "source": "x", "regions": {REGION: {"nat.hour": 0.04, "kms.key_month": 1.0}}}
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def refresh(table: Path, *arguments: str) -> int:
    return refresh_prices.main(["--date", "2026-11-27", "--table", str(table), *arguments])


def test_the_script_shows_and_writes_nothing_unless_told_to(table: Path, tmp_path: Path, capsys: Any) -> None:
    offer = tmp_path / "index.json"
    offer.write_text(json.dumps(a_json()), encoding="utf-8")
    before = table.read_text(encoding="utf-8")
    assert refresh(table, str(offer)) == 0
    assert capsys.readouterr().out.splitlines() == ["nat.hour: 0.04 -> 0.045", "10 prices found, 1 differ"]
    assert table.read_text(encoding="utf-8") == before


def test_the_script_brings_the_table_up_to_date(table: Path, tmp_path: Path) -> None:
    offer = tmp_path / "index.csv"
    offer.write_text(a_csv(), encoding="utf-8")
    assert refresh(table, "--write", "--new", str(offer)) == 0
    document = json.loads(table.read_text(encoding="utf-8"))
    assert document["date"] == "2026-11-27"
    assert document["regions"][REGION] == {**EXPECTED, "kms.key_month": 1.0}
    assert list(document["regions"][REGION]) == sorted(document["regions"][REGION])


def test_the_script_refuses_a_file_of_another_region_and_writes_nothing(
    table: Path, tmp_path: Path, capsys: Any
) -> None:
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.csv"
    right.write_text(json.dumps(a_json()), encoding="utf-8")
    wrong.write_text(a_csv("eu-west-1"), encoding="utf-8")
    before = table.read_text(encoding="utf-8")
    assert refresh(table, "--write", str(right), str(wrong)) == 1
    assert "wrong.csv: it has no prices of us-east-1; its regions: eu-west-1" in capsys.readouterr().err
    assert table.read_text(encoding="utf-8") == before
