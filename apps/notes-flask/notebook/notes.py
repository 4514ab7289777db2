"""Notes of many notebooks in SQLite. Whoever knows the name of a notebook may read and write it."""
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timezone

from .db import get_db

PER_PAGE = 12
SEARCH_LENGTH = 200


@dataclass(frozen=True)
class Note:
    id: int
    title: str
    body: str
    colour: str
    is_pinned: bool
    updated_at: datetime


@dataclass(frozen=True)
class Page:
    notes: list
    number: int
    """From 1; never beyond the last."""
    last: int
    total: int

    @property
    def numbers(self):
        """The pages to offer: the first, the last and those around this one; None stands for what is left out."""
        previous = 0
        for number in range(1, self.last + 1):
            if number in (1, self.last) or abs(number - self.number) <= 1:
                if number - previous > 1:
                    yield None
                yield number
                previous = number


def find(notebook, search='', number=1):
    """Pinned ones first, then the latest; all words of the search are in them."""
    where, values = 'notebook = ?', [notebook]
    for word in folded(search).replace('\0', ' ').split():
        where += " AND search LIKE ? ESCAPE '\\'"
        values.append(f'%{escaped(word)}%')
    db = get_db()
    (total,) = db.execute(f'SELECT COUNT(*) FROM notes WHERE {where}', values).fetchone()
    last = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), last)
    rows = db.execute(
        f'SELECT * FROM notes WHERE {where} ORDER BY is_pinned DESC, updated_at DESC, id DESC LIMIT ? OFFSET ?',
        [*values, PER_PAGE, (number - 1) * PER_PAGE],
    ).fetchall()
    return Page([note_of(row) for row in rows], number, last, total)


def get(notebook, id):
    row = get_db().execute('SELECT * FROM notes WHERE notebook = ? AND id = ?', [notebook, id]).fetchone()
    return note_of(row) if row else None


def add(notebook, form):
    with get_db() as db:
        return db.execute(
            """INSERT INTO notes (notebook, title, body, colour, is_pinned, search, updated_at)
               VALUES (:notebook, :title, :body, :colour, :is_pinned, :search, :updated_at)""",
            {'notebook': notebook, **columns(form)},
        ).lastrowid


def update(notebook, id, form):
    with get_db() as db:
        db.execute(
            """UPDATE notes SET title = :title, body = :body, colour = :colour, is_pinned = :is_pinned, search = :search,
               updated_at = :updated_at WHERE notebook = :notebook AND id = :id""",
            {'notebook': notebook, 'id': id, **columns(form)},
        )


def remove(notebook, id):
    with get_db() as db:
        db.execute('DELETE FROM notes WHERE notebook = ? AND id = ?', [notebook, id])


def columns(form):
    return {
        'title': form.title,
        'body': form.body,
        'colour': form.colour,
        'is_pinned': form.is_pinned,
        'search': folded(f'{form.title}\n{form.body}'),
        'updated_at': datetime.now(timezone.utc).isoformat(timespec='microseconds'),
    }


def note_of(row):
    return Note(
        row['id'],
        row['title'],
        row['body'],
        row['colour'],
        bool(row['is_pinned']),
        datetime.fromisoformat(row['updated_at']),
    )


def folded(text):
    """One letter case and one way of writing accents: LIKE of SQLite knows the case of ASCII only."""
    return unicodedata.normalize('NFKC', text).casefold()


def escaped(word):
    for special in '\\%_':
        word = word.replace(special, f'\\{special}')
    return word
