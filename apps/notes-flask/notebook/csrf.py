"""A form is taken only with the token of the session that it was made for."""
import secrets

from flask import abort, request, session

SAFE_METHODS = {'GET', 'HEAD', 'OPTIONS'}


def init_app(app):
    app.before_request(check)
    app.add_template_global(csrf_token)


def csrf_token():
    if 'csrf_token' not in session:
        session['csrf_token'] = secrets.token_urlsafe(32)
        session.permanent = True
    return session['csrf_token']


def check():
    if request.method in SAFE_METHODS:
        return
    expected = session.get('csrf_token', '')
    given = request.form.get('csrf_token', '')
    if not expected or not secrets.compare_digest(given.encode(), expected.encode()):
        abort(403)
