from scanner.ballot import Category
from scanner.tally.sample_tables import sample_tables
from scanner.tally.sampling import Follows, Seen, audit, frame, picks, result
from tests.tally.test_sampling import SEED, TWO_BOXES, read


def test_a_sample_stands_in_the_protocol_with_seed_and_outcome() -> None:
    (table,) = sample_tables([read(TWO_BOXES)])
    assert [row.label for row in table.rows] == ["K1", "K2"]
    assert SEED in table.note
    assert "2 kasser med 140 ark" in table.note
    assert "ingen avvik" in table.note


def test_each_difference_has_its_line_and_the_piles_beside() -> None:
    made = read(TWO_BOXES, **{"K1/0005": Seen(Category.URETTET, "B")})
    (table,) = sample_tables([made])
    assert [(row.label, row.values) for row in table.rows[1:4]] == [
        ("– A", ("", "", "69", "70")),
        ("– B", ("", "", "1", "0")),
        ("– K1/0005", ("", "annen bunke", "B", "A")),
    ]
    assert "telles på nytt, på en annen stasjon" in table.note


def test_an_audit_tells_p_value_and_limit() -> None:
    made = read(audit(SEED, frame({"K1": 71}), 20, 0.1))
    (table,) = sample_tables([made])
    assert "Kaplan–Markov" in table.title
    assert f"p = {made.p_value:.5f} mot risikogrense 0.1, 20 trekninger." in table.note


def test_what_is_not_read_says_so() -> None:
    made = result(3, TWO_BOXES, (), dict.fromkeys(one.sheet for one in picks(TWO_BOXES)))
    (table,) = sample_tables([made])
    assert made.follows is not Follows.NOTHING
    assert "ikke ferdig" in table.note
    assert table.rows[0].values == ("70", "0", "ikke lest ferdig", "")
