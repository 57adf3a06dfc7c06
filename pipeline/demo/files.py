"""Writing landing files with the dirt of real exports: encodings, separators, line ends, compression, repeated rows.

Archives hold no clock and no name of the machine, so that the same seed gives the same bytes.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

_ZIP_TIME = (2026, 1, 1, 0, 0, 0)


class Table:
    """One CSV file that is written row by row; `.gz` and `.zip` by the name's ending."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[str],
        *,
        separator: str = ",",
        encoding: str = "utf-8",
        newline: str = "\n",
        has_bom: bool = False,
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._closing: list[IO[Any] | zipfile.ZipFile] = []
        binary = self._open(path)
        if has_bom:
            binary.write("\ufeff".encode(encoding))
        self._text = io.TextIOWrapper(binary, encoding=encoding, newline="", write_through=False)
        self._writer = csv.writer(self._text, delimiter=separator, lineterminator=newline)
        self._columns = tuple(columns)
        self._writer.writerow(self._columns)
        self.rows = 0

    def _open(self, path: Path) -> IO[bytes]:
        if path.suffix == ".zip":
            archive = zipfile.ZipFile(path, "w")
            member = zipfile.ZipInfo(path.stem, date_time=_ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            self._closing.append(archive)
            return archive.open(member, "w", force_zip64=True)
        raw = path.open("wb")
        self._closing.append(raw)
        if path.suffix == ".gz":
            return gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=4)  # type: ignore[return-value]
        return raw

    def write(self, row: Iterable[str]) -> None:
        """Append one row, its cells in the order of the columns."""
        self._writer.writerow(row)
        self.rows += 1

    def close(self) -> None:
        """Write what is left and close the file and the archive around it."""
        self._text.close()
        for outer in reversed(self._closing):
            outer.close()


class Lines:
    """One text file of lines or messages, written as bytes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")

    def write(self, text: str) -> None:
        """Append a text as it is."""
        self._file.write(text.encode())

    def close(self) -> None:
        """Close the file."""
        self._file.close()
