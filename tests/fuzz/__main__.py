"""`python -m tests.fuzz TARGET --seconds N`: libFuzzer, by way of atheris, over one target; `--minimise` drops what adds no coverage.

Needs atheris, which the tests do without.
"""

import argparse
import sys
from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

from tests.fuzz import corpus, targets
from tests.fuzz.judging import judge

LIBRARIES = ["pipeline", "email", "html", "quopri", "zipfile", "gzip", "json", "email_validator", "idna", "phonenumbers", "sqlglot", "yaml"]
"""What reads the input in Python; DuckDB, polars and pydantic-core are not Python."""
LONGEST = 4096
"""Bytes of an input: corpora stay small. What a megabyte costs is asked by the tests."""


def main() -> None:
    arguments = parsed(targets.NAMES)
    for name in [name for name in sys.modules if name.partition(".")[0] in LIBRARIES]:
        del sys.modules[name]  # the standard library's, to be read once more with counters
    with atheris.instrument_imports(include=LIBRARIES):
        target = targets.target(arguments.target)
        contents = list(target.seeds())
        for content in contents:
            target.run(content)  # what is imported only when it is needed is imported now
    kept = corpus.FOLDER / "corpus" / corpus.SHARED.get(arguments.target, arguments.target)
    found = corpus.FOLDER / "found" / arguments.target
    for folder in (kept, found):
        folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="fuzz-seeds-") as seeds:
        for content in contents:
            (Path(seeds) / sha1(content).hexdigest()).write_bytes(content)
        dictionary = Path(f"{seeds}.dict")
        dictionary.write_text("\n".join(corpus.words(contents)), encoding="utf-8")
        options = [
            f"-max_total_time={arguments.seconds}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={found}/",
            f"-dict={dictionary}",
            "-timeout=30",
            "-rss_limit_mb=4000",
            "-print_final_stats=1",
        ]
        overhead = targets.OVERHEAD.get(arguments.target, 0.0)
        atheris.Setup([sys.argv[0], *options, str(kept), seeds], lambda content: judge(target.run, content, overhead))
        atheris.Fuzz()


def parsed(names: tuple[str, ...]) -> argparse.Namespace:
    """The command's arguments."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=names)
    parser.add_argument("--seconds", type=int, default=300)
    return parser.parse_args()


if __name__ == "__main__":
    main()
