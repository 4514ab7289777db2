import { Http404, HttpRequest, redirect, render, View, type HttpResponse } from '@tsgi/framework-views'
import { COLOURS, pageNumbers, type Note } from 'notes-kit'
import { noteForm } from './forms.ts'
import { openNotebook, takeNotice } from './notebook.ts'
import { notes } from './notes.ts'

/** Browsers ask for /favicon.ico where a page names no icon. */
export const icon = (request: HttpRequest): HttpResponse => redirect(`${request.site.settings.staticUrl}icon.svg`, 301)

export async function noteList(request: HttpRequest): Promise<HttpResponse> {
  const search = (request.query.get('q') ?? '').slice(0, 200).trim()
  const { notebook } = request.session
  const found = await notes.list(notebook ?? '', { search, page: Number(request.query.get('page') ?? 1) })
  const numbers = pageNumbers(found.page, found.pages)
  return render(request, 'notes/list', { ...found, search, numbers, notice: takeNotice(request) })
}

abstract class OneNote extends View<{ id: number }> {
  protected async find(): Promise<Note> {
    const { notebook = '' } = this.request.session
    const note = await notes.get(notebook, this.params.id)
    if (note) return note
    throw new Http404(`this notebook has no note ${this.params.id}`)
  }
}

export class NoteDetail extends OneNote {
  async get(): Promise<HttpResponse> {
    return render(this.request, 'notes/detail', { note: await this.find(), notice: takeNotice(this.request) })
  }
}

type NoteForm = ReturnType<typeof noteForm>

const showForm = (request: HttpRequest, form: NoteForm, note?: Note): HttpResponse =>
  render(request, 'notes/form', { form, note, colours: COLOURS }, { status: form.errors.size > 0 ? 422 : 200 })

export class NoteCreate extends View {
  get(): HttpResponse {
    return showForm(this.request, noteForm(undefined, { colour: 'plain' }))
  }

  async post(): Promise<HttpResponse> {
    const form = noteForm(await this.request.form())
    if (!form.isValid) return showForm(this.request, form)
    const note = await notes.add(openNotebook(this.request), form.cleaned)
    this.request.session.notice = 'Your note is saved.'
    return redirect(this.request.reverse('notes:detail', { id: note.id }))
  }
}

export class NoteEdit extends OneNote {
  async get(): Promise<HttpResponse> {
    const note = await this.find()
    return showForm(this.request, noteForm(undefined, note), note)
  }

  async post(): Promise<HttpResponse> {
    const note = await this.find()
    const form = noteForm(await this.request.form())
    if (!form.isValid) return showForm(this.request, form, note)
    await notes.update(openNotebook(this.request), note.id, form.cleaned)
    this.request.session.notice = 'Your changes are saved.'
    return redirect(this.request.reverse('notes:detail', { id: note.id }))
  }
}

export class NoteDelete extends OneNote {
  async get(): Promise<HttpResponse> {
    return render(this.request, 'notes/delete', { note: await this.find() })
  }

  async post(): Promise<HttpResponse> {
    const note = await this.find()
    await notes.remove(openNotebook(this.request), note.id)
    this.request.session.notice = `“${note.title}” is deleted.`
    return redirect(this.request.reverse('list'))
  }
}
