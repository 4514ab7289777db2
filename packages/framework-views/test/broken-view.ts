import type { HttpResponse } from '@tsgi/framework-views'

/** Beside the framework, as an application's files are: the error page tells the two apart. */
export function brokenView(): HttpResponse {
  throw new TypeError('<b>no</b>', { cause: new Error('deeper') })
}
