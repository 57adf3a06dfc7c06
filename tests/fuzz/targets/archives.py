"""A .gz, .zst or .zip as it lands → the files in it, or a refusal; nothing is written anywhere else."""

import gzip
import io
import zipfile
from collections.abc import Iterator

import pyarrow as pa

from pipeline.ledger import landing
from pipeline.ledger.landing import UnreadableFile
from tests.fuzz.judging import Failure, must_be_storable, must_hold_no_address
from tests.fuzz.workplace import configuration, workspace

SUFFIXES = (".zip", ".gz", ".zst")


def run(content: bytes) -> None:
    suffix = SUFFIXES[(content[0] if content else 0) % len(SUFFIXES)]
    path = workspace().landing / "mailbox" / f"file{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content[1:])
    try:
        (file,) = landing.files_of(workspace(), "mailbox", configuration().feeds["mailbox"].files)
        with landing.opened(file, workspace().scratch) as contents:
            for name, unpacked in contents:
                must_be_storable(name)
                if not name.isprintable() or "/" in name or not unpacked.is_file() or workspace().scratch not in unpacked.parents:
                    raise Failure(f"{name!r} lies in {unpacked}")
                if unpacked.stat().st_size > landing.EXPANSION_FLOOR:
                    raise Failure(f"{len(content)} bytes grow to {unpacked.stat().st_size}")
            if len({name for name, _ in contents}) != len(contents):
                raise Failure(f"two files of one name: {[name for name, _ in contents]}")
    except UnreadableFile as refusal:
        must_hold_no_address(str(refusal), content)
    finally:
        path.unlink()


def seeds() -> Iterator[bytes]:
    text = b"email,event\nanna@post.example.at,bounce\n" * 3
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", method) as archive:
            for name in ("export/a.csv", "export/b/a.csv", "../../evil.csv", "__MACOSX/a.csv", "ä\n.csv"):
                archive.writestr(name, text)
        yield b"\0" + target.getvalue()
    yield b"\1" + gzip.compress(text, mtime=0) * 2
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(text)
    yield b"\2" + bytes(sink.getvalue())
