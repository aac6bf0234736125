"""File names for customers: an id is hostile text, and never becomes part of a path unchecked."""

from __future__ import annotations

import hashlib
import re

PLAIN = re.compile(r"[A-Z0-9](?:[A-Z0-9_-]{0,58}[A-Z0-9])?")
LOOKS_HASHED = re.compile(r".*-[A-F0-9]{10}")
RESERVED = {"CON", "PRN", "AUX", "NUL"} | {
    f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789"
}


def safe_name(customer_id: str) -> str:
    """Give a customer id a name that is safe as a file or folder on every system.

    Two different ids never get the same name, not even where the file system ignores case: an id of
    capitals, digits, ``-`` and ``_`` stays as it is, every other one bears a short hash of the id. Names
    have at most 60 characters, are never reserved by Windows and never begin with ``_`` or ``.``.

    >>> safe_name("C001"), safe_name("../x"), safe_name("Acme")
    ('C001', 'x-d6b96a97d1', 'Acme-37036cd8f9')
    """
    unchanged = PLAIN.fullmatch(customer_id) and customer_id not in RESERVED
    if unchanged and not LOOKS_HASHED.fullmatch(customer_id):
        return customer_id
    stem = re.sub(r"[^A-Za-z0-9]+", "-", customer_id)[:40].strip("-") or "customer"
    digest = hashlib.sha256(customer_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{stem}-{digest[:10]}"
