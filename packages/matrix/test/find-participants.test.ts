import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { findParticipants, InputError } from '../src/index.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function project(files: Readonly<Record<string, object | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-matrix-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

const FRAMEWORKS = { frameworks: [{ name: 'Theirs', application: './exercises.js' }] }
const SERVERS = { servers: [{ module: './server.js', patience: 2, options: { threads: 3 } }] }

test('without a word, those that are installed and known, with their versions', async () => {
  const folder = project({
    'package.json': { dependencies: { hono: '*', koa: '*', lodash: '*' }, devDependencies: { fastify: '*' } },
    'node_modules/hono/package.json': { name: 'hono', version: '1.2.3' },
    'node_modules/fastify/package.json': { name: 'fastify', version: '4.5.6' },
    'node_modules/lodash/package.json': { name: 'lodash' },
    'node_modules/express/package.json': { name: 'express', version: '7.8.9' },
  })
  const { frameworks, servers, project: at } = await findParticipants(folder)
  // Koa is not installed, Express is nothing that the project depends on.
  expect(frameworks.map(({ name, version }) => [name, version])).toEqual([
    ['raw TSGI', undefined],
    ['WSGI style', undefined],
    ['Hono', '1.2.3'],
    ['Fastify', '4.5.6'],
  ])
  expect(servers.map(({ module }) => module)).toEqual([new URL('../src/node-http.ts', import.meta.url).href])
  expect(at).toBe(pathToFileURL(`${folder}/`).href)
})

test('and what a package offers that is a link, as pnpm makes them, from where the link leads', async () => {
  const store = 'node_modules/.store/theirs/node_modules'
  const folder = project({
    'package.json': { dependencies: { theirs: '*' } },
    [`${store}/theirs/package.json`]: { name: 'theirs', tsgi: { servers: ['their-server'] } },
    [`${store}/their-server/package.json`]: { name: 'their-server', exports: './server.js' },
    [`${store}/their-server/server.js`]: '',
  })
  symlinkSync(join(folder, store, 'theirs'), join(folder, 'node_modules/theirs'))
  const { servers } = await findParticipants(folder)
  expect(servers.at(-1)?.module).toBe(pathToFileURL(join(folder, store, 'their-server/server.js')).href)
})

test('and whatever a dependency, the project or the command offers, once', async () => {
  const folder = project({
    'package.json': { dependencies: { theirs: '*', again: '*' }, tsgi: { servers: ['./mine.js'] } },
    'mine.js': '',
    'node_modules/theirs/package.json': { name: 'theirs', tsgi: { ...FRAMEWORKS, ...SERVERS } },
    'node_modules/theirs/exercises.js': '',
    'node_modules/theirs/server.js': '',
    'node_modules/again/package.json': { name: 'again', tsgi: { servers: ['../theirs/server.js'] } },
  })
  const command = project({ 'package.json': { tsgi: { servers: ['./own.js'] } }, 'own.js': '' })
  const { frameworks, servers } = await findParticipants(join(folder, '.'), { command })
  const url = (root: string, file: string): string => pathToFileURL(join(root, file)).href
  expect(frameworks.at(-1)).toMatchObject({
    name: 'Theirs',
    application: url(folder, 'node_modules/theirs/exercises.js'),
  })
  expect(servers.slice(1).map(({ module }) => module)).toEqual([
    url(command, 'own.js'),
    url(folder, 'node_modules/theirs/server.js'),
    url(folder, 'mine.js'),
  ])
})

test('and packages whose keywords say that they are servers or frameworks', async () => {
  const folder = project({
    'package.json': { dependencies: { served: '*', framed: '*', other: '*' } },
    'node_modules/served/package.json': { name: 'served', keywords: ['tsgi', 'tsgi-server'], exports: './server.js' },
    'node_modules/served/server.js': '',
    'node_modules/framed/package.json': {
      name: 'framed',
      keywords: ['tsgi-framework'],
      exports: { './exercises': './exercises.js' },
    },
    'node_modules/framed/exercises.js': '',
    'node_modules/other/package.json': { name: 'other', keywords: ['tsgi'] },
  })
  const { frameworks, servers } = await findParticipants(folder)
  const url = (file: string): string => pathToFileURL(join(folder, 'node_modules', file)).href
  expect(servers.slice(1).map(({ module }) => module)).toEqual([url('served/server.js')])
  expect(frameworks.slice(2)).toMatchObject([{ name: 'framed', application: url('framed/exercises.js') }])
})

test('a config file names them exactly, and what it leaves out is found', async () => {
  const folder = project({
    'package.json': { type: 'module', tsgi: { servers: ['./mine.js'] } },
    'mine.js': '',
    'matrix.config.js': `export default { frameworks: ['raw', { name: 'Mine', application: './exercises.ts', cannot: { head: 'no HEAD' } }] }`,
    'exercises.ts': '',
  })
  const { frameworks, servers } = await findParticipants(folder)
  expect(frameworks.map(({ name, cannot }) => [name, cannot])).toEqual([
    ['raw TSGI', undefined],
    ['Mine', { head: 'no HEAD' }],
  ])
  expect(servers).toHaveLength(2)
})

test.each([
  [{ tsgi: [] }, /package\.json, tsgi: expected \{ servers, frameworks \}, got \[\]/],
  [{ tsgi: { servers: [{}] } }, /tsgi, servers\[0\]: expected a module, or/],
  [{ tsgi: { servers: [{ module: './a.js', patience: 0 }] } }, /patience: expected a number above 0, got 0/],
  [{ tsgi: { servers: ['./a.js'] } }, /There is no file/],
  [
    { tsgi: { frameworks: ['rails'] } },
    /"rails" is no framework that comes along \(raw, .*give \{ name, application \}/,
  ],
  [{ tsgi: { frameworks: [{ name: 'x' }] } }, /frameworks\[0\]: expected a name that comes along, or/],
  [
    { tsgi: { frameworks: [{ name: 'x', application: './a.js', cannot: { head: '' } }] } },
    /cannot: expected ids, each with the reason/,
  ],
])('%j says what was expected', async (packageFile, message) => {
  const finding = findParticipants(project({ 'package.json': packageFile }))
  await expect(finding).rejects.toThrow(InputError)
  await expect(finding).rejects.toThrow(message)
})
