"""Where data comes from: folders, workbooks; what is read and checked there."""
