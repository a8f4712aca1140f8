"""Words in tables that people open in a spreadsheet, which runs what looks like a formula."""

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_text(words: str) -> str:
    """Words as a spreadsheet shows them: one beginning with = + - @ gets an apostrophe before it."""
    return f"'{words}" if words.startswith(_STARTS) else words


def as_written(words: str) -> str:
    """What `as_text` was given: the words without its apostrophe."""
    return words[1:] if words.startswith("'") and words[1:].startswith(_STARTS) else words
