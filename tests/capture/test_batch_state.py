from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture.batch_state import (
    Act,
    Agreed,
    Begin,
    Found,
    GiveUp,
    GoOn,
    Halt,
    Halted,
    Happening,
    Kept,
    Over,
    Phase,
    State,
    instruction,
    step,
)
from scanner.capture.events import End, Fault

JAM = Halt(Fault.JAM, "Paper is stuck.")
OVER = {Phase.ENDED, Phase.ABORTED}
ALLOWED = {
    Phase.IDLE: {Phase.OPENING},
    Phase.OPENING: {Phase.FEEDING, Phase.PAUSED, Phase.ENDED},
    Phase.FEEDING: {Phase.PAUSED, Phase.ENDED},
    Phase.PAUSED: {Phase.OPENING, Phase.ENDED, Phase.ABORTED},
    Phase.ENDED: set(),
    Phase.ABORTED: set(),
}
NUMBERS = st.integers(1, 9)
HAPPENINGS = st.one_of(
    st.builds(Begin, st.just(1), NUMBERS),
    st.builds(Agreed, st.booleans()),
    st.builds(Kept, NUMBERS),
    st.builds(Halted, st.builds(Halt, st.sampled_from([None, *Fault]), st.just("It stopped."))),
    st.builds(Over, st.sampled_from(End)),
    st.builds(Found, NUMBERS, st.none(), st.booleans()),
    st.just(GoOn()),
    st.just(GiveUp()),
)


def after(*happenings: Happening, most: int = 10) -> tuple[State, Act | None]:
    state, act = State(), None
    for one in happenings:
        state, act = step(state, one, most)
    return state, act


@settings(max_examples=300)
@given(st.lists(HAPPENINGS, max_size=25))
def test_whatever_happens_in_whatever_order(story: list[Happening]) -> None:
    state, started, kept = State(), 0, []
    for one in story:
        before, (state, act) = state, step(state, one)
        assert state.phase is before.phase or state.phase in ALLOWED[before.phase]
        assert state.next >= before.next or isinstance(one, Begin), "no number is given twice"
        if isinstance(one, Kept) and state.next > before.next:
            kept.append(one.number)
        assert (state.halt is not None) is (state.phase in {Phase.PAUSED, Phase.ABORTED})
        assert bool(instruction(state)) is (state.phase is Phase.PAUSED)
        assert (act is Act.ASK) <= (state.phase is Phase.PAUSED), "asked only while the paper stands still"
        assert (act is Act.START) is (state.phase is Phase.OPENING and before.phase is not Phase.OPENING)
        assert (act is Act.PART) is (
            before.phase in {Phase.OPENING, Phase.FEEDING}
            and state.phase not in {Phase.OPENING, Phase.FEEDING}
        )
        closed = isinstance(one, GiveUp) and before.phase is Phase.PAUSED
        assert (act is Act.CLOSE) is (closed and state.phase in OVER)
        started += act is Act.START
    assert kept == sorted(set(kept)), "each sheet once, in order"


@given(st.lists(st.integers(0, 3), max_size=8), st.booleans())
def test_any_number_of_stops_loses_no_sheet(runs: list[int], paper: bool) -> None:
    """Each worker stores some sheets and stops; the last one finishes the stack."""
    state, act = step(State(), Begin(5, 5))
    for count in runs:
        assert act is Act.START
        state, _ = step(state, Agreed(paper))
        for _ in range(count):
            state, _ = step(state, Kept(state.next))
        state, act = step(state, Halted(JAM))
        assert act is Act.PART
        state, act = step(state, Found(state.next))
        assert act is Act.ASK
        state, act = step(state, GoOn())
    state, _ = step(step(state, Agreed(paper))[0], Over(End.HOPPER_EMPTY))
    assert (state.phase, state.next) == (Phase.ENDED, 5 + sum(runs))


def test_the_journal_knows_of_a_sheet_the_worker_could_not_tell() -> None:
    state, act = after(Begin(1, 1), Agreed(paper=True), Kept(1), Halted(JAM), Found(3, "A2"))
    assert (state.next, state.imprint, act) == (3, "A2", Act.ASK)


def test_the_journal_knows_of_an_end_the_worker_could_not_tell() -> None:
    state, act = after(Begin(1, 1), Agreed(paper=True), Halted(JAM), Found(3, closed=True))
    assert (state.phase, act) == (Phase.ENDED, None)


def test_closed_with_an_empty_hopper_is_the_end() -> None:
    """A worker may die after the last sheet, before it could say that the paper is finished."""
    empty = Halt(Fault.HOPPER_EMPTY, "No paper.")
    state, _ = after(Begin(1, 1), Agreed(paper=True), Kept(1), Halted(empty))
    assert "or close this stack if none is left" in instruction(state)
    assert step(state, GiveUp())[0].phase is Phase.ENDED
    state, _ = after(Begin(1, 1), Agreed(paper=True), Kept(1), Halted(JAM))
    assert step(state, GiveUp())[0].phase is Phase.ABORTED


def test_a_pause_is_no_end() -> None:
    for reason in End:
        state, _ = after(Begin(1, 1), Agreed(paper=True), Over(reason))
        over = reason in {End.HOPPER_EMPTY, End.JOB_COMPLETED}
        assert state.phase is (Phase.ENDED if over else Phase.PAUSED)


def test_a_device_that_fails_for_ever_is_not_asked_about_for_ever() -> None:
    state, asked = after(Begin(1, 1))[0], 0
    for _ in range(5):
        state, _ = step(state, Halted(JAM), 3)
        state, act = step(state, Found(1), 3)
        asked += act is Act.ASK
        state, _ = step(state, GoOn(), 3)
    assert asked == 3
    state, _ = step(step(state, Agreed(paper=True))[0], Kept(1))
    assert state.in_vain == 0


def test_the_instruction_says_what_to_take_out_and_what_goes_first() -> None:
    fed = (Begin(31, 31), Agreed(paper=True), Kept(31, "FO-0031"), Kept(32, "FO-0032"), Halted(JAM))
    assert instruction(after(*fed)[0]) == (
        "Open the scanner, take out the stuck paper and close it again. 2 sheets of this stack are stored, "
        "up to sheet 32, printed FO-0032: lay all that went in after it back in order. "
        "Sheet 33 must then lie first in the hopper."
    )
    none = after(Begin(31, 31), Agreed(paper=True), Halted(JAM))[0]
    assert "No sheet of this stack is stored" in instruction(none)
    assert "Sheet 31 must then lie first in the hopper." in instruction(none)
    one = after(Begin(31, 31), Agreed(paper=True), Kept(31), Halted(JAM))[0]
    assert "1 sheet of this stack are" not in instruction(one)


def test_files_are_not_laid_back() -> None:
    full = Halt(Fault.DISK_FULL, "No room.")
    state, _ = after(Begin(1, 1), Agreed(paper=False), Kept(1), Halted(full))
    assert instruction(state) == f"{Fault.DISK_FULL.instruction} It goes on with sheet 2."


def test_nobody_waits_in_front_of_a_finished_stack() -> None:
    for end in (Over(End.HOPPER_EMPTY), Halted(JAM)):
        state, _ = after(Begin(1, 1), Agreed(paper=True), end, GiveUp())
        assert state.phase in OVER
        assert instruction(state) == ""
        assert step(state, GoOn()) == (state, None)
