"""How the same rows may be written: encodings, separators, packings, shapes."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

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

    def named(self, stem: str) -> str:
        """The file's name."""
        return f"{stem}.{'ndjson' if self.is_json else 'csv'}{self.packing}"

    def written(self, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
        """The file's bytes."""
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
    Form("UTF-16 with TABs in zip", encoding="utf-16", separator="\t", packing=".zip"),
]
