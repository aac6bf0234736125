"""Files of ours to the open format and back: what ``vs-toolkit exchange`` does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import yaml

from vs_toolkit.inputs.cases.document import decode, parse
from vs_toolkit.inputs.cases.open_format import Percent, export_case, export_model, read_open
from vs_toolkit.inputs.cases.reading import read_case
from vs_toolkit.inputs.cases.value_model import load_model


def exchanged(file: Path, name: str, percent: str, years: int | None) -> tuple[bytes, tuple[str, ...]]:
    """Turn a file into the other format: its content, and what could not be taken over.

    Raises
    ------
    InputError
        When the file cannot be read, with every problem.
    """
    if file.suffix.lower() == ".json":
        return _ours(file, name, percent, years)
    document = parse(decode(file.read_bytes(), file.name), file.name)
    if "variables" in document.data:
        data = export_model(load_model(document))
    else:
        data = export_case(read_case(file))
    return json.dumps(data, indent=1, ensure_ascii=False).encode(), ()


def _ours(file: Path, name: str, percent: str, years: int | None) -> tuple[bytes, tuple[str, ...]]:
    imported = read_open(decode(file.read_bytes(), file.name), file.name, cast(Percent, percent), years)
    held = imported.case or imported.model
    assert held is not None
    data = held.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    if imported.model is not None:
        data["name"] = name  # a value model bears the name of its file
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True).encode(), imported.listed
