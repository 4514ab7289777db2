import { render, type HttpRequest, type HttpResponse } from '@tsgi/framework-views'

const WORDS: Readonly<Record<number, readonly [title: string, text: string]>> = {
  403: [
    'This form could not be checked',
    'It may have been open for very long, or come from another site. Go back, reload the page and send it again.',
  ],
  404: ['There is no such page', 'The note may have been deleted, or it belongs to a notebook of another browser.'],
  500: ['Something broke here', 'It is not your fault, and it has been noted. Try again in a moment.'],
}

export function errorPage(request: HttpRequest, status: number): HttpResponse {
  const [title, text] = WORDS[status] ?? ['This did not work', '']
  return render(request, 'error', { status, title, text }, { status })
}
