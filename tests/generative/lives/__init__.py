"""Lives of workspaces: files, names, settings, clocks and disks change from step to step, and nobody gets in by it (domain §8).

    people.py    a house: one organisation's people and what befalls them, as the worlds invent it; a life is one group of them
    forms.py     how a file may be written and packed
    house.py     what a house is called now, how its feeds are set, what it delivers and what of it has arrived
    truth.py     the plain-Python reference, asked about everything that was truly said
    changes/     one class per kind of change; each says what must follow
    playing.py   a town of houses in one workspace, played step by step through the commands
    prove.py     towns as long as it is told

The people deliver clean rows; a change dirties, renames, loses or delays them on the way. The reference never sees the dirt: it
decides over what was truly said, and the product, which sees files and settings alone, has to come to the same.
"""
