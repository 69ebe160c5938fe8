# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What goes into a secret, and how another module takes it out again; values never leave the module's process."""

from __future__ import annotations

import base64
import json
import re
import secrets
import string
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ._errors import code_of

#: Every generated text has a character of each of these classes.
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
#: The options of a secret that say what is in it.
CONTENT = ("value", "fixed", "generate")


def text(length: int, punctuation: str = "") -> str:
    """Random letters and digits, and C(punctuation) where given, at least one character of each class."""
    classes = [each for each in (*_CLASSES, punctuation) if each]
    characters = [secrets.choice(each) for each in classes]
    characters += [secrets.choice("".join(classes)) for _place in range(length - len(classes))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


_ENCODINGS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "text": lambda rule: text(rule["length"], rule.get("punctuation") or ""),
    "hex": lambda rule: secrets.token_hex(rule["length"]),
    "base64": lambda rule: base64.b64encode(secrets.token_bytes(rule["length"])).decode(),
}


def name_problems(name: str) -> Iterable[str]:
    """Why AWS would not take the name, or mistake it."""
    if not re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", name):
        yield "letters, digits and /_+=.@- only, at most 512"
    if re.search(r"-[A-Za-z0-9]{6}$", name):
        yield "ends in a hyphen and six characters, which AWS takes for the end of an ARN"


def content(item: Mapping[str, Any]) -> str | None:
    """The secret's text as the item declares it, with new random parts; None where it declares none.

    A text is stored as it is; everything else becomes one JSON object.
    """
    value, fixed, rules = (item.get(option) for option in CONTENT)
    if isinstance(value, str):
        return value
    if not is_declared(item):
        return None
    generated = {rule["key"]: _ENCODINGS[rule.get("encoding") or "text"](rule) for rule in rules or ()}
    return json.dumps({**(fixed or {}), **(value or {}), **generated})


def is_declared(item: Mapping[str, Any]) -> bool:
    """Whether the item says what is in the secret."""
    return any(item.get(option) is not None for option in CONTENT)


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with the declared content, as sentences that begin with the option's name and hold no value."""
    value, fixed, rules = (item.get(option) for option in CONTENT)
    if value is not None and not isinstance(value, str | Mapping):
        yield "value: must be a text or a dictionary"
    elif isinstance(value, str) and (fixed or rules):
        yield "value: a text cannot be combined with fixed or generate; use a dictionary"
    else:
        yield from _repeated([*(value or {}), *(fixed or {}), *(rule["key"] for rule in rules or ())])
    yield from (f"generate: {rule['key']}: length must be 8 to 1024, is {rule['length']}" for rule in _odd(rules))


def _repeated(keys: list[str]) -> Iterable[str]:
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    yield from (f"generate: {key} is declared twice in value, fixed and generate" for key in repeated)


def _odd(rules: Iterable[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    return [rule for rule in rules or () if not 8 <= rule["length"] <= 1024]


def whole(client: Any, secret_id: str, stage: str) -> dict[str, Any]:
    """All of a JSON secret, of the version with this label, and of the current one where none has it.

    Raises ClientError if the secret can't be read, LookupError if it is no JSON object.
    """
    try:
        return dict(json.loads(_text_of(client, secret_id, stage)))
    except (ValueError, TypeError):
        raise LookupError(f"secret {secret_id} is no JSON object") from None


def read(client: Any, reference: Mapping[str, str]) -> str:
    """The text under a key of a JSON secret; C(reference) has C(secret_id), its name or ARN, and C(json_key).

    With C(version_stage) it is that of the version with this label, and of the current one where none has it.
    Raises ClientError if the secret can't be read, LookupError if it isn't JSON with that key.
    """
    secret_id, json_key = reference["secret_id"], reference["json_key"]
    try:
        return str(json.loads(_text_of(client, secret_id, reference.get("version_stage")))[json_key])
    except (ValueError, KeyError, TypeError):
        raise LookupError(f"secret {secret_id} is no JSON object with the key {json_key}") from None


def _text_of(client: Any, secret_id: str, stage: str | None) -> str:
    if stage:
        try:
            return str(client.get_secret_value(SecretId=secret_id, VersionStage=stage)["SecretString"])
        except Exception as error:
            if code_of(error) != "ResourceNotFoundException":
                raise
    return str(client.get_secret_value(SecretId=secret_id)["SecretString"])
