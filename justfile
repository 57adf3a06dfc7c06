# Thin names: every recipe also works as the command that it holds.

# what there is
default:
    @just --list

# everything that the project needs, in .venv
setup:
    uv sync

# the demo workspace, run end to end
demo folder="workspace":
    uv run presend demo {{folder}}

# the tests; `just test -m slow` for the long ones, `just test -n 0 tests/unit` for a debugger
test *arguments:
    uv run pytest {{arguments}}

# the same tests on the older DuckDB that analysts still have
test-older *arguments:
    uv run --with duckdb==1.5.6 pytest {{arguments}}

# linters, types, import contracts
check:
    uv run ruff check .
    uv run mypy
    uv run lint-imports
    uv run sqlfluff lint sql

# the product against a hand-written script: `just bench 100k 1m 10m`
bench *sizes="100k":
    uv run python -m benchmarks.run {{sizes}}

# the reference pages that are generated from the code
docs:
    uv run python -m pipeline.config.schema
    uv run python -m pipeline.reference
