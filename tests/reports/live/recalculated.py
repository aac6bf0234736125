"""Workbooks recalculated by LibreOffice: each file hard, as it was shipped, in a profile of its own."""

import html
import io
import re
import shutil
import subprocess
import zipfile

SOFFICE = shutil.which("soffice")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""
CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
VALUE, KIND = re.compile(r"<v>(.*?)</v>", re.DOTALL), re.compile(r't="(\w+)"')


def recalculate(files, folder):
    """Recalculate workbooks in one call; file -> its values, by sheet and cell."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    command = [SOFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx",
               "--outdir", str(out), *map(str, files)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=3600)
    return {file: values((out / file.name).read_bytes()) for file in files}


def values(content):
    """Values of a workbook as they stand in the file: sheet -> cell -> number or text."""
    shown = parts(io.BytesIO(content))
    strings = [
        html.unescape("".join(re.findall(r"<t(?: [^>]*)?>(.*?)</t>", item, re.DOTALL)))
        for item in re.findall(r"<si>(.*?)</si>", shown.get("xl/sharedStrings.xml", ""), re.DOTALL)
    ]
    names = re.findall(r'<sheet name="([^"]*)"', shown["xl/workbook.xml"])
    return {
        html.unescape(name): dict(_cells(shown[f"xl/worksheets/sheet{place}.xml"], strings))
        for place, name in enumerate(names, 1)
    }


def _cells(sheet, strings):
    for place, about, inner in CELL.findall(sheet):
        if found := VALUE.search(inner):
            kind = (KIND.search(about) or [None, "n"])[1]
            text = html.unescape(found[1])
            yield place, strings[int(text)] if kind == "s" else float(text) if kind == "n" else text


def with_values(content, sheet, given):
    """Put other numbers into cells of a sheet; nothing else of the file changes."""
    place = list(values(content)).index(sheet) + 1
    name, target = f"xl/worksheets/sheet{place}.xml", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            for cell, value in given.items() if part == name else ():
                pattern = rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v>)'.encode()
                text, count = re.subn(pattern, rb"\g<1>%r\g<2>" % float(value), text)
                assert count == 1, cell
            new.writestr(part, text)
    return target.getvalue()


def close(left, right, relative=1e-9, absolute=1e-6):
    """Whether two cells hold the same; an amount below a millionth is nil."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return abs(left - right) <= max(relative * max(abs(left), abs(right)), absolute)
    return left == right


def differences(shipped, found):
    """Cells whose value as shipped is not the recalculated one, and cells with errors."""
    for sheet, cells in shipped.items():
        for place in sorted(cells.keys() | found[sheet].keys()):
            own, value = cells.get(place) or 0, found[sheet].get(place) or 0
            error = isinstance(value, str) and re.match(r"#|Err:", value)
            if error or not close(own, value, 1e-9, 1e-8 if sheet == "Model" else 1e-6):
                yield sheet, place, own, value


def parts(content):
    """Every part of a workbook as text."""
    with zipfile.ZipFile(content) as file:
        return {name: file.read(name).decode("utf-8", "replace") for name in file.namelist()}
