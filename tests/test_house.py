"""The house holds together: environments agree, documents are true, floors are named."""

import re
import tomllib

import yaml

from tests.shared import ROOT

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
