/** The textbook applications below one dispatcher, as a module for servers that load it in processes of their own. */
import { fromWsgi, type WsgiFunction } from '@tsgi/adapter-wsgi'
import type { Application } from '@tsgi/spec'
import {
  add_header,
  AppClass,
  careful,
  count_lines,
  counting,
  form,
  printing,
  show_environ,
  simple_app,
  Upperware,
  url_map,
} from './textbook-apps.ts'

const instance: WsgiFunction = (environ, start_response) => new AppClass(environ, start_response)
const broken = (): never => {
  throw new Error('oops')
}

const application: Application = fromWsgi(
  url_map({
    simple_app,
    AppClass: instance,
    counting,
    show_environ,
    form,
    count_lines,
    printing,
    careful: careful(broken),
    upper: new Upperware(counting).wsgi_app,
    header: add_header(simple_app, 'X-Added', 'yes'),
  }),
)

export default application
