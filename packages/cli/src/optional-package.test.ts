import { expect, it } from 'vitest'
import { optionalPackage } from './optional-package.ts'
import { UsageError } from './usage-error.ts'

const absent = () => import(['@tsgi', 'absent'].join('/'))
const notFound = (message: string) => Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })

it('returns what was loaded', async () => {
  expect(await optionalPackage('@tsgi/bench', 'bench', () => Promise.resolve(7))).toBe(7)
})

it('says which package a command needs, and how to install it', async () => {
  const missing = notFound("Cannot find package '@tsgi/matrix' imported from /app/node_modules/tsgi/dist/main.js")
  const failed = optionalPackage('@tsgi/matrix', 'matrix', () => Promise.reject(missing))
  await expect(failed).rejects.toThrow(UsageError)
  await expect(failed).rejects.toThrow(
    'tsgi matrix needs the package @tsgi/matrix, which is not installed.\nInstall it: npm install --save-dev @tsgi/matrix',
  )
})

it('passes on any other failure, such as a missing dependency of that package', async () => {
  const other = notFound("Cannot find package 'hono' imported from /app/node_modules/@tsgi/bench/dist/index.js")
  await expect(optionalPackage('@tsgi/bench', 'bench', () => Promise.reject(other))).rejects.toBe(other)
  await expect(optionalPackage('@tsgi/bench', 'bench', absent)).rejects.toMatchObject({
    name: expect.not.stringMatching('UsageError'),
  })
})
