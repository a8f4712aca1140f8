"""The record: sheets, readings, opinions, decisions, append only."""
