# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What runs keep in the state bucket: texts by name below an environment's prefix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from . import _aws
from ._discovery import Connect
from ._errors import code_of

T = TypeVar("T")

BOOTSTRAP = "ansible-playbook playbooks/bootstrap.yml -i <inventory>"
#: Stands for the account's number in the bucket's name, which nobody knows before AWS is asked.
ACCOUNT = "{account_id}"
#: S3 keeps what it is given; JSON is said to be so, for whoever looks at it in a browser.
CONTENT_TYPE = "application/json"


class NoStateBucket(Exception):
    """The bucket isn't there; the message says what makes it."""

    def __init__(self, bucket: str) -> None:
        super().__init__(f"the state bucket {bucket} does not exist; make it, once an account and region: {BOOTSTRAP}")


class Store:
    """An environment's part of the state bucket.

    C(owner) is the account that the bucket must belong to: AWS refuses one of that name in somebody else's.
    """

    def __init__(self, connect: Connect, bucket: str, prefix: str, owner: str = "") -> None:
        self._connect = connect
        self.bucket, self.prefix = bucket, prefix
        self._place = {"Bucket": bucket, **({"ExpectedBucketOwner": owner} if owner else {})}

    def read(self, name: str) -> str | None:
        """The text of that name; None if there is none."""

        def get() -> str | None:
            answer = self._client.get_object(Key=self._key(name), **self._place)
            return str(answer["Body"].read().decode())

        return self._in_bucket(lambda: _aws.absent_as(None, get, "NoSuchKey"))

    def write(self, name: str, text: str) -> str:
        """Put the text; its address."""
        body = {"Body": text.encode(), "ContentType": CONTENT_TYPE}
        self._in_bucket(lambda: self._client.put_object(Key=self._key(name), **body, **self._place))
        return f"s3://{self.bucket}/{self._key(name)}"

    def keep(self, name: str, text: str) -> bool:
        """Put the text unless it is there already: True if it was put."""
        if self.read(name) == text:
            return False
        self.write(name, text)
        return True

    def names(self, folder: str) -> list[str]:
        """The names below C(folder), in their order; a name includes the folder."""
        start = {"Prefix": self._key(folder), **self._place}
        entries = self._in_bucket(lambda: _aws.pages(self._client, "list_objects_v2", "Contents", **start))
        return [str(entry["Key"]).removeprefix(f"{self.prefix}/") for entry in entries]

    @property
    def _client(self) -> Any:
        return self._connect("s3")

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}"

    def _in_bucket(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except Exception as error:
            if code_of(error) == "NoSuchBucket":
                raise NoStateBucket(self.bucket) from error
            raise
