# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ACM: key algorithms, validation by records in Route 53, pages and default filters, and who uses a certificate."""

from __future__ import annotations

from typing import Any

from moto.acm.exceptions import AWSValidationException
from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse as Response
from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult
from moto.elbv2.models import elbv2_backends
from moto.route53.models import route53_backends

from ._operations import add, page
from ._patch import after, before

KEY_ALGORITHMS = ("RSA_2048", "EC_prime256v1", "EC_secp384r1")
# Without a filter on key types, ListCertificates leaves all others out.
DEFAULT_KEY_TYPES = ("RSA_1024", "RSA_2048")


def account_and_region(arn: str) -> tuple[str, str, str]:
    """Account, region and partition of an ARN."""
    _arn, partition, _service, region, account, *_rest = arn.split(":")
    return account, region, partition


def users(arn: str) -> list[str]:
    """The ARNs of the load balancers that use a certificate."""
    account, region, _partition = account_and_region(arn)
    balancers = elbv2_backends[account][region].load_balancers.values()
    return [lb.arn for lb in balancers if any(arn in listener.certificates for listener in lb.listeners.values())]


def record_exists(arn: str, record: dict[str, str]) -> bool:
    """Whether a hosted zone of the account answers a validation record."""
    account, _region, partition = account_and_region(arn)
    zones = route53_backends[account][partition].zones.values()
    sets = [rrset for zone in zones for rrset in zone.rrsets]
    wanted = (record["Name"].rstrip("."), record["Type"], record["Value"].rstrip("."))
    return any((r.name.rstrip("."), r.type, value.rstrip(".")) == wanted for r in sets for value in values(r))


def values(rrset: Any) -> list[str]:
    """The values of a record set."""
    return [record["Value"] if isinstance(record, dict) else str(record) for record in rrset.records or []]


def is_validated(options: list[dict[str, Any]], arn: str) -> bool:
    """Whether every domain of a certificate has its validation record."""
    return all("ResourceRecord" in option and record_exists(arn, option["ResourceRecord"]) for option in options)


def by_domain(options: list[dict[str, Any]], first: str, method: str) -> list[dict[str, Any]]:
    """Validation options in a stable order, the certificate's own domain first; a record only for DNS."""
    ordered = sorted(options, key=lambda option: (option["DomainName"] != first, option["DomainName"]))
    kept = [{k: v for k, v in o.items() if method == "DNS" or k != "ResourceRecord"} for o in ordered]
    return [{**option, "ValidationMethod": method} for option in kept]


def described(self: CertBundle, result: dict[str, Any]) -> dict[str, Any]:
    """After CertBundle.describe: the requested key algorithm, users, and validation options in order."""
    certificate: dict[str, Any] = result["Certificate"]
    certificate["KeyAlgorithm"] = getattr(self, "key_algorithm", certificate["KeyAlgorithm"])
    certificate["InUseBy"] = users(self.arn)
    if self.status == "PENDING_VALIDATION":
        certificate.pop("IssuedAt", None)
    if "DomainValidationOptions" in certificate:
        options, method = certificate["DomainValidationOptions"], getattr(self, "validation_method", "DNS")
        certificate["DomainValidationOptions"] = by_domain(options, self.common_name, method)
    return result


_check = CertBundle.check


def check(self: CertBundle) -> None:
    """In place of moto's, which issues after a while: DNS validation is done when the records are there."""
    if self.status != "PENDING_VALIDATION" or getattr(self, "validation_method", "DNS") != "DNS":
        _check(self)
        return
    options = self.describe()["Certificate"].get("DomainValidationOptions", [])
    if is_validated(options, self.arn):
        self.status = "ISSUED"


_request_certificate = Response.request_certificate


def request_certificate(self: Response) -> ActionResult:
    """RequestCertificate: the same token for the same domains answers the same certificate."""
    algorithm = self._get_param("KeyAlgorithm") or "RSA_2048"
    if algorithm not in KEY_ALGORITHMS:
        raise AWSValidationException(f"Key algorithm {algorithm} is not supported for requested certificates.")
    backend, token = self.acm_backend, self._get_param("IdempotencyToken")
    domains = {self._get_param("DomainName"), *(self._get_param("SubjectAlternativeNames") or [])}
    known = backend._certificates.get(backend._get_arn_from_idempotency_token(token) or "") if token else None
    if known and set(known.sans) == domains:
        return ActionResult({"CertificateArn": known.arn})
    if token:
        backend._idempotency_tokens.pop(token, None)
    result: Any = _request_certificate(self).result
    bundle: Any = backend._certificates[result["CertificateArn"]]
    bundle.key_algorithm = algorithm
    bundle.validation_method = self._get_param("ValidationMethod") or "EMAIL"
    return ActionResult(result)


def list_certificates(self: Response) -> ActionResult:
    """ListCertificates: pages, statuses, and of all key types only RSA up to 2048 unless others are asked for."""
    includes = self._get_param("Includes") or {}
    filters = {**includes, "keyTypes": includes.get("keyTypes") or DEFAULT_KEY_TYPES}
    bundles = self.acm_backend.list_certificates(self._get_param("CertificateStatuses"), filters)
    items, token = page(
        [summary(bundle) for bundle in bundles], self._get_int_param("MaxItems"), self._get_param("NextToken")
    )
    return ActionResult({"CertificateSummaryList": items, "NextToken": token})


def summary(bundle: CertBundle) -> dict[str, Any]:
    """A certificate as a list shows it."""
    certificate = dict(bundle.describe()["Certificate"])
    names = certificate.pop("SubjectAlternativeNames")
    in_use = bool(certificate.pop("InUseBy"))
    exported = bundle.cert_options["Export"] == "ENABLED"
    return {**certificate, "SubjectAlternativeNameSummaries": names, "InUse": in_use, "Exported": exported}


def check_reimport(self: Response) -> None:
    """Before ImportCertificate: an import over an existing certificate can't set tags."""
    if self._get_param("CertificateArn") and self._get_param("Tags"):
        raise AWSValidationException("Tagging is not permitted on re-import.")


_import_certificate = AWSCertificateManagerBackend.import_certificate


def import_certificate(self: AWSCertificateManagerBackend, *given: Any, **named: Any) -> str:
    """In place of the backend's: an import over an existing certificate keeps its tags."""
    old = self._certificates.get(named.get("arn") or "")
    arn = _import_certificate(self, *given, **named)
    if old:
        self._certificates[arn].tags = old.tags
    return arn


def not_in_use(self: AWSCertificateManagerBackend, arn: str) -> None:
    """Before delete_certificate: nothing uses it. Raises ResourceInUseException."""
    if arn in self._certificates and users(arn):
        message = f"Certificate {arn} in account {self.account_id} is in use."
        raise AWSError(message, exception_type="ResourceInUseException")


def install() -> None:
    """Complete moto's ACM; a second call changes nothing."""
    add(Response, request_certificate, list_certificates)
    add(AWSCertificateManagerBackend, import_certificate)
    CertBundle.check = check  # type: ignore[method-assign]
    after(CertBundle, "describe", described)
    before(Response, "import_certificate", check_reimport)
    before(AWSCertificateManagerBackend, "delete_certificate", not_in_use)
