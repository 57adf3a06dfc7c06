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

# new worlds, decided by the product and by the reference, for so many seconds
prove seconds="600" *arguments:
    uv run python -m tests.generative.prove {{seconds}} {{arguments}}

# new lives of workspaces, whose files, names, settings and clocks change from step to step, for so many seconds
prove-lives seconds="600" *arguments:
    uv run python -m tests.generative.lives.prove {{seconds}} {{arguments}}

# commands killed at so many random moments, and at the beginning and end of every step
kill times="300":
    uv run env PRESEND_KILLS={{times}} pytest -n 2 tests/faults/test_kill.py
    uv run pytest -n 0 -m slow tests/faults

# mutants of the deciding SQL: `just mutate --folder 4_decision`
mutate *arguments:
    uv run python -m tests.mutation {{arguments}}

# mutants of the macros that read addresses, times and words: `just mutate-macros --sample 20`
mutate-macros *arguments:
    uv run python -m tests.mutation.normalisation {{arguments}}

# one target under the fuzzer: `just fuzz mailbox 300`
fuzz target seconds="300":
    uv run --group fuzz python -m tests.fuzz {{target}} --seconds {{seconds}}

# lines and branches that the tests reach
coverage:
    uv run pytest --cov --cov-report=term

# linters, types, import contracts
check:
    uv run ruff check .
    uv run mypy
    uv run lint-imports
    uv run sqlfluff lint sql

# the product against a hand-written script: `just bench 100k 1m 10m`
bench *sizes="100k":
    uv run python -m benchmarks.run {{sizes}}

# the DAG files against Airflow's import limit
bench-dags:
    uv run python -m benchmarks.dags

# what Airflow adds to a campaign, beside the command alone
bench-airflow:
    uv run python -m benchmarks.airflow

# the reference pages that are generated from the code
docs:
    uv run python -m pipeline.config.schema
    uv run python -m pipeline.reference
