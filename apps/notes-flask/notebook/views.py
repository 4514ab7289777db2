import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for

from . import notes
from .forms import COLOURS, NoteForm

blueprint = Blueprint('notes', __name__)

# The largest number that SQLite has.
NOTE = '/notes/<int(max=9223372036854775807):id>/'


@blueprint.get('/')
def index():
    search = request.args.get('q', '')[: notes.SEARCH_LENGTH].strip()
    page = notes.find(notebook(), search, request.args.get('page', 1, type=int))
    return render_template('list.html', page=page, search=search)


@blueprint.get(NOTE)
def detail(id):
    return render_template('detail.html', note=find_or_404(id))


@blueprint.route('/notes/new/', methods=['GET', 'POST'])
def create():
    form = NoteForm()
    if request.method == 'POST':
        form = NoteForm.sent(request.form)
        if form.validate():
            id = notes.add(open_notebook(), form)
            flash('Your note is saved.')
            return redirect(url_for('.detail', id=id), 303)
    return show(form)


@blueprint.route(f'{NOTE}edit/', methods=['GET', 'POST'])
def edit(id):
    note = find_or_404(id)
    form = NoteForm.of(note)
    if request.method == 'POST':
        form = NoteForm.sent(request.form)
        if form.validate():
            notes.update(notebook(), id, form)
            flash('Your changes are saved.')
            return redirect(url_for('.detail', id=id), 303)
    return show(form, note)


@blueprint.route(f'{NOTE}delete/', methods=['GET', 'POST'])
def delete(id):
    note = find_or_404(id)
    if request.method == 'POST':
        notes.remove(notebook(), id)
        flash(f'“{note.title}” is deleted.')
        return redirect(url_for('.index'), 303)
    return render_template('delete.html', note=note)


def show(form, note=None):
    page = render_template('form.html', form=form, note=note, colours=COLOURS)
    return page, 422 if form.errors else 200


def find_or_404(id):
    return notes.get(notebook(), id) or abort(404)


def notebook():
    """Whose notes these are: a name that only this browser knows."""
    return session.get('notebook', '')


def open_notebook():
    """The notebook begins with the first note: who only looks gets no cookie."""
    if 'notebook' not in session:
        session['notebook'] = uuid.uuid4().hex
        session.permanent = True
    return session['notebook']
