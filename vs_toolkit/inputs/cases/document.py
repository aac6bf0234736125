"""YAML documents that remember the line of every field, so that a problem can name it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from vs_toolkit.errors import InputError, Problem

Path = tuple[str | int, ...]
NODE_LIMIT = 100_000  # far above any case; stops documents that unfold without end through references
DEPTH_LIMIT = 50
NULL = "tag:yaml.org,2002:null"
MERGE = "tag:yaml.org,2002:merge"


def _verbatim(base: Any) -> Any:
    """Loader that reads every value as the text that stands there: 007 stays 007, NO stays NO.

    The models give the types; only an empty value (or ``null``) and ``<<`` have a meaning of their own.
    """
    resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag in (NULL, MERGE)]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return type("Verbatim", (base,), {"yaml_implicit_resolvers": resolvers})


FAST = _verbatim(getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # ten times faster, where PyYAML has it
PLAIN = _verbatim(yaml.SafeLoader)  # words the errors, so that they are the same everywhere


@dataclass(frozen=True)
class Document:
    """The content of one file, and on which line each field stands."""

    file: str
    data: dict[str, Any]
    lines: dict[Path, int]

    def locate(self, path: Path) -> tuple[Path, int]:
        """Find the deepest part of ``path`` that stands in the document, and its line.

        Parts that do not stand there are left out: validators name alternatives and defaults as well.
        """
        here: Path = ()
        for part in path:
            here = (*here, part) if (*here, part) in self.lines else here
        return here, self.lines[here]

    def problem(self, path: Path, message: str, found: str = "", field: str = "") -> Problem:
        """Word a problem of the field at ``path``."""
        here, line = self.locate(path)
        return Problem(self.file, f"line {line}", field or dotted(here), found, message)


def dotted(path: Path) -> str:
    """Write a path as a reader would, counting from 1.

    >>> dotted(("effects", 0, "change"))
    'effects[1].change'
    """
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def decode(content: bytes, file: str) -> str:
    """Turn the bytes of a text file into text, or say how to save it.

    Raises
    ------
    InputError
        When it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            [Problem(file, f"line {line}", "", "", "not UTF-8: save the file as UTF-8")]
        ) from None


def parse(text: str, file: str) -> Document:
    r"""Read one YAML document that consists of named fields.

    Raises
    ------
    InputError
        When it is empty, not YAML, not made of fields, or names a field twice; with the lines.

    >>> parse("a: 1\nb: {c: 007}", "x.yaml").data
    {'a': '1', 'b': {'c': '007'}}
    """
    if not text.strip():
        raise InputError([Problem(file, "", "", "", "the file is empty")])
    try:
        return _read(text, file, FAST)
    except yaml.YAMLError:
        return _worded(text, file)


def _worded(text: str, file: str) -> Document:
    try:
        return _read(text, file, PLAIN)
    except yaml.MarkedYAMLError as error:
        raise InputError([_syntax(error, file)]) from None
    except yaml.YAMLError as error:
        raise InputError(
            [Problem(file, "", "", "", f"not readable as YAML: {str(error).splitlines()[0]}")]
        ) from None


def _read(text: str, file: str, loader_class: Any) -> Document:
    _refuse_depth(yaml.parse(text, Loader=loader_class))
    loader = loader_class(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise InputError(
                [Problem(file, "line 1", "", "", "write fields as 'name: value', each on its line")]
            )
        lines = _unique(_lines(node), file)
        return Document(file, loader.construct_document(node), lines)
    finally:
        loader.dispose()


def _refuse_depth(events: Iterable[yaml.Event]) -> None:
    """Refuse what would exhaust the stack of the loader."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise yaml.YAMLError("the document is nested too deeply")


def _lines(root: yaml.Node) -> Iterator[tuple[Path, int]]:
    """Yield every path of the document with its line; a field's line is that of its name."""
    pending: list[tuple[yaml.Node, Path, int]] = [(root, (), 1)]
    for _ in range(NODE_LIMIT):
        if not pending:
            return
        node, path, line = pending.pop()
        if len(path) > DEPTH_LIMIT:
            break
        yield path, line
        pending += _children(node, path)
    raise yaml.YAMLError("the document unfolds into too many fields")


def _children(node: yaml.Node, path: Path) -> list[tuple[yaml.Node, Path, int]]:
    if isinstance(node, yaml.MappingNode):
        return [(value, (*path, str(key.value)), key.start_mark.line + 1) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [(item, (*path, i), item.start_mark.line + 1) for i, item in enumerate(node.value)]
    return []


def _unique(places: Iterable[tuple[Path, int]], file: str) -> dict[Path, int]:
    """Refuse a name given twice: the later one would silently win."""
    lines: dict[Path, int] = {}
    doubles: dict[Path, Problem] = {}
    for path, line in sorted(places, key=lambda place: place[1]):
        if path in lines and path[:-1] not in doubles:
            text = f"already given on line {lines[path]}; keep one"
            doubles[path] = Problem(file, f"line {line}", dotted(path), "", text)
        lines.setdefault(path, line)
    if doubles:
        raise InputError(doubles.values())
    return lines


def _syntax(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}" if mark else ""
    return Problem(file, where, "", "", f"not readable as YAML: {_plain(str(error.problem))}")


def _plain(problem: str) -> str:
    if "'\\t'" in problem:
        return "indent with spaces, not with tabs"
    if "mapping values are not allowed" in problem:
        return "a value that contains ': ' needs quotes, or a line is indented wrongly"
    return f"{problem}; check indentation, quotes and brackets here"
