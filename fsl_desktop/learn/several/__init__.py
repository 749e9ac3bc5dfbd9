"""Learning where a row may have several labels: one yes-or-no question per class."""
