import { optionsTable } from '../../../../packages/cli/src/settings/options-table.ts'
import type { Page } from '../page.ts'

/** Every option of the command, from the table that the command itself reads. */
export const options = (): Page => ({
  path: 'reference/options',
  title: 'Options',
  source: 'packages/cli/README.md',
  markdown: `# Options

Every option of \`tsgi serve\` and \`tsgi dev\`, generated from the table that the command reads. A flag wins over its variable, that
over \`PORT\` and \`HOST\`, those over \`tsgi.config.ts\`, that over the default. \`tsgi serve --print-config\` shows each value and where it
came from. [The command](README.md#settings) describes the config file, signals and exit codes.

Times have a unit (\`500ms\`, \`30s\`, \`5m\`); sizes may have one (\`4096\`, \`16KiB\`, \`10MB\`).

${optionsTable().replaceAll(/^\*\*(.+)\*\*$/gm, '## $1')}`,
})
