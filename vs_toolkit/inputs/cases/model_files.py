"""Where value models are found: in ``models/`` of the source, else among those that come with the toolkit."""

from __future__ import annotations

import glob
from functools import cache

import fsspec

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases.document import decode, parse
from vs_toolkit.inputs.cases.value_model import FindModel, ValueModel, load_model
from vs_toolkit.inputs.wording import did_you_mean
from vs_toolkit.shipped import shipped


def model_finder(source: str) -> FindModel:
    """Make the function that finds a value model by its name, for the cases of one source.

    The function raises ``LookupError`` for an unknown name and ``InputError`` for a model that is wrong.

    >>> model_finder("nowhere")("tractor").name
    'tractor'
    """
    files = _model_files(shipped("templates/models").as_posix()) | _model_files(f"{source}/models")

    @cache
    def find(name: str) -> ValueModel:
        if name not in files:
            raise LookupError(f"no such value model; {did_you_mean(name, sorted(files))}")
        return _read_model(files[name])

    return find


def model_problems(source: str) -> tuple[Problem, ...]:
    """List what is wrong with the value models in ``models/`` of a source, used or not."""
    problems: list[Problem] = []
    for url in _model_files(f"{source}/models").values():
        try:
            _read_model(url)
        except InputError as error:
            problems += error.problems
    return tuple(problems)


def _model_files(folder: str) -> dict[str, str]:
    filesystem, root = fsspec.url_to_fs(folder)
    return {
        file.rpartition("/")[2].removesuffix(".yaml"): filesystem.unstrip_protocol(file)
        for file in files_in(filesystem, root, ".yaml")
    }


def files_in(filesystem: fsspec.AbstractFileSystem, root: str, *suffixes: str) -> list[str]:
    """List what people put into a folder; a name that begins with ``.`` is left by an editor or system."""
    found = [path for suffix in suffixes for path in filesystem.glob(f"{glob.escape(root)}/*{suffix}")]
    return sorted(path for path in found if not path.rpartition("/")[2].startswith("."))


def content_of(filesystem: fsspec.AbstractFileSystem, path: str, file: str) -> bytes:
    """Read a file; one that cannot be read is a problem of that file, so that the others are still used."""
    try:
        return bytes(filesystem.cat_file(path))
    except OSError as error:
        problem = Problem(file, "", "", "", f"cannot be read: {error.strerror or error}")
        raise InputError([problem]) from None


def _read_model(url: str) -> ValueModel:
    short = "/".join(url.split("/")[-2:])
    filesystem, path = fsspec.url_to_fs(url)
    model = load_model(parse(decode(content_of(filesystem, path, short), short), short))
    if model.name != short.split("/")[1].removesuffix(".yaml"):
        raise InputError([Problem(short, "", "name", model.name, "the file must bear the name of the model")])
    return model
