import { fromWsgi, type WsgiEnviron, type WsgiStartResponse } from '@tsgi/adapter-wsgi'

function application(environ: WsgiEnviron, start_response: WsgiStartResponse) {
  if (environ.REQUEST_METHOD === 'POST') {
    const form = new URLSearchParams(environ['wsgi.input'].read().toString())
    start_response('303 See Other', [['Location', `${environ.SCRIPT_NAME}/hello/${form.get('name') ?? 'nobody'}`]])
    return []
  }
  start_response('200 OK', [['Content-Type', 'text/plain; charset=utf-8']])
  return [`Hello from ${environ.PATH_INFO}\n`]
}

export default fromWsgi(application)
