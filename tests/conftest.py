"""Tests bring their own time: none of them may depend on the day on which it runs."""

import os

from pipeline.clock import SIMULATED, VARIABLE

os.environ[VARIABLE] = SIMULATED
