"""The møtebøker: the official forms as data, filled in, added up and controlled.

A form is a TOML file in `forms/`. What other rooms build on:

* `model`     the blank form: Form > Table > Row x Column > Cell, and Control. Frozen, walkable.
* `formula`   what a cell is the sum of: an expression tree (Number, Ref, Total, Plus, Times, Percent).
* `filled`    a form filled in: Key (cell, at) -> number or words, facts of the machine, explanations.
* `evaluate`  evaluate(Filled) -> Evaluated: every value and every control's outcome. Pure.
* `catalogue` form_for(election type, year) and form(name, year, type).

All arithmetic is in the TOML; nothing that writes a form (PDF, workbook, CSV) adds anything up.
"""
