"""Seeing, hearing and recording sounds. Nothing here knows of projects: a clip is a file and two times."""
