export type { WsgiErrors } from './errors.ts'
export type { FileLike, FileWrapper } from './file-wrapper.ts'
export { fromWsgi, type FromWsgiOptions } from './from-wsgi.ts'
export type { WsgiInput } from './input.ts'
export {
  decodeWsgi,
  type WsgiApplication,
  type WsgiClass,
  type WsgiEnviron,
  type WsgiFunction,
  type WsgiResult,
  type WsgiStartResponse,
  type WsgiWrite,
} from './wsgi.ts'
