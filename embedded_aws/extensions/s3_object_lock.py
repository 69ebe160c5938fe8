# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""S3 Object Lock: until when a version is kept."""

from __future__ import annotations

import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response

from ._patch import after


def _retention(response: S3Response, result: Any, query: dict[str, Any], key_name: str) -> Any:
    """GetObjectRetention, which moto takes for GetObject."""
    if "retention" not in query:
        return result
    key: Any = response._get_key()[0]
    if not key.lock_mode:
        message = "The specified object does not have a ObjectLock configuration"
        raise S3ClientError("NoSuchObjectLockConfiguration", message)
    until = datetime.datetime.fromisoformat(str(key.lock_until).replace("Z", "+00:00"))
    response.data["Action"] = "GetObjectRetention"
    return response.serialized(ActionResult({"Retention": {"Mode": key.lock_mode, "RetainUntilDate": until}}))


def install() -> None:
    """Extend moto's S3; once is enough, twice is harmless."""
    after(S3Response, "_key_response_get", _retention)
