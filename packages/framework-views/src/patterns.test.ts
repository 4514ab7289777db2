import { expectTypeOf, it } from 'vitest'
import { include, path } from './patterns.ts'
import type { NamesOf, ParamsOf } from './route-types.ts'
import { HttpResponse } from './response.ts'

const view = (): HttpResponse => new HttpResponse('')

it('types parameters from the route', () => {
  expectTypeOf<ParamsOf<'a/<int:id>/<word>/<path:rest>'>>().toEqualTypeOf<
    { readonly id: number } & { readonly word: string } & { readonly rest: string } & object
  >()
  path('notes/<int:id>/', (_request, { id }) => new HttpResponse(id.toFixed()))
  // @ts-expect-error the route gives no `pk`
  path('notes/<int:id>/', (_request, { pk }) => new HttpResponse(pk))
  // @ts-expect-error the route gives a number
  path('notes/<int:id>/', (_request, { id }: { id: string }) => new HttpResponse(id))
})

it('lets a view take what an enclosing include gives', () => {
  include('blogs/<slug:blog>/', [
    path('<int:id>/', (_request, { id, blog }: { id: number; blog?: string }) => new HttpResponse(`${blog} ${id}`)),
  ])
})

it('types every name with its parameters, through includes and namespaces', () => {
  const urlpatterns = [
    path('', view, 'home'),
    path('nameless/', view),
    include(
      'blogs/<slug:blog>/',
      [path('<int:id>/', view, 'post'), include('tags/', [path('', view, 'tags')])],
      'blog',
    ),
  ]
  type Names = NamesOf<(typeof urlpatterns)[number]>
  expectTypeOf<Names['name']>().toEqualTypeOf<'home' | 'blog:post' | 'blog:tags'>()
  expectTypeOf<Extract<Names, { name: 'blog:post' }>['params']>().toExtend<{ blog: string; id: number }>()
})
