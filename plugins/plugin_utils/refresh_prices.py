# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Compare the table of prices with AWS's offer files, and with --write bring it up to date.

python -m ansible_collections.uex.payments.plugins.plugin_utils.refresh_prices --date 2026-11-27 FILE...

The files come from https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<service>/current/<region>/index.csv (or
.json) of AmazonRDS, AmazonElastiCache, AmazonECS, AWSELB, AmazonVPC, AmazonEC2 and AmazonCloudWatch. CSV is read line
by line, JSON whole.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _cost_offers
from ansible_collections.uex.payments.plugins.plugin_utils import files
from ansible_collections.uex.payments.plugins.plugin_utils.prices import FILE


def read(file: Path, region: str) -> dict[str, float]:
    """The prices of one file. OtherRegion if it is of another region."""
    with file.open(encoding="utf-8", newline="") as stream:
        entries = _cost_offers.of_json(json.load(stream)) if file.suffix == ".json" else _cost_offers.of_csv(stream)
        return _cost_offers.prices(entries, region)


def renewed(table: dict[str, Any], region: str, date: str, new: dict[str, float]) -> dict[str, Any]:
    """The table with new prices of a region."""
    own = {**table["regions"].get(region, {}), **new}
    return {**table, "date": date, "regions": {**table["regions"], region: dict(sorted(own.items()))}}


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--region", default="us-east-1", help="whose prices; a file of another region is refused")
    parser.add_argument("--date", type=datetime.date.fromisoformat, required=True, help="the day of the files")
    parser.add_argument("--new", action="store_true", help="take what the table doesn't have too")
    parser.add_argument("--write", action="store_true", help="change the table; without, it is only compared")
    parser.add_argument("--table", type=Path, default=FILE, help="the table, by default the collection's")
    parser.add_argument("files", nargs="+", type=Path, help="offer files of AWS, .json or .csv")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Show what changed; 1 where a file is refused, and nothing is written then."""
    options = arguments(given)
    found: dict[str, float] = {}
    for file in options.files:
        try:
            found |= read(file, options.region)
        except _cost_offers.OtherRegion as error:
            print(f"{file}: {error}", file=sys.stderr)
            return 1
    table = json.loads(options.table.read_text(encoding="utf-8"))
    changes = _cost_offers.differences(table["regions"].get(options.region, {}), found, options.new)
    for change in changes:
        print(_cost_offers.line(change))
    print(f"{len(found)} prices found, {len(changes)} differ")
    if options.write:
        new = {change.key: change.new for change in changes}
        document = renewed(table, options.region, options.date.isoformat(), new)
        files.write_json(options.table.parent, options.table.name, document)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
