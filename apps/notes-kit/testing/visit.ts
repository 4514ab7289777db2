/** Visits a notes site without a browser: what the walk does not see, for sites whose forms carry a token. */
import assert from 'node:assert/strict'
import { WebClient } from './web-client.ts'

export interface VisitOptions {
  /** The name of the field that protects forms against other sites. */
  readonly tokenField: string
}

/**
 * @param baseUrl such as `http://127.0.0.1:3000/`
 * @throws AssertionError that names what was expected
 */
export async function visit(baseUrl: string, { tokenField }: VisitOptions): Promise<void> {
  const site = new Site(baseUrl, tokenField)
  await lookingLeavesNoCookie(site)
  await filesAreServed(site)
  await notesAreKept(site)
  await headChangesNothing(site)
  await mistakesAreExplained(site)
  await formsNeedTheirToken(site)
  await strangersSeeNothing(site)
  await anyAddressIsAnswered(site)
}

class Site {
  readonly #baseUrl: string
  readonly #tokenField: string

  constructor(baseUrl: string, tokenField: string) {
    this.#baseUrl = baseUrl
    this.#tokenField = tokenField
  }

  visitor(): WebClient {
    return new WebClient(this.#baseUrl)
  }

  /** The field that a form of this visitor needs. */
  async token(visitor: WebClient): Promise<Readonly<Record<string, string>>> {
    const { page } = await visitor.get('/notes/new/')
    const found = new RegExp(`name="${this.#tokenField}" value="([^"]+)"`).exec(page)
    assert.ok(found, `expected a field ${this.#tokenField}`)
    return { [this.#tokenField]: found[1] as string }
  }

  /** Writes a note and gives the path of its page. */
  async write(visitor: WebClient, fields: Readonly<Record<string, string>>): Promise<string> {
    const saved = await visitor.post('/notes/new/', { colour: 'plain', ...fields, ...(await this.token(visitor)) })
    assert.ok([302, 303].includes(saved.status), `expected a redirect to the note, got ${saved.status}`)
    return saved.headers.get('location') ?? ''
  }
}

async function lookingLeavesNoCookie(site: Site): Promise<void> {
  const { status, headers } = await site.visitor().get('/')
  assert.equal(status, 200)
  assert.deepEqual(headers.getSetCookie(), [])
  assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none';.*frame-ancestors 'none'$/)
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
}

async function filesAreServed(site: Site): Promise<void> {
  const styles = await site.visitor().get('/static/notes.css')
  assert.equal(styles.status, 200)
  assert.match(styles.headers.get('content-type') ?? '', /^text\/css/)
  assert.match(styles.page, /:root/)
  const outside = await site.visitor().get('/static/..%2fpackage.json')
  assert.ok([400, 403, 404].includes(outside.status), `expected no file outside of the folder, got ${outside.status}`)
  const icon = await site.visitor().get('/favicon.ico')
  assert.deepEqual([icon.status, icon.headers.get('location')], [301, '/static/icon.svg'])
}

async function notesAreKept(site: Site): Promise<void> {
  const visitor = site.visitor()
  const path = await site.write(visitor, { title: ' 100% <tea> ', body: 'eins\r\nGRÜN' })
  const cookies = (await visitor.post(`${path}edit/`, await site.token(visitor))).headers.getSetCookie()
  for (const cookie of cookies) assert.match(cookie, /SameSite=Lax/)
  assert.match((await visitor.get(path)).page, /<h1>100% &lt;tea&gt;<\/h1>/)
  assert.match((await visitor.get('/?q=100%25+gr%C3%BCn')).page, /1 note with “100% grün”/)
  assert.match((await visitor.get('/?q=1_0')).page, /0 notes with/)
}

async function headChangesNothing(site: Site): Promise<void> {
  const visitor = site.visitor()
  const path = await site.write(visitor, { title: 'still here' })
  for (const page of ['/notes/new/', `${path}edit/`, `${path}delete/`]) {
    assert.equal((await visitor.request(page, { method: 'HEAD' })).status, 200, `HEAD ${page}`)
  }
  assert.match((await visitor.get(path)).page, /<h1>still here</)
}

async function mistakesAreExplained(site: Site): Promise<void> {
  const visitor = site.visitor()
  const fields = { title: 'x'.repeat(121), body: 'kept', colour: 'pink', ...(await site.token(visitor)) }
  const { status, page } = await visitor.post('/notes/new/', fields)
  assert.equal(status, 422)
  assert.match(page, /role="alert"/)
  assert.match(page, /120 characters/)
  assert.ok(page.includes(`value="${'x'.repeat(121)}"`), 'a title that is too long is kept')
  assert.match(page, />\s*kept</)
}

async function formsNeedTheirToken(site: Site): Promise<void> {
  const visitor = site.visitor()
  await site.token(visitor)
  const forged = { title: 'forged', colour: 'plain' }
  const stolen = await site.token(site.visitor())
  for (const fields of [forged, { ...forged, ...stolen }]) {
    const { status, page } = await visitor.post('/notes/new/', fields)
    assert.equal(status, 403)
    assert.match(page, /This form could not be checked/)
  }
}

async function strangersSeeNothing(site: Site): Promise<void> {
  const owner = site.visitor()
  const path = await site.write(owner, { title: 'private' })
  const stranger = site.visitor()
  const token = await site.token(stranger)
  for (const page of [path, `${path}edit/`, `${path}delete/`])
    assert.equal((await stranger.get(page)).status, 404, page)
  for (const form of ['edit/', 'delete/']) {
    const { status } = await stranger.post(`${path}${form}`, { title: 'taken', colour: 'plain', ...token })
    assert.equal(status, 404, form)
  }
  assert.match((await owner.get(path)).page, /private/)
}

async function anyAddressIsAnswered(site: Site): Promise<void> {
  const visitor = site.visitor()
  await site.write(visitor, { title: 'alone' })
  const queries = ['q=%00', 'q=%25', 'q=%5C', `q=${'x'.repeat(2000)}`, 'q=%ED%A0%80']
  for (const query of [...queries, 'page=0', 'page=-1', 'page=1e99', `page=${'9'.repeat(30)}`, 'page=x', 'page=2']) {
    assert.equal((await visitor.get(`/?${query}`)).status, 200, query)
  }
  for (const path of ['/notes/9007199254740991/', `/notes/${'9'.repeat(30)}/`, '/nowhere/']) {
    const { status, page } = await visitor.get(path)
    assert.equal(status, 404, path)
    assert.match(page, /There is no such page/)
  }
}
