"""What Presend's DAGs do and what Airflow has to be told: everything that knows Airflow and is not wiring.

`dags/` holds schedules and wiring only and calls the functions here; they call `pipeline`, which knows neither.
"""
