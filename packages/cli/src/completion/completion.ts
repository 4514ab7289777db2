/** What a shell offers after Tab: made from the commands and the table of options, so that it cannot differ from them. */
import type { Command } from 'commander'
import { flagName, OPTION_ROWS } from '../settings/options.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

interface Flag {
  readonly name: string
  readonly meaning: string
  /** Whether a value follows. */
  readonly takesValue: boolean
  /** The values that it may have; none where any text will do. */
  readonly values: readonly string[]
}

interface Completed {
  readonly name: string
  readonly summary: string
  readonly flags: readonly Flag[]
}

/** The script for a shell, to be evaluated by it. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.map((command): Completed => ({
    name: command.name(),
    summary: command.description(),
    flags: command.options.flatMap(({ long, description, required, optional, hidden }) =>
      long === undefined || long === null || hidden
        ? []
        : [{ name: long, meaning: description, takesValue: required || optional, values: valuesOf(long) }],
    ),
  }))
  switch (shell) {
    case 'bash':
      return bash(commands)
    case 'zsh':
      return zsh(commands)
    case 'fish':
      return fish(commands)
  }
}

const SERVERS = ['event-loop', 'cluster', 'process']

function valuesOf(long: string): readonly string[] {
  if (long === '--server') return SERVERS
  return OPTION_ROWS.find(([name]) => `--${flagName(name)}` === long)?.[1].choices ?? []
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
const names = (of: readonly { readonly name: string }[]): string => of.map(({ name }) => name).join(' ')

function bash(commands: readonly Completed[]): string {
  const values = new Map(commands.flatMap(({ flags }) => flags.map(({ name, values: all }) => [name, all] as const)))
  const offered = [...values].filter(([, all]) => all.length > 0)
  return `# tsgi: completion for bash; in ~/.bashrc:  source <(tsgi completion bash)
_tsgi() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words=
  if [ "$COMP_CWORD" = 1 ]; then
    words=${quoted(names(commands))}
  else
    case $before in
${offered.map(([name, all]) => `      ${name}) words=${quoted(all.join(' '))} ;;`).join('\n')}
      *)
        if [[ $word = -* ]]; then
          case \${COMP_WORDS[1]} in
${commands.map(({ name, flags }) => `            ${name}) words=${quoted(names(flags))} ;;`).join('\n')}
          esac
        fi ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _tsgi tsgi
`
}

function zsh(commands: readonly Completed[]): string {
  // In a specification of _arguments, brackets and colons have a meaning.
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, (char) => `\\${char}`)
  const specification = ({ name, meaning, takesValue, values }: Flag): string => {
    const value = takesValue ? `:value:${values.length > 0 ? `(${values.join(' ')})` : '_files'}` : ''
    return quoted(`*${name}[${plain(meaning)}]${value}`)
  }
  return `#compdef tsgi
# tsgi: completion for zsh; as a file named _tsgi in a folder of $fpath
_tsgi() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map(({ name, summary }) => quoted(`${name}:${plain(summary)}`)).join(' ')})
    _describe command commands
    return
  fi
  case $words[2] in
${commands
  .map(({ name, flags }) => `    ${name}) _arguments ${[...flags.map(specification), `'*:file:_files'`].join(' ')} ;;`)
  .join('\n')}
  esac
}
if [ "$funcstack[1]" = _tsgi ]; then _tsgi "$@"; else compdef _tsgi tsgi; fi
`
}

function fish(commands: readonly Completed[]): string {
  const first = commands.map(({ name, summary }) => `-n __fish_use_subcommand -f -a ${name} -d ${fished(summary)}`)
  const flags = commands.flatMap((command) =>
    command.flags.map(({ name, meaning, takesValue, values }) => {
      const value = values.length > 0 ? ` -x -a ${fished(values.join(' '))}` : takesValue ? ' -r' : ''
      return `-n '__fish_seen_subcommand_from ${command.name}' -l ${name.slice(2)}${value} -d ${fished(meaning)}`
    }),
  )
  return `# tsgi: completion for fish; as ~/.config/fish/completions/tsgi.fish
${[...first, ...flags].map((line) => `complete -c tsgi ${line}`).join('\n')}
`
}

/** In fish, a backslash has its meaning within single quotes too. */
const fished = (text: string): string => `'${text.replace(/['\\]/g, (char) => `\\${char}`)}'`
