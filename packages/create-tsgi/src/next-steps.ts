/** What to run in a project that was written. */
import { relative } from 'node:path'
import { styleText } from 'node:util'

export type Steps = (run: string, manager: string) => readonly (readonly [command: string, what: string])[]

export const SERVING: Steps = (run, manager) => [
  [`${run} dev`, 'http://127.0.0.1:3000/, and again after each change'],
  [`${manager} test`, ''],
  [`${run} check`, 'types, and the application against the specification'],
  [`${manager} start`, 'as in production'],
]

export const WRITING: Steps = (run, manager) => [
  [`${manager} test`, 'what is still to be written, in the order to write it'],
  [`${run} check`, 'types'],
  [`${run} build`, ''],
]

export function nextSteps(folder: string, manager: string, installed: boolean, steps: Steps): string {
  const place = relative(process.cwd(), folder)
  const run = manager === 'npm' ? 'npm run' : manager
  const commands = [
    ...(place === '' ? [] : [[`cd ${place}`, '']]),
    ...(installed ? [] : [[`${manager} install`, '']]),
    ...steps(run, manager),
  ]
  const lines = commands.map(([command = '', what = '']) =>
    what === '' ? `  ${command}` : `  ${command.padEnd(16)} ${styleText('dim', what)}`,
  )
  return `\nWritten: ${place === '' ? folder : place}\n\n${lines.join('\n')}\n\n`
}
