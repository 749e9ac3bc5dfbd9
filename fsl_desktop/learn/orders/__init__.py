"""Which rows to look at next, by embeddings of any kind and by the labels."""
