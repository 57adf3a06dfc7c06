"""An Excel workbook with one sheet, read as the CSV of its cells: days and moments as ISO writes them, numbers with all their digits.

It is told by its content: people rename files, and programs call a CSV `.xlsx`.
"""

import lzma
import struct
import zipfile
import zlib
from pathlib import Path

SIGNATURE = b"PK\x03\x04"
WORKBOOK, BINARY, MIME = "xl/workbook.xml", "xl/workbook.bin", "mimetype"
SUFFIXES = (".xlsx", ".xlsm")


class UnreadableWorkbook(Exception):
    """The text is the reason."""


def is_workbook(path: Path) -> bool:
    """Whether the file is an Excel workbook. Raises UnreadableWorkbook for a spreadsheet of another form, and for a damaged one."""
    with path.open("rb") as stream:
        if stream.read(len(SIGNATURE)) != SIGNATURE:
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.read(MIME)[:80] if MIME in names else b""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, IndexError, struct.error, zlib.error, lzma.LZMAError) as error:
        if path.suffix.lower() in SUFFIXES:
            raise UnreadableWorkbook("the workbook cannot be opened: it is truncated or damaged") from error
        return False
    if BINARY in names or b"opendocument.spreadsheet" in kind:
        raise UnreadableWorkbook("the spreadsheet is of a form that is not read: save it as .xlsx or CSV")
    return WORKBOOK in names


def write_csv(path: Path, target: Path, limit: int) -> None:
    """Write the cells of the workbook's only sheet that has any. Raises UnreadableWorkbook.

    `limit` is how many bytes it may have when it is unpacked.
    """
    import fastexcel
    import polars as pl

    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > limit:
            raise UnreadableWorkbook("the workbook expands beyond reason; save it as CSV if it is to be trusted")
    try:
        workbook = fastexcel.read_excel(path)
        sheets = [workbook.load_sheet(number, header_row=None, dtypes="string") for number in range(len(workbook.sheet_names))]
    except fastexcel.FastExcelError as error:
        raise UnreadableWorkbook("the workbook cannot be read: it is damaged") from error
    filled = [sheet for sheet in sheets if sheet.height]
    if len(filled) > 1:
        raise UnreadableWorkbook(f"the workbook has {len(filled)} sheets with cells: save the one that is meant as a file of its own")
    table = filled[0].to_polars() if filled else pl.DataFrame()
    # Excel keeps rows and columns that were filled once.
    table = table.select(name for name in table.columns if table[name].null_count() < table.height)
    table = table.filter(~pl.all_horizontal(pl.all().is_null())) if table.width else table
    day = pl.all().str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1")
    table.select(day).write_csv(target, include_header=False)
