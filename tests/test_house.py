"""The house holds together: environments agree, documents are true, floors are named."""

import pkgutil
import re
import subprocess
import sys
import tomllib

import yaml

import vs_toolkit
from tests.shared import ROOT
from vs_toolkit.batch.nursery import NOT_SUBJECTS, subjects

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_conda_gets_the_same_dependencies_as_pip():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    named = [d for d in conda if isinstance(d, str) and d not in ("pip",) and not d.startswith("python>")]
    assert named == [d.lower() for d in PROJECT["dependencies"]]
    assert f"python{PROJECT['requires-python']}" in conda


def test_every_dependency_is_pinned_once():
    pins = re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(), flags=re.M)
    names = [re.sub(r"[-_.]+", "-", name).lower() for name in pins]
    assert len(names) == len(set(names))
    extras = [d for group in PROJECT["optional-dependencies"].values() for d in group]
    wanted = {
        re.sub(r"[-_.]+", "-", re.split(r"[><=\[]", d)[0]).lower() for d in PROJECT["dependencies"] + extras
    }
    assert wanted <= set(names)


def test_documents_name_only_files_that_exist():
    for document in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", (ROOT / document).read_text()):
            assert (ROOT / link).exists(), f"{document} links to {link}"


def test_every_part_of_the_package_has_its_floor():
    """A new subject cannot be forgotten: import-linter says nothing about a module that no layer names."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (floors,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = {name.strip("() ").removeprefix("vs_toolkit.") for layer in floors for name in layer.split("|")}
    there = {part.name for part in pkgutil.iter_modules(vs_toolkit.__path__)}
    assert there <= named, f"not named in the layers of pyproject.toml: {sorted(there - named)}"


def test_every_subject_is_imported_before_kernels_are_forked():
    """What stands beside the subjects on their floor, or above them, is no subject; the rest is loaded."""
    floors = next(line for line in (ROOT / "pyproject.toml").read_text().splitlines() if "impact |" in line)
    named = set(re.findall(r"vs_toolkit\.(\w+)", floors)) - NOT_SUBJECTS
    there = {part.name for part in pkgutil.iter_modules(vs_toolkit.__path__) if part.ispkg}
    assert {f"vs_toolkit.{name}" for name in named & there} <= set(subjects())


def test_a_grammar_that_nobody_asks_for_is_not_built():
    """jsonschema, which nbformat imports, would build it in every process: 1.3 processor seconds."""
    code = """import sys, vs_toolkit, jsonschema
built, formats = "lark" in sys.modules, jsonschema.FormatChecker()
print(built, [formats.conforms(text, "iri") for text in ("https://example.com/\u00fc", "no iri<")])"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split(maxsplit=1) == ["False", "[True, False]\n"]
