# SPDX-License-Identifier: MIT
"""Looks for secrets in text that is not to hold any, however they are written there."""

import base64
import re
import urllib.parse

from .certificates import Leaf, openssl

SHORTEST = 16  # a shorter last line of a key could be there by chance


def secrets_of(leaf: Leaf) -> list:
    """The lines of the private key's base64, in both of the forms in which it may be kept and sent."""
    pems = leaf.key, openssl("pkey", "-traditional", stdin=leaf.key)
    lines = {line for pem in pems for line in pem.splitlines() if not line.startswith("-")}
    return sorted(line for line in lines if len(line) >= SHORTEST)


def find_secrets(haystack: bytes, secrets: list) -> list:
    """The secrets that are in it: as they are, escaped for URLs or for JSON, in base64 or in hexadecimal."""
    lower = haystack.lower()
    return [secret for secret in secrets
            if any(form in haystack for form in _forms(secret)) or any(form in lower for form in _hex_forms(secret))]


def _forms(secret: str) -> list:
    escaped = urllib.parse.quote(secret, safe="")
    in_lower_case = re.sub("%..", lambda code: code.group().lower(), escaped)
    texts = {secret, escaped, in_lower_case, secret.replace("/", "\\/")}
    return [text.encode() for text in texts] + _base64_forms(secret.encode())


def _base64_forms(secret: bytes) -> list:
    """Its base64 wherever it begins in a longer text: at each offset, without the characters that neighbours share."""
    forms = []
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + secret)
        forms.append(whole[4 if offset else 0:-4])
    return forms


def _hex_forms(secret: str) -> list:
    forms = [secret.encode().hex().encode()]
    try:
        forms.append(base64.b64decode(secret, validate=True).hex().encode())  # a piece of the key's DER
    except ValueError:
        pass
    return forms
