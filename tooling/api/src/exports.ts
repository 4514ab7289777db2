/** The declarations that a module exports, from the `.d.ts` files that the compiler wrote. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'rolldown/utils'

/** By exported name: its declarations as one text, without comments. */
export type Exports = ReadonlyMap<string, string>

type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number; readonly end: number }

/** A module, by what others may ask it for. */
interface Declarations {
  /** Declared in this file, exported or not. */
  readonly own: Map<string, string>
  /** Names of it and the names that they have in this file. */
  readonly exported: Map<string, string>
  /** Names from elsewhere: the module and the name there; `*` for all of it. */
  readonly imported: Map<string, readonly [string, string]>
  readonly stars: string[]
}

/**
 * What the module of this `.d.ts` file exports, names that come from other files of the package included.
 *
 * @throws Error where a file exports what it does not have
 */
export function exportsOf(file: string): Exports {
  const found = new Map<string, string>()
  const { own, exported, imported, stars } = read(file)
  for (const [name, local] of exported) {
    const from = imported.get(local)
    const text = from === undefined ? own.get(local) : follow(file, from, name)
    if (text === undefined) throw new Error(`${file} exports ${name}, and does not declare it`)
    found.set(name, text)
  }
  for (const star of stars) for (const [name, text] of exportsOf(besides(file, star))) found.set(name, text)
  return found
}

/** What an imported name is: the declaration, or where it comes from where that is another package. */
function follow(file: string, [module, name]: readonly [string, string], as: string): string {
  if (!module.startsWith('.')) return `export { ${name === as ? name : `${name} as ${as}`} } from '${module}'`
  if (name === '*') return `export * as ${as} from '${module}'`
  const text = exportsOf(besides(file, module)).get(name)
  if (text === undefined) throw new Error(`${file} expects ${name} in ${module}, which does not export it`)
  return text
}

const besides = (file: string, module: string): string => join(dirname(file), module.replace(/\.[jt]s$/, '.d.ts'))

const cache = new Map<string, Declarations>()

function read(file: string): Declarations {
  let declarations = cache.get(file)
  if (declarations === undefined) cache.set(file, (declarations = declarationsOf(file, readFileSync(file, 'utf8'))))
  return declarations
}

function declarationsOf(file: string, source: string): Declarations {
  const { program, comments, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const result: Declarations = { own: new Map(), exported: new Map(), imported: new Map(), stars: [] }
  const { own, exported, imported, stars } = result
  const text = (node: Node): string => withoutComments(source, node, comments)
  const declare = (node: Node, isExported: boolean): void => {
    for (const name of namesOf(node)) {
      const before = own.get(name)
      own.set(name, before === undefined ? text(node) : `${before}\n${text(node)}`)
      if (isExported) exported.set(name, name)
    }
  }
  for (const node of program.body as unknown as readonly Node[]) {
    switch (node.type) {
      case 'ImportDeclaration':
        for (const specifier of node['specifiers'] as readonly Node[]) {
          const name = specifier.type === 'ImportNamespaceSpecifier' ? '*' : nameOf(specifier['imported'] ?? 'default')
          imported.set(nameOf(specifier['local']), [valueOf(node['source']), name])
        }
        break
      case 'ExportAllDeclaration':
        stars.push(valueOf(node['source']))
        break
      case 'ExportDefaultDeclaration':
        own.set('default', text(node))
        exported.set('default', 'default')
        break
      case 'ExportNamedDeclaration': {
        const { declaration, source: from } = node
        if (isNode(declaration)) declare(declaration, true)
        for (const specifier of node['specifiers'] as readonly Node[]) {
          const name = nameOf(specifier['exported'])
          const local = nameOf(specifier['local'])
          if (from === null) exported.set(name, local)
          else {
            imported.set(`from ${name}`, [valueOf(from), local])
            exported.set(name, `from ${name}`)
          }
        }
        break
      }
      default:
        declare(node, false)
    }
  }
  return result
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

const nameOf = (node: unknown): string =>
  typeof node === 'string' ? node : String((node as Node)['name'] ?? (node as Node)['value'])

const valueOf = (node: unknown): string => String((node as Node)['value'])

function namesOf(node: Node): readonly string[] {
  if (node.type === 'VariableDeclaration') return (node['declarations'] as readonly Node[]).map(({ id }) => nameOf(id))
  return isNode(node['id']) ? [nameOf(node['id'])] : []
}

/** As it stands in the file, without comments, private members and empty lines. */
function withoutComments(
  source: string,
  { start, end }: Node,
  comments: readonly { readonly start: number; readonly end: number }[],
): string {
  let text = ''
  let at = start
  for (const comment of comments) {
    if (comment.start < start || comment.end > end) continue
    text += source.slice(at, comment.start)
    at = comment.end
  }
  text += source.slice(at, end)
  return text
    .replace(/^export (?:default )?(?=declare|interface|type|class|function|abstract|const)/, '')
    .replace(/^declare /, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !/^\s*(?:#private;|private .*;)$/.test(line))
    .join('\n')
}
