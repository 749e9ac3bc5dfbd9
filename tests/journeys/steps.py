"""Steps that journeys through trouble have in common."""

from __future__ import annotations

from pathlib import Path

from hands import QtHands


def sentences(journey) -> list[str]:  # type: ignore[no-untyped-def]
    return [notice.sentence for notice in journey.window.notifications.notices]


def open_project(journey, folder: Path):  # type: ignore[no-untyped-def]
    journey.window.start_page.open_requested.emit(str(folder))
    assert journey.window.workspace is not None, sentences(journey)
    space = journey.workspace
    journey.until(lambda: not space.session.loading, "the rows")
    return space


def open_sample(journey, hand: QtHands):  # type: ignore[no-untyped-def]
    hand.click(journey.window.start_page.sample)
    space = journey.workspace
    journey.until(lambda: space.suggester.revision >= 0, "suggestions", 180)
    return space


def label(journey, hand: QtHands, n: int = 1) -> None:  # type: ignore[no-untyped-def]
    """Rows labelled with the first class; each is on disk when its key has been taken."""
    view, project = journey.workspace.label.view, journey.workspace.session.project
    for _ in range(n):
        view.go_to_next_unlabelled()
        view.setFocus()
        before = project.revision
        hand.press("1")
        assert project.revision == before + 1


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
