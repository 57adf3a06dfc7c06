"""Writing landing files with the dirt of real exports: encodings, separators, line ends, compression, repeated rows.

Archives hold no clock and no name of the machine, so that the same seed gives the same bytes.
"""

import csv
import gzip
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

_ZIP_TIME = (2026, 1, 1, 0, 0, 0)


class Table:
    """One CSV file that is written row by row; `.gz` and `.zip` by the name's ending."""

    def __init__(
        self,
        target: Path | IO[bytes],
        columns: Sequence[str],
        *,
        separator: str = ",",
        encoding: str = "utf-8",
        newline: str = "\n",
        has_bom: bool = False,
    ) -> None:
        self._closing: list[IO[Any] | zipfile.ZipFile] = []
        binary = self._open(target) if isinstance(target, Path) else target
        if has_bom:
            binary.write("\ufeff".encode(encoding))
        self._text = io.TextIOWrapper(binary, encoding=encoding, newline="", write_through=False)
        self._writer = csv.writer(self._text, delimiter=separator, lineterminator=newline)
        self._columns = tuple(columns)
        self._writer.writerow(self._columns)
        self.rows = 0

    def _open(self, path: Path) -> IO[bytes]:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".zip":
            archive = zipfile.ZipFile(path, "w")
            self._closing.append(archive)
            return archive.open(_member(path.stem), "w", force_zip64=True)
        raw = path.open("wb")
        self._closing.append(raw)
        return _packed(raw) if path.suffix == ".gz" else raw

    def write(self, row: Iterable[str]) -> None:
        """Append one row, its cells in the order of the columns."""
        self._writer.writerow(row)
        self.rows += 1

    def flush(self) -> None:
        """Pass everything on to the file."""
        self._text.flush()

    def close(self) -> None:
        """Write what is left and close the file and the archive around it."""
        self._text.close()
        for outer in reversed(self._closing):
            outer.close()


class Archive:
    """One zip of several CSV files that are written at the same time: until the end each is a temporary file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._members: list[tuple[str, Table, IO[bytes]]] = []

    def table(self, name: str, columns: Sequence[str]) -> Table:
        """A new file in the archive."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the archive
        table = Table(file, columns)
        self._members.append((name, table, file))
        return table

    def close(self) -> None:
        """Put the files together."""
        with zipfile.ZipFile(self._path, "w") as archive:
            for name, table, file in self._members:
                table.flush()
                file.seek(0)
                with archive.open(_member(name), "w", force_zip64=True) as member:
                    shutil.copyfileobj(file, member)
                table.close()


class Lines:
    """One text file of lines or messages, written as bytes; packed when its name ends in `.gz`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._raw = path.open("wb")
        self._file = _packed(self._raw) if path.suffix == ".gz" else self._raw
        self.is_begun = False

    def write(self, text: str) -> None:
        """Append a text as it is."""
        self.write_bytes(text.encode())

    def write_json(self, value: object) -> None:
        """Append a value as one line of JSON."""
        self.write(json.dumps(value, ensure_ascii=False) + "\n")

    def write_bytes(self, content: bytes) -> None:
        """Append bytes as they are."""
        self._file.write(content)
        self.is_begun = True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._raw.close()


class JsonArray:
    """One JSON array of objects, one a line."""

    def __init__(self, path: Path) -> None:
        self._lines = Lines(path)
        self._before = "[\n"

    def write(self, value: object) -> None:
        """Append an object."""
        self._lines.write(self._before + json.dumps(value, ensure_ascii=False))
        self._before = ",\n"

    def close(self) -> None:
        """Close the array and the file; without an object it is `[]`."""
        self._lines.write("\n]\n" if self._before == ",\n" else "[]\n")
        self._lines.close()


def _packed(raw: IO[bytes]) -> IO[bytes]:
    return gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=4)  # type: ignore[return-value]


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member
