"""From a device or a folder to sheets: sources, faults, decoding, image quality."""
