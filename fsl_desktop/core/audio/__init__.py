"""Sound without a window and without a model: finding, decoding, judging, cutting and drawing it."""
