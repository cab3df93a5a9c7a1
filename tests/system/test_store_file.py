"""Somebody else's file lies where the database should be."""
from test_store_away import comes, is_away, overfill, room, start, state, store  # noqa: F401 (a fixture)


def test_a_file_of_somebody_else_stays_and_the_school_is_guarded(room):
    room.state.mkdir()
    letter = room.state / "campus.db"
    letter.write_text("class,room\nP3-1,b1-203\n" * 1000)
    gateway = start(room)
    assert is_away(gateway)
    assert "is no database, and is left as it is" in store(gateway)["fault"]
    overfill(room, gateway)
    assert letter.read_text().startswith("class,room\nP3-1")
    assert list(room.state.glob("campus.db*")) == [letter]
    letter.rename(room.folder / "letter.csv")
    comes(gateway)
    assert state(gateway) == "unacknowledged"
