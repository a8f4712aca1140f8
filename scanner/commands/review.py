"""The command `review`: which ballots wait for people, and what a person says of one.

Nobody is shown what another person said: the second opinion is blind.
"""

from rich.table import Table

from scanner.ballot import Verdict
from scanner.commands.shell import answers, note, say
from scanner.errors import ExitCode
from scanner.lines import amendment_lines, amendment_text
from scanner.review.answer import Answer, opinion
from scanner.settling import give, waiting_verdict
from scanner.store.opening import open_store


def list_waiting(url: str, *, json: bool) -> int:
    """Print every ballot that waits for people; exit code 3 if there is one."""
    table = Table(title="ballots that wait for people")
    for column in ("sheet", "list", "why", "proposed"):
        table.add_column(column)
    waiting = 0
    with open_store(url, create=False) as store:
        for one in store.ballots():
            if one.verdict is None or one.verdict.sure or one.decision is not None:
                continue
            waiting += 1
            if json:
                say(_line(one.sheet, one.verdict))
            else:
                table.add_row(*_row(one.sheet, one.verdict))
    if not json:
        answers.print(table)
    return ExitCode.DOUBTFUL if waiting else ExitCode.DONE


def _line(sheet: str, verdict: Verdict) -> dict[str, object]:
    proposed = verdict.proposed
    return {
        "sheet": sheet,
        "list": verdict.list,
        "reasons": [one.value for one in verdict.reasons],
        "proposed": {"category": proposed.category.value, "amendments": amendment_lines(proposed.amendments)},
    }


def _row(sheet: str, verdict: Verdict) -> tuple[str, ...]:
    proposed = ", ".join([verdict.proposed.category.value, *map(amendment_text, verdict.proposed.amendments)])
    return sheet, verdict.list or "–", ", ".join(verdict.reasons), proposed


def give_opinion(url: str, sheet: str, person: str, answer: Answer) -> int:
    """Keep what a person says of a ballot; it counts once a second person, asked blind, says the same."""
    with open_store(url, create=False) as store:
        verdict = waiting_verdict(store, sheet)
        decision = give(store, opinion(sheet, person, answer, verdict, store.election()))
        left = store.progress().doubtful
    note(f"{sheet}: {'settled' if decision else 'kept; it waits for another person'}. {left} ballots wait.")
    return ExitCode.DOUBTFUL if left else ExitCode.DONE
