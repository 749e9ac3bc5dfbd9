"""Files that say what is to be heard when: of Audacity, Raven, Praat, and as a table."""
