"""A notebook in the browser, in Flask, on SQLite."""
import os
from datetime import timedelta
from pathlib import Path

from flask import Flask, redirect, url_for
from werkzeug.exceptions import HTTPException

from . import csrf, db, errors, views

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / 'notes-kit' / 'static'


def create_app():
    app = Flask(__name__, static_folder=STATIC, static_url_path='/static')
    app.config.from_mapping(
        DATABASE=os.environ.get('NOTES_FILE') or HERE.parent / 'notes.sqlite',
        SESSION_COOKIE_NAME='notebook',
        SESSION_COOKIE_SAMESITE='Lax',
        PERMANENT_SESSION_LIFETIME=timedelta(days=365),
        MAX_CONTENT_LENGTH=1024 * 1024,
    )
    db.init_app(app)
    app.config['SECRET_KEY'] = os.environ.get('SECRET_KEY') or db.secret(app)
    csrf.init_app(app)
    app.register_blueprint(views.blueprint)
    app.register_error_handler(HTTPException, errors.page)
    app.add_template_filter(lambda when: f'{when:%B} {when.day}, {when.year}', 'day')

    # Browsers ask for it where a page names no icon.
    @app.get('/favicon.ico')
    def icon():
        return redirect(url_for('static', filename='icon.svg'), 301)

    @app.after_request
    def protect(response):
        """No scripts, no frames, nothing from elsewhere: what the escaping lets through by mistake stays harmless."""
        response.headers.setdefault(
            'Content-Security-Policy',
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        )
        response.headers.setdefault('Referrer-Policy', 'same-origin')
        response.headers.setdefault('X-Content-Type-Options', 'nosniff')
        return response

    return app
