import { describe, expectTypeOf, it } from 'vitest'
import type { Context } from './context.ts'
import { mini } from './mini.ts'
import type { AnyPathParams, PathParams } from './path-params.ts'
import { redirect } from './reply.ts'
import type { Handler, HandlerMiddleware } from './routes.ts'

/** Judged by the compiler: `typecheck` fails when one does not hold. */
describe('PathParams', () => {
  it('reads names from a pattern', () => {
    expectTypeOf<PathParams<'/hello/:name'>>().toEqualTypeOf<{ readonly name: string }>()
    expectTypeOf<PathParams<'/:a/x/:b'>>().toEqualTypeOf<{ readonly a: string; readonly b: string }>()
    expectTypeOf<PathParams<'/about'>>().toEqualTypeOf<{}>()
    expectTypeOf<PathParams<'/'>>().toEqualTypeOf<{}>()
  })

  it('reads a tail as segments', () => {
    expectTypeOf<PathParams<'/f/:u/*path'>>().toEqualTypeOf<{ readonly u: string; readonly path: readonly string[] }>()
    expectTypeOf<PathParams<'/f/*'>>().toEqualTypeOf<{}>()
  })

  it('knows nothing of a pattern that is not literal', () => {
    expectTypeOf<PathParams<string>>().toEqualTypeOf<AnyPathParams>()
  })
})

describe('routes', () => {
  const app = mini()

  it('type the parameters of their handlers', () => {
    app.get('/a/:name', ({ params }) => {
      expectTypeOf(params).toEqualTypeOf<{ readonly name: string }>()
      return params.name
    })
    // @ts-expect-error: the pattern has no such parameter
    app.get('/b/:name', ({ params }) => params.nam)
    app.route('PURGE', '/c/*path', ({ params }) => params.path.join('/'))
  })

  it('know the parameters of their group', () => {
    app
      .group('/teams/:team')
      .group('/members')
      .get('/:member', ({ params }) => {
        expectTypeOf(params).toEqualTypeOf<{ readonly team: string; readonly member: string }>()
        return params.team
      })
  })

  it('keep their parameters through a handler middleware', () => {
    const signedIn: HandlerMiddleware = (next) => (context) =>
      context.cookies['session'] === undefined ? redirect('/login') : next(context)
    app.get(
      '/d/:name',
      signedIn(({ params }) => params.name),
    )
    // @ts-expect-error: nor has it others there
    const wrong = ({ params }: Context<PathParams<'/e/:name'>>): string => params.nam
    app.get('/e/:name', signedIn(wrong))
  })

  it('take a handler that was written for any route', () => {
    const handler: Handler = ({ params }) => Object.keys(params)
    app.get('/f', handler)
  })

  it('take no handler that gives nothing back', () => {
    // @ts-expect-error: undefined is no result
    app.get('/g', () => {})
    // @ts-expect-error: nor is a promise of it
    app.get('/h', async () => {})
    // @ts-expect-error: a number could be meant as a status or as JSON
    app.get('/i', () => 404)
    interface Entry {
      readonly id: number
    }
    app.get('/j', async (): Promise<Entry | null> => ({ id: 1 }))
  })
})
