import {
  application,
  charField,
  CsrfMiddleware,
  defineForm,
  html,
  Http404,
  HttpResponse,
  include,
  path,
  redirect,
  render,
  SessionMiddleware,
  View,
} from '@tsgi/framework-views'

const guests = ['Ada']
const guestForm = defineForm({ name: charField({ maxLength: 40 }) })

class Guests extends View {
  get() {
    return render(this.request, 'guests', { guests, form: guestForm(), you: this.request.session['name'] })
  }
  async post() {
    const form = guestForm(await this.request.form())
    if (!form.isValid) return render(this.request, 'guests', { guests, form }, { status: 422 })
    guests.push(form.cleaned.name)
    this.request.session['name'] = form.cleaned.name
    return redirect(this.request.reverse('guests:list'))
  }
}

const guestPatterns = [
  path('', Guests.asView(), 'list'),
  path(
    '<int:number>/',
    (_request, { number }) => {
      if (guests[number] === undefined) throw new Http404(`there is no guest ${number}`)
      return new HttpResponse(html`<h1>${guests[number]}</h1>`)
    },
    'detail',
  ),
]

export default application({
  urlpatterns: [include('guests/', guestPatterns, 'guests')],
  middleware: [new SessionMiddleware(), new CsrfMiddleware()],
  templates: { folder: new URL('templates/', import.meta.url) },
  secretKey: process.env['SECRET_KEY'],
})
