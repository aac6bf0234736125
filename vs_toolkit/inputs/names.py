"""File names for customers and notebooks: hostile text never becomes part of a path unchecked."""

from __future__ import annotations

import hashlib
import re

PLAIN = re.compile(r"[A-Z0-9](?:[A-Z0-9_-]{0,58}[A-Z0-9])?")
LOOKS_HASHED = re.compile(r".*-[A-F0-9]{10}")
RESERVED = {"CON", "PRN", "AUX", "NUL"} | {
    f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789"
}

UNSAFE = re.compile(r"[<>:\"/\\|?*\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]|^[ ._~-]|[ .]$")
LONGEST = 60


def unsafe_part(name: str) -> str:
    """Say what makes a name, given by a person, unfit as a file name on some system; nothing if it is fit.

    >>> unsafe_part("My plan 2026"), unsafe_part("what?"), unsafe_part("con.txt")
    ('', "'?'", "'con', which Windows keeps for itself")
    """
    if found := UNSAFE.search(name):
        return ascii(found[0])
    if (base := name.partition(".")[0]).upper() in RESERVED:
        return f"{base!r}, which Windows keeps for itself"
    return f"{len(name)} characters" if len(name) > LONGEST else ""


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
