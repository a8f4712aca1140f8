"""Readers that know what a sheet is by its number: hundreds are read in seconds. And a worker of them."""

import os
import sys
import time
from dataclasses import replace

from scanner.ballot import Category, Proposal, Reason, Verdict
from scanner.county.worker import Work, work
from scanner.pipeline import Outcome
from tests.strategies import identity, reading, small_election

EYES = "eyes"
WHO = {code: identity(small_election(), code=code) for code in "ABC"}


def quick(job):
    """A list by the sheet's number; every seventh is doubtful."""
    sheet, _ = job
    code = "ABC"[sheet.number % 3]
    seen = replace(reading(WHO[code]), sheet=sheet.id, version=EYES)
    doubt = sheet.number % 7 == 0
    category = Category.TVILSOM if doubt else Category.URETTET
    reasons = (Reason.STAMP_ABSENT,) if doubt else ()
    return Outcome(sheet.id, seen, Verdict(category, code, (), reasons, Proposal(category), 0.9))


def steady(job):
    """The same at the pace of a real reader."""
    time.sleep(0.04)
    return quick(job)


def slow(job):
    time.sleep(0.3)
    return quick(job)


def deadly(job):
    """Kills the process that reads a sheet called so."""
    if job[0].name == "deadly":
        os._exit(1)
    return quick(job)


if __name__ == "__main__":  # URL, reader, [once]
    asked = Work(sys.argv[1], EYES, 1, globals()[sys.argv[2]], once="once" in sys.argv)
    sys.stdout.write(f"{work(asked, sys.stderr.write)}\n")
