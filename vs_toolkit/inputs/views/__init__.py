"""What may be seen: as of a day, in an edition, of one customer."""
