"""The møtebøker: the official forms as data, filled in, added up and controlled.

A form is a TOML file in `forms/`. What other rooms build on:

* `model`       the blank form: Form > Table > Row x Column > Cell, and Control. Frozen, walkable.
* `formula`     what a cell is the sum of: a tree of Number, Ref, Total, Plus, Times, Percent.
* `reading`     form(name, type, year); `catalogue` form_for(board, type, year).
* `extents`     which lists, kretser, candidates … an election has.
* `filled`      a form filled in: Key (cell, at) -> number or words, facts of the machine, explanations.
* `evaluate`    evaluate(Filled) -> Evaluated: every value and every control's outcome. Pure.
* `facts`       the machine's numbers from a Tally; `which` the ballots behind a number; `paper` sheets
                and boxes.
* `feed`        other boards' books become numbers of this one.
* `reconcile`   manual beside machine per list and place; a bundle on the wrong list.
* `redundancy`  which numbers no control guards.
* `entry`, `table_csv`, `explained_csv`  numbers and explanations in and out as text.

All arithmetic is in the TOML; nothing that writes a form (PDF, workbook, CSV) adds anything up.
"""
