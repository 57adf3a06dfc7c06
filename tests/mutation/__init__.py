"""Changes to the deciding SQL, one at a time, that the tests have to notice."""
