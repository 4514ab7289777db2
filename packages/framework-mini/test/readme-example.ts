import { events, html, HttpError, mini, redirect } from '@tsgi/framework-mini'

const guests = ['Ada']

const app = mini()

app.get('/', () => html`<h1>Guests</h1><ul>${guests.map((name) => html`<li>${name}</li>`)}</ul>`)

app.get('/hello/:name', ({ params }) => `Hello, ${params.name}!\n`)

app.get('/guests/:index', ({ params }) => {
  const name = guests[Number(params.index)]
  if (name === undefined) throw new HttpError(404, 'No such guest.')
  return { name }
})

app.post('/guests', async (context) => {
  const name = (await context.form()).get('name') ?? ''
  if (name === '') throw new HttpError(422, 'A guest has a name.')
  guests.push(name)
  context.setCookie('me', name)
  return redirect('/')
})

app.get('/countdown', () => events([3, 2, 1].map((seconds) => ({ data: { seconds } }))))

export default app
