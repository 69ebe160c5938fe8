# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from ansible_collections.uex.payments.plugins.module_utils._errors import Failure, code_of, failure, hint, is_absent


def client_error(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateThing")


def test_a_failure_names_resource_code_operation_and_what_to_do() -> None:
    text = str(failure("x-vpc", "create", client_error("VpcLimitExceeded", "too many")))
    assert text == (
        "x-vpc: create failed: VpcLimitExceeded: too many [CreateThing] "
        "(ask AWS for a higher quota (Service Quotas), then run again)"
    )


def test_a_failure_of_any_other_kind_goes_by_its_own_name_and_has_no_advice() -> None:
    assert failure("x", "update", KeyError("SubnetId")) == Failure("x", "update", "KeyError", "'SubnetId'", "")
    assert str(failure("x", "update", RuntimeError("odd"))) == "x: update failed: RuntimeError: odd"


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AccessDeniedException", "calling role"),
        ("UnauthorizedOperation", "calling role"),
        ("ExpiredTokenException", "credentials"),
        ("AuthFailure", "credentials"),
        ("ThrottlingException", "rate limiting"),
        ("RequestLimitExceeded", "rate limiting"),  # before the quotas, whose mark it bears too
        ("TooManyRequestsException", "rate limiting"),
        ("AddressLimitExceeded", "quota"),
        ("ServiceQuotaExceededException", "quota"),
        ("DependencyViolation", "still uses it"),
        ("InvalidIPAddress.InUse", "still uses it"),
        ("BucketAlreadyExists", "meanwhile"),
        ("InvalidPermission.Duplicate", "meanwhile"),
        ("NoSuchEntity", "is gone"),
        ("InvalidVpcID.NotFound", "is gone"),
        ("InvalidParameterValue", "mend the variable"),
        ("MalformedPolicyDocument", "mend the variable"),
    ],
)
def test_what_to_do_about_a_code(code: str, advice: str) -> None:
    assert advice in hint(code)


def test_nothing_is_said_about_codes_unheard_of() -> None:
    assert hint("Gremlins") == ""


@pytest.mark.parametrize(
    ("code", "codes", "absent"),
    [
        ("InvalidSubnetID.NotFound", (), True),
        ("NoSuchBucket", (), True),
        ("ResourceNotFoundException", ("ResourceNotFoundException",), True),
        ("NoSuchBucket", ("ResourceNotFoundException",), False),  # given codes are all that counts
        ("AccessDenied", (), False),
        ("AccessDenied", ("NoSuchBucket",), False),
        ("ThrottlingException", (), False),
        ("RequestLimitExceeded", (), False),
    ],
)
def test_absence_is_what_aws_calls_so_never_a_denied_or_throttled_read(
    code: str, codes: tuple[str, ...], absent: bool
) -> None:
    assert is_absent(client_error(code), *codes) is absent


def test_the_code_of_an_error_that_is_none_of_aws_s() -> None:
    assert (code_of(client_error("X")), code_of(ValueError("y"))) == ("X", "ValueError")
