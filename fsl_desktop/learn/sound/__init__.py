"""Learning from sound: clips in, answers out."""
