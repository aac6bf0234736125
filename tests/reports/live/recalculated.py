"""Workbooks recalculated by LibreOffice: each file hard, as it was shipped, in a profile of its own."""

import re
import shutil
import subprocess
import zipfile

import openpyxl

SOFFICE = shutil.which("soffice")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


def recalculate(files, folder):
    """Recalculate workbooks in one call; file -> workbook with values."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    command = [SOFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx",
               "--outdir", str(out), *map(str, files)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return {file: openpyxl.load_workbook(out / file.name, data_only=True) for file in files}


def close(left, right, relative=1e-9, absolute=1e-6):
    """Whether two cells hold the same; an amount below a millionth is nil."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return abs(left - right) <= max(relative * max(abs(left), abs(right)), absolute)
    return left == right


def differences(shipped, found):
    """Cells whose value as shipped is not the recalculated one, and cells with errors."""
    for sheet in shipped.worksheets:
        other = found[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                value = other.cell(cell.row, cell.column).value
                if (isinstance(value, str) and re.match(r"#|Err:", value)) or not close(
                    cell.value or 0, value or 0, 1e-9, 1e-8 if sheet.title == "Model" else 1e-6
                ):
                    yield sheet.title, cell.coordinate, cell.value, value


def parts(content):
    """Every part of a workbook as text."""
    with zipfile.ZipFile(content) as file:
        return {name: file.read(name).decode("utf-8", "replace") for name in file.namelist()}
