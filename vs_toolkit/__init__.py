"""Value-selling workbench: inputs, finance, subjects, reports and the batch that makes them."""

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

__version__ = "0.1.0"


def _postpone(name: str, function: str) -> None:
    """Load a module only when its one function that others import is called."""

    def call(*given: Any) -> Any:
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
        return getattr(importlib.import_module(name), function)(*given)

    stand_in = ModuleType(name)
    setattr(stand_in, function, call)
    sys.modules.setdefault(name, stand_in)


if find_spec(
    "rfc3987_syntax"
):  # builds its grammar in 1.3 s, for jsonschema, which is not asked for IRIs here
    _postpone("rfc3987_syntax", "is_valid_syntax")
