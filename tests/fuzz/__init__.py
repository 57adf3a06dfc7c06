"""Coverage-guided fuzzing of everything that reads what strangers wrote: `python -m tests.fuzz TARGET --seconds N`.

Inputs that reached something new are kept in corpus/, those that once broke the product in found/; the tests replay both.
"""
