import json

from scanner.tally.form_json import form_json
from scanner.tally.motebok.evaluate import evaluate
from tests.tally.motebok.example import book
from tests.tally.workbook.filling import blank
from tests.tally.workbook.test_workbook import OLD


def test_every_number_and_every_control_is_told() -> None:
    made = evaluate(book())
    told = json.loads(form_json(made, checkpoint="event 4"))
    assert {(one["cell"], tuple(one["at"])): one["value"] for one in told["cells"]} == {
        (key.cell, key.at): value for key, value in made.values.items()
    }
    assert [(one["control"], one["outcome"]) for one in told["controls"]] == [
        (one.control.id, one.outcome.value) for one in made.checked
    ]
    assert (told["checkpoint"], told["closed"]) == ("event 4", made.closed)


def test_sums_are_told_from_what_people_wrote_and_the_same_form_is_the_same_bytes() -> None:
    told = json.loads(form_json(evaluate(book())))
    kinds = {one["cell"]: one["formula"] for one in told["cells"]}
    assert (kinds["B1.1a.I"], kinds["B1.1d.III"]) == (False, True)
    assert form_json(evaluate(book())) == form_json(evaluate(book()))


def test_what_is_not_written_is_null() -> None:
    told = json.loads(form_json(evaluate(blank(OLD))))
    assert next(one for one in told["cells"] if one["cell"] == "B1.1a.I")["value"] is None
