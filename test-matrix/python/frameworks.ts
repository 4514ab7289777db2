/** The rows of frameworks in Python, as far as they are installed. */
import { fileURLToPath } from 'node:url'
import type { FrameworkEntry } from '@tsgi/matrix'
import { pythonWith } from './exercises.ts'

export interface PythonRow {
  readonly name: string
  readonly module: string
  /** As Python's package index calls it; `''`: it comes with Python. */
  readonly packageName: string
  /** What brings it. */
  readonly debian: string
  readonly file: string
}

export const PYTHON_ROWS: readonly PythonRow[] = [
  { name: 'WSGI (Python)', module: 'wsgiref', packageName: '', debian: 'python3', file: 'wsgi.ts' },
  { name: 'Flask', module: 'flask', packageName: 'Flask', debian: 'python3-flask', file: 'flask.ts' },
  { name: 'Django', module: 'django', packageName: 'Django', debian: 'python3-django', file: 'django.ts' },
  { name: 'Pyramid', module: 'pyramid', packageName: 'pyramid', debian: 'python3-pyramid', file: 'pyramid.ts' },
]

/** Those that can run here, each as an entry of the matrix. */
export function pythonFrameworks(rows: readonly PythonRow[] = PYTHON_ROWS): FrameworkEntry[] {
  return rows.flatMap(({ name, module, packageName, file }) => {
    const found = pythonWith(module, packageName)
    const application = fileURLToPath(new URL(file, import.meta.url))
    return found === undefined ? [] : [{ name, application, version: found.version }]
  })
}

/** Those that cannot, and what would bring them. */
export const missingPythonFrameworks = (): readonly PythonRow[] =>
  PYTHON_ROWS.filter(({ module, packageName }) => pythonWith(module, packageName) === undefined)
