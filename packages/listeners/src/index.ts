export {
  absolutePath,
  DEFAULT_BACKLOG,
  DEFAULT_TARGETS,
  formatTarget,
  isAbstract,
  parseTarget,
  TARGET_FORMS,
  urlOf,
} from './address.ts'
export { bindError } from './bind-error.ts'
export { type Listeners, openListeners } from './held-listeners.ts'
export { listen, type Listener, type ListenSettings } from './listen.ts'
