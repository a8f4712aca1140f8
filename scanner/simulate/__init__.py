"""A whole election day without paper: voters, pens, stamps, worn scanners, a virtual device."""
