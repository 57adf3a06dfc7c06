"""How the same rows may be written: encodings, separators, packings, shapes."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pyarrow as pa

Row = dict[str, str]


@dataclass(frozen=True)
class Form:
    """One way to write a file; `packing` is the suffix of its compression."""

    name: str
    encoding: str = "utf-8"
    separator: str = ","
    line_end: str = "\n"
    packing: str = ""
    is_json: bool = False
    is_quoted: bool = False
    is_workbook: bool = False

    def named(self, stem: str) -> str:
        """The file's name."""
        return f"{stem}.{'xlsx' if self.is_workbook else 'ndjson' if self.is_json else 'csv'}{self.packing}"

    def written(self, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
        """The file's bytes."""
        if self.is_workbook:
            return _workbook([list(columns), *([row.get(name, "") for name in columns] for row in rows)])
        return _packed(self._text(columns, rows).encode(self.encoding), self.packing, self.named("export").removesuffix(self.packing))

    def _text(self, columns: Sequence[str], rows: Sequence[Row]) -> str:
        if self.is_json:
            return "".join(json.dumps(row, ensure_ascii=False) + self.line_end for row in rows)
        file = io.StringIO()
        quoting = csv.QUOTE_ALL if self.is_quoted else csv.QUOTE_MINIMAL
        writer = csv.DictWriter(file, columns, restval="", delimiter=self.separator, lineterminator=self.line_end, quoting=quoting)
        writer.writeheader()
        writer.writerows(rows)
        return file.getvalue()


def _packed(plain: bytes, packing: str, name: str) -> bytes:
    match packing:
        case ".gz":
            return gzip.compress(plain, mtime=0)
        case ".zst":
            return bytes(pa.Codec("zstd").compress(plain, asbytes=True))
        case ".zip":
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(zipfile.ZipInfo(name), plain)
            return file.getvalue()
    return plain


OPENXML = "http://schemas.openxmlformats.org"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
WORKBOOK = {
    "[Content_Types].xml": f"""<Types xmlns="{OPENXML}/package/2006/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>
        <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{CONTENT}.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{OPENXML}/package/2006/relationships"><Relationship Id="rId1"
        Type="{OPENXML}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{OPENXML}/spreadsheetml/2006/main" xmlns:r="{OPENXML}/officeDocument/2006/relationships">
        <sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{OPENXML}/package/2006/relationships"><Relationship Id="rId1"
        Type="{OPENXML}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""",
}
CELL = '<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
"""What a workbook of one sheet consists of beside the sheet."""


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook with one sheet of texts."""
    cells = "".join("<row>" + "".join(CELL.format(escape(cell)) for cell in row) + "</row>" for row in rows)
    sheet = f'<worksheet xmlns="{OPENXML}/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**WORKBOOK, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


PLAIN = Form("plain")
FORMS = [
    Form("UTF-16", encoding="utf-16"),
    Form("a byte order mark", encoding="utf-8-sig"),
    Form("Windows-1252", encoding="cp1252", separator=";", line_end="\r\n"),
    Form("semicolons", separator=";"),
    Form("TABs", separator="\t"),
    Form("bars", separator="|"),
    Form("Windows line ends", line_end="\r\n"),
    Form("old Macintosh line ends", line_end="\r", is_quoted=True),
    Form("quotes", is_quoted=True),
    Form("gzip", packing=".gz"),
    Form("zstd", packing=".zst"),
    Form("zip", packing=".zip"),
    Form("NDJSON", is_json=True),
    Form("NDJSON in gzip", is_json=True, packing=".gz"),
    Form("a workbook", is_workbook=True),
    Form("UTF-16 with TABs in zip", encoding="utf-16", separator="\t", packing=".zip"),
]
