"""The files of a report beside its page: PDF, workbook, slides."""

from __future__ import annotations

import atexit
import os
from dataclasses import dataclass, field
from functools import cache

from nbformat import NotebookNode

from vs_toolkit.batch.failure import reason
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.jobs import Job
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.reports.files import MAKERS, taken_files
from vs_toolkit.reports.pdf import Limits, Printers

HTML, PDF = "html", "pdf"
FORMATS = (HTML, PDF, *MAKERS)


@dataclass
class Files:
    """What was made of a report beside its page: name -> size in bytes, and format -> why it failed."""

    sizes: dict[str, int] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)


@cache
def printers() -> Printers:
    """Browsers of this process: as many as it has processors, started when a page is printed."""
    found = Printers(os.cpu_count() or 1)
    atexit.register(found.close)
    return found


def close_printers() -> None:
    """End the browsers of this process."""
    if printers.cache_info().currsize:
        printers().close()


def write_files(folder: Folder, job: Job, page: str, notebook: NotebookNode, limits: Limits) -> Files:
    """Write the other formats of a report; one that fails costs neither the report nor the others."""
    files, made = Files(), taken_files(notebook)
    for one in job.formats:
        try:
            is_pdf = one == PDF
            content = printers().print(page, job.paper, limits) if is_pdf else made.get(one, "was not made")
            if isinstance(content, str):
                raise VsToolkitError(content)
            folder.write(f"{job.name}.{one}", content)
        except Exception as error:  # whatever a browser or a disk can do
            files.lost[one] = reason(error)
            folder.remove(f"{job.name}.{one}")  # an older file would be taken for this one
        else:
            files.sizes[f"{job.name}.{one}"] = len(content)
    return files
