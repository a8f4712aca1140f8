"""A form as a workbook: live formulas and controls, to be filled in and read back cell by cell."""
