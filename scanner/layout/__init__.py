"""Where things are on paper, in mm: the official layouts, their PDFs, fields and pictures."""
