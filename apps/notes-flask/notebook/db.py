"""The connection of a request, and the tables."""
import secrets
import sqlite3
from contextlib import closing

from flask import current_app, g

# Seconds to wait for another process that writes.
BUSY_TIMEOUT = 10


def init_app(app):
    app.teardown_appcontext(close_db)
    with app.open_resource('schema.sql', 'r') as schema, closing(connect(app)) as db:
        db.executescript(schema.read())


def get_db():
    if 'db' not in g:
        g.db = connect(current_app)
    return g.db


def close_db(_error=None):
    db = g.pop('db', None)
    if db is not None:
        db.close()


def connect(app):
    db = sqlite3.connect(app.config['DATABASE'], timeout=BUSY_TIMEOUT)
    db.row_factory = sqlite3.Row
    return db


def secret(app):
    """Random text that all processes on this database share, to sign cookies with."""
    with closing(connect(app)) as db:
        with db:
            db.execute(
                "INSERT OR IGNORE INTO secrets (purpose, secret) VALUES ('cookies', ?)", [secrets.token_urlsafe(32)]
            )
        return db.execute("SELECT secret FROM secrets WHERE purpose = 'cookies'").fetchone()['secret']
