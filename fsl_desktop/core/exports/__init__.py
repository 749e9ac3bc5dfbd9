"""A project's labels in the files of other programs."""
