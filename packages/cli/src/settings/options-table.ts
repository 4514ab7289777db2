import { flagName, OPTION_ROWS, variableName, type OptionSpec } from './options.ts'

/** All options as a Markdown table, by group: for the README, which a test keeps equal to this. */
export function optionsTable(): string {
  const groups = Map.groupBy(OPTION_ROWS, ([, { group }]) => group)
  return [...groups]
    .map(([group, rows]) => {
      const lines = rows.map(([name, spec]) => `| ${cells(name, spec).join(' | ')} |`)
      return `**${group}**\n\n| flag | variable | default | meaning |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`
    })
    .join('\n')
}

function cells(name: string, spec: OptionSpec): string[] {
  const value = spec.value === undefined ? '' : ` <${spec.value}>`
  const flag = `${spec.short === undefined ? '' : `\`-${spec.short}\` `}\`--${flagName(name)}${value.replaceAll('|', '\\|')}\``
  const help = `${escape(spec.help)}${spec.only === undefined ? '' : ` (${spec.only} only)`}`
  return [flag, spec.flagOnly === true ? '' : `\`${variableName(name)}\``, defaults(spec), help]
}

function defaults(spec: OptionSpec): string {
  const written = (value: string | boolean | undefined) =>
    value === undefined || value === false ? 'off' : value === true ? 'on' : `\`${value}\``
  const { devDefault, serverDefault } = spec
  const presets = [spec.default === undefined ? '' : written(spec.default)]
  if (devDefault !== undefined) presets.push(`${written(devDefault)} in dev`)
  if (serverDefault !== undefined) presets.push(`\`${serverDefault.value}\` on ${serverDefault.server}`)
  return presets.join('; ')
}

const escape = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('*', '\\*')
