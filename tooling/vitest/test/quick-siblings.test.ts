import { expect, it } from 'vitest'
import { withoutQuickSibling } from '../src/quick-siblings.ts'
import { ROOT, testedPackages } from '../src/workspace.ts'

it('every slow or nightly file of this workspace has a quick sibling that names the same behaviour', () => {
  expect(withoutQuickSibling(testedPackages(), ROOT)).toEqual([])
})
