import { application, HttpResponse, path } from '@tsgi/framework-views'
import type { Application } from '@tsgi/spec'

/** A plain view, to be measured beside `packages/adapter-node/bench/express.ts`. */
export const app: Application = application({ urlpatterns: [path('', () => new HttpResponse('Hello, World!'))] })
