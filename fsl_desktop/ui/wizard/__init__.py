"""From a file to a project, in four steps; the first two also add a file to a project."""
