"""Labels as other programs keep them: each format has a module, and all become a flat record with a text."""
