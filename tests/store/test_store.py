from dataclasses import replace

import pytest

from scanner.ballot import Box, Category, Decision, Opinion, PageImage, Proposal, Reason, Sheet, Verdict
from scanner.election import ElectionType
from scanner.errors import StoreError
from scanner.store import Progress, Store, open_store
from tests.store.conftest import sheet
from tests.strategies import identity, reading, small_election

URETTET = Verdict(Category.URETTET, "A", (), (), Proposal(Category.URETTET), 0.999)
DOUBT = Verdict(Category.TVILSOM, "A", (), (Reason.STAMP_ABSENT,), Proposal(Category.URETTET), 0.4)
READING = reading(identity(small_election()))


def by_machine(number: int = 1) -> Decision:
    return Decision(f"K1/{number:04d}", Category.URETTET, "A", ())


def by_people(category: Category = Category.BLANK) -> Decision:
    return Decision("K1/0001", category, None, (), ("Kari", "Ola"))


def read(store: Store, verdict: Verdict, version: str = "v1", number: int = 1) -> bool:
    decision = by_machine(number) if verdict.sure else None
    return store.add_verdict(f"K1/{number:04d}", verdict, READING, version, decision)


class TestElection:
    def test_is_remembered(self, store: Store) -> None:
        store.bind(small_election())
        assert store.election() == small_election()

    def test_another_is_refused(self, store: Store) -> None:
        with pytest.raises(StoreError, match="belongs to another election"):
            store.bind(small_election(ElectionType.STORTING))
        assert store.election() == small_election()

    def test_must_be_bound_before_boxes(self) -> None:
        with open_store("sqlite::memory:") as store, pytest.raises(StoreError, match="no election"):
            store.add_box(Box("K1", "VO", "0001"))


class TestBoxes:
    def test_are_registered_once(self, store: Store) -> None:
        store.add_box(Box("K1", "VO", "0001"))
        assert store.boxes() == (Box("K1", "VO", "0001"), Box("F1", "FO", "0001"))

    @pytest.mark.parametrize(
        ("box", "complaint"),
        [
            (Box("K1", "FO", "0001"), "already known as VO"),
            (Box("K2", "XX", "0001"), "no vote category 'XX'"),
            (Box("K2", "VO", "0099"), "no krets '0099'"),
            (Box("", "VO", "0001"), "cannot be called"),
            (Box("K\n2", "VO", "0001"), "cannot be called"),
        ],
    )
    def test_wrong_ones_are_refused(self, store: Store, box: Box, complaint: str) -> None:
        with pytest.raises(StoreError, match=complaint):
            store.add_box(box)
        assert len(store.boxes()) == 2


class TestSheets:
    def test_come_back_with_their_bytes(self, store: Store) -> None:
        store.add_sheet(sheet())
        assert store.sheet("K1/0001") == sheet()

    def test_equal_pixels_are_two_votes(self, store: Store) -> None:
        assert store.add_sheet(sheet(1))
        assert store.add_sheet(sheet(2))
        assert store.progress() == Progress(fed=2, read=0, decided=0, doubtful=0)

    def test_fed_again_changes_nothing(self, store: Store) -> None:
        store.add_sheet(sheet())
        assert not store.add_sheet(sheet())
        assert store.progress().fed == 1

    @pytest.mark.parametrize(
        "other",
        [
            sheet(front=b"other"),
            replace(sheet(), images=sheet().images[::-1]),
            replace(sheet(), images=sheet().images[:1]),
            replace(sheet(), images=()),
        ],
    )
    def test_other_paper_under_the_same_number_is_refused(self, store: Store, other: Sheet) -> None:
        store.add_sheet(sheet())
        with pytest.raises(StoreError, match="K1/0001 is already stored with other images"):
            store.add_sheet(other)
        assert store.sheet("K1/0001") == sheet()

    def test_of_an_unknown_box_are_refused(self, store: Store) -> None:
        with pytest.raises(StoreError, match="box K9 is not registered"):
            store.add_sheet(sheet(box="K9"))

    def test_two_pages_of_one_file_share_their_bytes(self, store: Store) -> None:
        pages = (PageImage("a.tif", b"both", None, 0), PageImage("a.tif", b"both", None, 1))
        store.add_sheet(Sheet("K1", 1, pages))
        assert store.sheet("K1/0001").images == pages

    def test_a_side_that_is_no_image_stays_on_record(self, store: Store) -> None:
        broken = PageImage("a.jpg", b"", None, 0, "The file is empty.")
        store.add_sheet(Sheet("K1", 1, (broken,)))
        assert store.sheet("K1/0001").images == (broken,)

    def test_hostile_names_are_written_out(self, store: Store) -> None:
        odd = Sheet("K1", 1, (PageImage("\udcff\0.jpg", b"x"),), name="\udcff")
        store.add_sheet(odd)
        assert store.sheet("K1/0001").images[0].name == "\\udcff\\x00.jpg"

    def test_walk_in_order_and_by_box(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("scanner.store.session.PAGE", 2)
        for number in (1, 2, 3):
            store.add_sheet(sheet(number))
        store.add_sheet(sheet(1, "F1"))
        assert [one.id for one in store.sheets()] == ["K1/0001", "K1/0002", "K1/0003", "F1/0001"]
        assert [one.id for one in store.sheets("F1")] == ["F1/0001"]
        assert [side.name for side in next(store.sheets()).sides] == ["1F.jpg", "1B.jpg"]

    def test_the_next_number_follows_the_highest(self, store: Store) -> None:
        assert store.next_number("K1") == 1
        store.add_sheet(sheet(7))
        assert (store.next_number("K1"), store.next_number("F1")) == (8, 1)

    def test_one_that_is_not_there(self, store: Store) -> None:
        with pytest.raises(StoreError, match="no sheet K1/0404"):
            store.sheet("K1/0404")


class TestVerdicts:
    def test_come_back_equal(self, store: Store) -> None:
        store.add_sheet(sheet())
        assert read(store, DOUBT)
        assert (store.verdict_of("K1/0001"), store.reading_of("K1/0001")) == (DOUBT, READING)

    def test_the_same_eyes_are_asked_once(self, store: Store) -> None:
        store.add_sheet(sheet())
        assert read(store, URETTET)
        assert not read(store, DOUBT)
        assert store.verdict_of("K1/0001") == URETTET

    def test_unread_is_by_version(self, store: Store) -> None:
        store.add_sheet(sheet(1))
        store.add_sheet(sheet(2))
        read(store, URETTET, "v1", 1)
        assert list(store.unread("v1")) == ["K1/0002"]
        assert list(store.unread("v2")) == ["K1/0001", "K1/0002"]
        assert list(store.unread("v1", "F1")) == []

    def test_may_be_added_while_walking(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("scanner.store.session.PAGE", 2)
        for number in range(1, 6):
            store.add_sheet(sheet(number))
        seen = [one for one in store.unread("v1") if read(store, URETTET, "v1", int(one[-4:]))]
        assert len(seen) == store.progress().read == 5

    def test_of_an_unknown_sheet_are_refused(self, store: Store) -> None:
        with pytest.raises(StoreError, match="no sheet K1/0001"):
            read(store, URETTET)

    def test_a_number_that_is_not_finite_is_refused_before_it_is_kept(self, store: Store) -> None:
        store.add_sheet(sheet())
        with pytest.raises(StoreError, match="cannot be stored"):
            read(store, replace(DOUBT, confidence=float("nan")))
        assert store.verdict_of("K1/0001") is None

    def test_a_transaction_is_whole_or_not_there(self, store: Store) -> None:
        store.add_sheet(sheet(1))

        def read_one_that_is_not_there() -> None:
            with store.transaction():
                read(store, URETTET, number=1)
                read(store, URETTET, number=2)

        with pytest.raises(StoreError, match="no sheet K1/0002"):
            read_one_that_is_not_there()
        assert store.progress() == Progress(fed=1, read=0, decided=0, doubtful=0)


class TestDecisions:
    def test_of_the_machine_fall_with_its_reading(self, store: Store) -> None:
        store.add_sheet(sheet())
        read(store, URETTET, "v1")
        assert store.decision_of("K1/0001") == by_machine()
        read(store, DOUBT, "v2")
        assert store.decision_of("K1/0001") is None
        assert store.progress() == Progress(fed=1, read=1, decided=0, doubtful=1)

    def test_of_people_outlive_a_new_reading(self, store: Store) -> None:
        store.add_sheet(sheet())
        read(store, DOUBT, "v1")
        store.add_decision(by_people())
        read(store, URETTET, "v2")
        assert store.decision_of("K1/0001") == by_people()

    def test_the_latest_of_people_counts(self, store: Store) -> None:
        store.add_sheet(sheet())
        read(store, DOUBT)
        store.add_decision(by_people(Category.BLANK))
        store.add_decision(by_people(Category.URETTET))
        assert list(store.decisions()) == [by_people(Category.URETTET)]
        assert store.progress() == Progress(fed=1, read=1, decided=1, doubtful=0)

    def test_on_one_persons_word_is_refused(self, store: Store) -> None:
        store.add_sheet(sheet())
        read(store, DOUBT)
        with pytest.raises(StoreError, match="one person's word"):
            store.add_decision(replace(by_people(), decided_by=("Kari",)))

    @pytest.mark.parametrize("verdict", [None, DOUBT])
    def test_of_a_machine_that_is_not_sure_is_refused(self, store: Store, verdict: Verdict | None) -> None:
        store.add_sheet(sheet())
        if verdict is not None:
            read(store, verdict)
        with pytest.raises(StoreError, match="not sure"):
            store.add_decision(by_machine())

    def test_by_box_krets_and_category(self, store: Store) -> None:
        store.add_sheet(sheet(1))
        store.add_sheet(sheet(1, "F1"))
        read(store, URETTET)
        assert len(list(store.decisions(box="K1"))) == len(list(store.decisions(krets="0001"))) == 1
        assert list(store.decisions(category="FO")) == list(store.decisions(krets="0002")) == []
        assert [one.box.category for one in store.ballots()] == ["VO", "FO"]
        assert store.progress(category="FO") == Progress(fed=1, read=0, decided=0, doubtful=0)

    def test_opinions_are_all_kept(self, store: Store) -> None:
        store.add_sheet(sheet())
        said = [
            Opinion("K1/0001", "Kari", one, None, (), "så vidt") for one in (Category.BLANK, Category.RETTET)
        ]
        for one in said:
            store.add_opinion(one)
        assert store.opinions("K1/0001") == tuple(said)
        with pytest.raises(StoreError, match="no sheet"):
            store.add_opinion(replace(said[0], sheet="K1/0002"))
