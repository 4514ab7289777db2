import { describe, expect, it } from 'vitest'
import { ImproperlyConfigured, NoReverseMatch, type HttpError } from './errors.ts'
import { include, path, type Pattern } from './patterns.ts'
import { HttpResponse } from './response.ts'
import { compileUrls } from './urls.ts'

const view = (): HttpResponse => new HttpResponse('')

function resolve(patterns: readonly Pattern[], target: string): [route: string, params: object] | undefined {
  const match = compileUrls(patterns).resolve(target)
  return match && [match.endpoint.route, match.params]
}

describe('resolving', () => {
  it('takes every character of a literal as itself', () => {
    const literal = String.raw`a-b.c*d+e?f^g$h(i)j[k]l{m}n|o\p,q:r&s=t!u~v'w@x;y_z`
    const route = `${literal}/<int:id>`
    expect(resolve([path(route, view)], `/${encodeURI(literal).replaceAll('?', '%3F')}/7`)).toEqual([route, { id: 7 }])
    expect(resolve([path('a.b', view)], '/axb')).toBeUndefined()
  })

  const patterns = [
    path('', view),
    path('notes/', view),
    path('notes/<int:id>/', view),
    path('notes/<slug:slug>/', view),
    path('notes/new/', view),
    path('users/<uuid:id>/', view),
    path('say/<word>/', view),
    path('v<int:major>.<int:minor>/', view),
    path('files/<path:file>/raw', view),
    path('files/<path:file>', view),
    path('blogs/<slug:blog>/', view),
    include('blogs/<slug:blog>/', [path('posts/<int:id>/', view)]),
    path('straße/', view),
  ]

  it.each([
    ['/', '', {}],
    ['/notes/', 'notes/', {}],
    ['/notes/17/', 'notes/<int:id>/', { id: 17 }],
    ['/notes/a-b_c/', 'notes/<slug:slug>/', { slug: 'a-b_c' }],
    [
      '/users/0189f7a2-3c4d-7e8f-9a0b-1c2d3e4f5a6b/',
      'users/<uuid:id>/',
      { id: '0189f7a2-3c4d-7e8f-9a0b-1c2d3e4f5a6b' },
    ],
    ['/v2.10/', 'v<int:major>.<int:minor>/', { major: 2, minor: 10 }],
    ['/files/a/b.txt', 'files/<path:file>', { file: 'a/b.txt' }],
    ['/files/a/b.txt/raw', 'files/<path:file>/raw', { file: 'a/b.txt' }],
    ['/blogs/tea/posts/3/', 'blogs/<slug:blog>/posts/<int:id>/', { blog: 'tea', id: 3 }],
  ])('finds %s', (target, route, params) => {
    expect(resolve(patterns, target)).toEqual([route, params])
  })

  it.each(['', '*', '/notes', '//', '/notes//', '/notes/17', '/files/', '/users/0189F7A2/', '/nowhere/'])(
    'finds nothing for "%s"',
    (target) => {
      expect(resolve(patterns, target)).toBeUndefined()
    },
  )

  it('takes the first route that matches, in the order of declaration, literal or not', () => {
    expect(resolve(patterns, '/notes/new/')).toEqual(['notes/<slug:slug>/', { slug: 'new' }])
    const newFirst = [path('notes/new/', view), path('notes/<slug:slug>/', view)]
    expect(resolve(newFirst, '/notes/new/')).toEqual(['notes/new/', {}])
  })

  it('goes on to later routes when a converter turns its text away', () => {
    const huge = '9007199254740993'
    expect(resolve(patterns, `/notes/${huge}/`)).toEqual(['notes/<slug:slug>/', { slug: huge }])
    expect(resolve([path('notes/<int:id>/', view)], `/notes/${huge}/`)).toBeUndefined()
  })

  it('decodes each segment once', () => {
    expect(resolve(patterns, '/n%6ftes/')).toEqual(['notes/', {}])
    expect(resolve(patterns, '/stra%C3%9Fe/')).toEqual(['straße/', {}])
    expect(resolve(patterns, '/say/a%2541/')).toEqual(['say/<word>/', { word: 'a%41' }])
  })

  it('keeps an encoded slash inside its segment', () => {
    expect(resolve(patterns, '/say/a%2Fb/')).toEqual(['say/<word>/', { word: 'a/b' }])
    expect(resolve(patterns, '/notes%2F17/')).toBeUndefined()
    expect(resolve(patterns, '/files/a%2Fb')).toBeUndefined()
  })

  it.each(['/say/%/', '/say/%zz/', '/say/%C0%AF/', '/say/%00/'])('answers 400 to the escape in %s', (target) => {
    expect(() => resolve(patterns, target)).toThrow(expect.objectContaining({ status: 400 }) as HttpError)
  })

  it('does not take a regular expression out of a literal', () => {
    expect(resolve([path('a.b+/', view)], '/axbb/')).toBeUndefined()
    expect(resolve([path('a.b+/', view)], '/a.b+/')).toEqual(['a.b+/', {}])
  })

  it('uses converters of one’s own', () => {
    const year = { pattern: '[0-9]{4}', parse: Number, format: (value: number) => String(value).padStart(4, '0') }
    const urls = compileUrls([path('archive/<year:year>/', view, 'archive')], { year })
    expect(urls.resolve('/archive/0987/')?.params).toEqual({ year: 987 })
    expect(urls.reverse('archive', { year: 987 })).toBe('/archive/0987/')
  })

  it('takes alternatives in a converter’s pattern, and refuses groups', () => {
    const kind = (pattern: string) => ({ kind: { pattern, parse: String, format: String } })
    const patterns = [path('<kind:a>/<int:b>/', view)]
    expect(compileUrls(patterns, kind('tea|coffee')).resolve('/coffee/2/')?.params).toEqual({ a: 'coffee', b: 2 })
    expect(compileUrls(patterns, kind('(?:tea|coffee)')).resolve('/tea/2/')?.params).toEqual({ a: 'tea', b: 2 })
    expect(() => compileUrls(patterns, kind('(tea|coffee)'))).toThrow(
      'uses converter "kind", whose pattern has capturing groups',
    )
  })

  it.each([
    ['/notes/', 'must not begin with "/"'],
    ['notes/<number:id>/', 'uses converter "number"; there are int, str, slug, uuid, path'],
    ['notes/<int:id>/<int:id>/', 'uses a parameter name twice'],
    ['notes/<int: id>/', 'has a stray "<" or ">"'],
  ])('refuses the route "%s" at start', (route, why) => {
    expect(() => compileUrls([path(route, view)])).toThrow(ImproperlyConfigured)
    expect(() => compileUrls([path(route, view)])).toThrow(why)
  })

  it('keeps the order of declaration over hundreds of routes', () => {
    const many = Array.from({ length: 500 }, (_, i) => path(`section${i}/<int:id>/`, view))
    const all = [...many, path('about/', view), path('<slug:any>/<int:id>/', view), path('section900/<int:id>/', view)]
    expect(resolve(all, '/about/')).toEqual(['about/', {}])
    expect(resolve(all, '/section499/7/')).toEqual(['section499/<int:id>/', { id: 7 }])
    expect(resolve(all, '/section900/7/')).toEqual(['<slug:any>/<int:id>/', { any: 'section900', id: 7 }])
    expect(resolve(all, '/section0/9007199254740993/')).toBeUndefined()
  })
})

describe('reversing', () => {
  const { reverse } = compileUrls([
    path('', view, 'home'),
    path('list/', view, 'list'),
    path('list/<int:page>/', view, 'list'),
    path('say/<word>/', view, 'say'),
    path('<path:file>', view, 'file'),
    path('straße/', view, 'street'),
    include(
      'notes/',
      [path('<int:id>/', view, 'detail'), include('tags/', [path('<slug:tag>/', view, 'tag')], 'tags')],
      'notes',
    ),
    include('plain/', [path('x/', view, 'plain')]),
  ])

  it.each([
    ['home', {}, '/'],
    ['list', {}, '/list/'],
    ['list', { page: 2 }, '/list/2/'],
    ['list', { page: undefined }, '/list/'],
    ['say', { word: 'a/b ?#ü' }, '/say/a%2Fb%20%3F%23%C3%BC/'],
    ['file', { file: 'a b/c' }, '/a%20b/c'],
    ['street', {}, '/stra%C3%9Fe/'],
    ['notes:detail', { id: 7 }, '/notes/7/'],
    ['notes:tags:tag', { tag: 'tea' }, '/notes/tags/tea/'],
    ['plain', {}, '/plain/x/'],
  ])('writes %s %o', (name, params, expected) => {
    expect(reverse(name, params)).toBe(expected)
  })

  it('adds a query, without what is undefined', () => {
    expect(reverse('list', {}, { q: 'tea & milk', page: 2, sort: undefined })).toBe('/list/?q=tea+%26+milk&page=2')
    expect(reverse('list', {}, { q: undefined })).toBe('/list/')
  })

  it('never writes a path that names another site', () => {
    expect(reverse('file', { file: '/evil.example' })).toBe('/%2Fevil.example')
  })

  it('says which names there are', () => {
    expect(() => reverse('nots:detail')).toThrow(
      'no route is named "nots:detail"; there are home, list, say, file, street, notes:detail',
    )
    expect(() => reverse('nots:detail')).toThrow(NoReverseMatch)
  })

  it('says which parameters a name takes', () => {
    expect(() => reverse('notes:detail', { pk: 7 })).toThrow('"notes:detail" is "notes/<int:id>/", got (pk)')
    expect(() => reverse('list', { page: 2, size: 3 })).toThrow(
      '"list" is "list/" and "list/<int:page>/", got (page, size)',
    )
  })

  it.each([
    ['notes:detail', { id: 'x' }, '"id" must match [0-9]+, got "x"'],
    ['notes:detail', { id: -1 }, 'got "-1"'],
    ['say', { word: '' }, 'got ""'],
    ['say', { word: '..' }, 'dots'],
    ['file', { file: 'a/../b' }, 'dots'],
  ])('refuses a value that would not come back: %s %o', (name, params, why) => {
    expect(() => reverse(name, params)).toThrow(why)
  })

  it('comes back to the same values', () => {
    const urls = compileUrls([path('x/<word>/<path:rest>', view, 'x')])
    const params = { word: 'a/b%2F \u{1F375}', rest: 'c/d e/%41' }
    expect(urls.resolve(urls.reverse('x', params))?.params).toEqual(params)
  })
})
