"""What a count can be written as; apart, so that `--help` opens no room."""

from enum import StrEnum


class Format(StrEnum):
    """What `valgskanner export` writes."""

    COUNTS = "counts"  # counts.json and counts.csv
    EML = "eml"  # Counts.zip with EML 510 and 460, and its signature
    CVR = "cvr"  # cast vote records, NIST SP 1500-103, for auditors
    BUNDLES = "bundles"  # which ballots go in which bundle: CSV and PDF
