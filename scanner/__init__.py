"""valgskanner: reads Norwegian ballots from document scanners and says what it is not sure of."""

__version__ = "0.1.0"
