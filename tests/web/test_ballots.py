"""What people say at the pages: two who agree, blind; a third; the valgstyre; nothing twice."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.ballot import Amendment, AmendmentKind, Category, Opinion, Proposal, Reason, Rejection
from scanner.settling import give
from tests.web.day import CHANGED, LIST, VOTE, Day, day, doubtful

WRITTEN = Amendment(AmendmentKind.WRITE_IN, line=1, text="Gjettet Navn", person="B/1")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Day]:
    with day(tmp_path) as made:
        yield made


def test_two_people_who_say_the_same_settle_a_ballot(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    one, two = here.station(), here.station("Andre Operatør")
    assert one.say(sheet, "accept") == 303
    assert here.store.decision_of(sheet) is None
    assert two.say(sheet, "accept") == 303
    decision = here.store.decision_of(sheet)
    assert decision is not None
    assert decision.decided_by == ("Andre Operatør", "Første Operatør")
    assert decision.amendments == (VOTE,)
    assert "Ingenting venter" in two.get("/")


def test_one_person_never_settles_a_ballot(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    mine = here.station()
    for act in ("accept", "blank", "accept"):
        assert mine.say(sheet, act) == 303
    assert here.store.decision_of(sheet) is None
    assert len(here.store.opinions(sheet)) == 3


def test_the_second_sees_no_trace_of_the_first(here: Day) -> None:
    spoken, untouched = doubtful(here.store, 2)
    first, second = here.station(), here.station("Andre Operatør")
    note = "hemmelig merknad fra den første"
    assert first.say(spoken, "list", list=LIST.code, note=note) == 303
    pages = [second.get(f"/ballot/{one}") for one in (spoken, untouched)]
    assert note not in "".join(second.seen)
    assert "Første Operatør" not in "".join(second.seen)
    turns, numbers = r'name="turn" value="[\w-]+"', r"<dd>\d+</dd>"
    alike = {
        re.sub(f"{turns}|{numbers}", "", page.replace(sheet, "S"))
        for page, sheet in zip(pages, (spoken, untouched), strict=True)
    }
    assert len(alike) == 1


def test_where_two_disagree_a_third_decides(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    assert here.station().say(sheet, "accept") == 303
    assert here.station("Andre Operatør").say(sheet, "list", list=LIST.code) == 303
    assert here.store.decision_of(sheet) is None
    assert here.station("Tredje Operatør").say(sheet, "list", list=LIST.code) == 303
    decision = here.store.decision_of(sheet)
    assert decision is not None
    assert (decision.category, decision.amendments) == (Category.URETTET, ())


def test_what_three_do_not_agree_on_waits_for_the_valgstyre(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    assert here.station().say(sheet, "accept") == 303
    assert here.station("Andre Operatør").say(sheet, "list", list=LIST.code) == 303
    assert here.station("Tredje Operatør").say(sheet, "blank") == 303
    assert here.store.decision_of(sheet) is None
    assert f"/ballot/{sheet}" in here.station("Valgstyrets Leder").get("/next")


def test_a_ballot_for_the_valgstyre_is_asked_of_nobody_else(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    assert here.station().say(sheet, "board", note="mangler stempel") == 303
    assert here.station("Andre Operatør").turn(f"/ballot/{sheet}") == ""
    leader = here.station("Valgstyrets Leder")
    assert leader.turn(f"/ballot/{sheet}")


def test_only_the_valgstyre_rejects_and_never_alone(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    operator, leader = here.station(), here.station("Valgstyrets Leder")
    assert operator.say(sheet, "reject", ground="no_stamp") == 403
    assert "no_right reject" in here.refused()
    assert "§ 10-3" not in operator.get(f"/ballot/{sheet}")
    operator.client.post("/logout", data={"csrf": operator.csrf})
    assert "§ 10-3" in leader.get(f"/ballot/{sheet}")
    assert leader.say(sheet, "reject", ground="nonsense") == 409
    assert leader.say(sheet, "reject", ground="no_stamp") == 303
    assert here.store.decision_of(sheet) is None
    give(here.store, Opinion(sheet, "Et Medlem", Category.TVILSOM, None, (), rejected=Rejection.NO_STAMP))
    decision = here.store.decision_of(sheet)
    assert decision is not None
    assert decision.rejected is Rejection.NO_STAMP


def test_an_act_is_done_once_however_often_it_is_sent(here: Day) -> None:
    sheet, _ = doubtful(here.store, 2)
    mine = here.station()
    turn = mine.turn(f"/ballot/{sheet}")
    sent = [mine.post(f"/ballot/{sheet}", act="accept", turn=turn) for _ in range(3)]
    assert sent == [303, 409, 409]
    assert len(here.store.opinions(sheet)) == 1
    assert here.refused() == ["no_claim", "no_claim"]


def test_what_lies_before_one_is_not_shown_to_another(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    one, two = here.station(), here.station("Andre Operatør")
    turn = one.turn(f"/ballot/{sheet}")
    assert two.turn(f"/ballot/{sheet}") == ""
    assert two.post(f"/ballot/{sheet}", act="accept", turn=turn) == 409
    assert two.client.get("/next", follow_redirects=False).headers["location"] == "/"
    assert one.post(f"/ballot/{sheet}", act="accept", turn=turn) == 303
    assert [each.person for each in here.store.opinions(sheet)] == ["Første Operatør"]


def test_a_person_may_say_it_anew_while_it_is_not_settled(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1)
    one, two = here.station(), here.station("Andre Operatør")
    one.say(sheet, "blank")
    assert f'href="/ballot/{sheet}"' in one.get("/")
    one.say(sheet, "accept")
    two.say(sheet, "accept")
    assert here.store.decision_of(sheet) is not None
    assert f'href="/ballot/{sheet}"' not in one.get("/")
    assert one.turn(f"/ballot/{sheet}") == ""


def test_the_machine_is_never_the_first_to_read_a_handwritten_name(here: Day) -> None:
    proposed = Proposal(Category.RETTET, (WRITTEN,))
    (sheet,) = doubtful(here.store, 1, (Reason.WRITE_IN,), proposed)
    mine = here.station()
    assert "Gjettet Navn" not in mine.get(f"/ballot/{sheet}")
    assert mine.say(sheet, "accept") == 409
    assert not here.store.opinions(sheet)


def test_a_name_is_typed_as_it_is_offered(here: Day) -> None:
    (sheet,) = doubtful(here.store, 1, (Reason.WRITE_IN,))
    other = here.office.election.lists[1]
    person = other.candidates[0]
    mine = here.station()
    offered = f"{person.name} ({other.code}/{person.number})"
    assert offered in mine.get(f"/ballot/{sheet}")
    assert mine.say(sheet, "list", list=LIST.code, written=["Ingen på noen liste", ""]) == 409
    assert mine.say(sheet, "list", list=LIST.code, written=[offered, ""]) == 303
    (said,) = here.store.opinions(sheet)
    assert [one.person for one in said.amendments] == [f"{other.code}/{person.number}"]


def test_what_voters_and_parties_write_is_text_on_every_page(here: Day) -> None:
    evil = '<script>alert("x")</script>{{ 7*7 }}\'; DROP TABLE sheets; --'
    (sheet,) = doubtful(here.store, 1, (Reason.WRITE_IN,))
    mine = here.station()
    turn = mine.turn(f"/ballot/{sheet}")
    sent = {"csrf": mine.csrf, "turn": turn, "act": "list", "list": LIST.code, "written": evil}
    answer = mine.client.post(f"/ballot/{sheet}", data=sent)
    assert answer.status_code == 409
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "49" not in answer.text.replace("{{ 7*7 }}", "").split("<main")[1]
    assert len(list(here.store.sheets())) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"act": "list", "list": "ingen"},
        {"act": "list", "list": LIST.code, "vote": "999"},
        {"act": "list", "list": LIST.code, "vote": "1' OR 1=1"},
        {"act": "list", "list": LIST.code, "rank-1": "eins"},
        {"act": "option", "option": "ja"},
        {"act": "tick", "tick": ""},
        {"act": ""},
        {},
    ],
)
def test_an_answer_that_contradicts_the_election_is_not_kept(here: Day, form: dict[str, str]) -> None:
    (sheet,) = doubtful(here.store, 1)
    mine = here.station()
    assert mine.post(f"/ballot/{sheet}", turn=mine.turn(f"/ballot/{sheet}"), **form) == 409
    assert not here.store.opinions(sheet)


def test_a_screen_of_like_ballots_is_one_opinion_for_each_and_none_for_the_odd(here: Day) -> None:
    sheets = doubtful(here.store, 3, (Reason.MARK_DOUBTFUL,), CHANGED)
    mine = here.station()
    turns = here.office.queue.take(here.desk.account("Første Operatør").person, sheets)  # type: ignore[union-attr]
    form = {"sheet": sheets, "turn": [turns[one] for one in sheets], "odd": sheets[1]}
    assert mine.post("/grid/mark", **form) == 303
    assert [len(here.store.opinions(one)) for one in sheets] == [1, 0, 1]
    assert mine.post("/grid/mark", **form) == 303  # sent again: the turns are used up
    assert [len(here.store.opinions(one)) for one in sheets] == [1, 0, 1]


def test_the_leader_sees_boxes_people_and_incidents(here: Day) -> None:
    doubtful(here.store, 2)
    assert here.station().client.get("/leader").status_code == 403
    seen = here.station("Revisor").get("/leader/live")
    assert "no_right lead" in seen
    assert "til vurdering" in seen
    assert "Valgstyrets Leder" in seen


@pytest.mark.parametrize(("language", "word"), [("nn", "Oversyn"), ("se", "Geahčastat"), ("en", "Overview")])
def test_each_person_has_a_language(here: Day, language: str, word: str) -> None:
    mine = here.station()
    assert mine.post("/language", language=language) == 303
    assert f"<h1>{word}</h1>" in mine.get("/")
    assert f'lang="{language}"' in mine.get("/")
    assert "<h1>Oversikt</h1>" in here.station("Andre Operatør").get("/")
    assert mine.post("/language", language="xx") == 400
