import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../src/packages.ts'

export const DOCKERFILE: string = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8')

export const IGNORED: readonly string[] = readFileSync(join(ROOT, 'deploy/Dockerfile.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
