"""Where value models are found: in ``models/`` of the source, else among those that come with the toolkit."""

from __future__ import annotations

from functools import cache

import fsspec

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.document import decode, parse
from vs_toolkit.inputs.value_model import FindModel, ValueModel, load_model
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
    filesystem, path = fsspec.url_to_fs(folder)
    files = filesystem.glob(f"{path}/*.yaml")
    return {
        file.rpartition("/")[2].removesuffix(".yaml"): filesystem.unstrip_protocol(file) for file in files
    }


def _read_model(url: str) -> ValueModel:
    short = "/".join(url.split("/")[-2:])
    with fsspec.open(url, "rb") as file:
        model = load_model(parse(decode(file.read(), short), short))
    if model.name != short.split("/")[1].removesuffix(".yaml"):
        raise InputError([Problem(short, "", "name", model.name, "the file must bear the name of the model")])
    return model
