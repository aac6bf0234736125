"""Bytes of a text file to text: which encoding, and what is no text at all."""

from __future__ import annotations

import codecs

from vs_toolkit.errors import InputError, Problem

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
NOT_TEXT = (
    (b"PK\x03\x04", "is an Excel workbook (or another zip file) by its content: give it the ending .xlsx"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook by its content: open it in Excel and save it as .xlsx"),
    (b"PAR1", "is a Parquet file by its content: give it the ending .parquet"),
    (b"\x1f\x8b", "is compressed: unpack it"),
    (b"%PDF", "is a PDF: export the table as CSV"),
)


def decoded(content: bytes, file: str) -> tuple[str, str, bytes]:
    r"""Text of a file, the name of its encoding, and the text as UTF-8 without a byte-order mark.

    Raises
    ------
    InputError
        When the bytes are no text.

    >>> decoded("Müller".encode("cp1252"), "a.csv")[:2]
    ('Müller', 'Windows-1252')
    >>> decoded("\ufeffa;b".encode("utf-16-le"), "a.csv")[:2]
    ('a;b', 'UTF-16')
    """
    for start, message in NOT_TEXT:
        if content.startswith(start):
            raise InputError([Problem(file, "", "", "", message)])
    encoding, body = _marked(content)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = _as_windows(body, file)
    if "\x00" in text[:100_000]:
        raise InputError([Problem(file, "", "", "", "is not a text file: save the table as 'CSV UTF-8'")])
    if text[:200].lstrip().casefold().startswith(("<html", "<!doctype", "<table", "<?xml")):
        message = "is a web page by its content: open it in Excel and save it as .xlsx"
        raise InputError([Problem(file, "", "", "", message)])
    return text, NAMES[encoding], body if encoding == "utf-8" else text.encode()


def _as_windows(body: bytes, file: str) -> str:
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError as error:
        line = f"line {body.count(bytes([10]), 0, error.start) + 1}"
        message = "is in no encoding that is known: save it as 'CSV UTF-8'"
        raise InputError([Problem(file, line, "", "", message)]) from None


def _marked(content: bytes) -> tuple[str, bytes]:
    """Encoding by the mark at the beginning, or by the zeros of UTF-16; else UTF-8 is tried."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return encoding, content[len(mark) :]
    start = content[:1000]
    if len(start) >= 4 and start.count(0) > len(start) // 4:
        return ("utf-16-le" if start[1] == 0 else "utf-16-be"), content
    return "utf-8", content
