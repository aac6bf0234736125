"""The record: status changes read, cleaned and joined with what was known of each opportunity."""
