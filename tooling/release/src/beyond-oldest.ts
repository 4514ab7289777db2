/**
 * Tests that take more of Node than the packages do: they run on the Node of this repository only.
 */
export interface Beyond {
  /** From the package's folder. */
  readonly files?: Readonly<Record<string, string>>
  /** Titles, each with the reason. */
  readonly tests?: Readonly<Record<string, string>>
}

const COMPARED =
  'compares with node:http of the Node that runs it, whose behaviour of Node 26 is the one that is promised'
const NODE_HTTP = 'asks node:http, which learned it after Node 22'
const NO_RESET = 'a client of Node 22 sees a reset that arrives with data as an orderly end'
const TEXT_STREAM = 'Response and Blob of Node 22 have no textStream'

/** By the folder of the package. */
export const BEYOND_OLDEST: Readonly<Record<string, Beyond>> = {
  'packages/connection': {
    tests: {
      'an HTTP/1.0 response that breaks off ends in a reset, not in an orderly end': NO_RESET,
      'that is cut off with bytes still queued ends in a reset': NO_RESET,
    },
    files: {
      'test/http2/attacks.test.ts':
        'node:http2 of Node 22 knows fewer limits and leaves some connections of attackers open, which docs/guides/https.md says',
    },
  },
  'packages/adapter-fetch': {
    tests: {
      'is read as JSON, bytes, buffer, Blob and through its stream': TEXT_STREAM,
      'reads its body as Blob, form and text stream': TEXT_STREAM,
    },
    files: { 'test/conformance.test.ts': NODE_HTTP },
  },
  'packages/adapter-node': {
    tests: { 'U.3: early hints': 'writeEarlyHints of Node 22 joins links in one field' },
    files: {
      'test/conformance.test.ts': NODE_HTTP,
      'test/early-answers.test.ts': COMPARED,
      'test/heads.test.ts': COMPARED,
      'test/message-behaviour.test.ts': COMPARED,
      'test/node-servers.test.ts': COMPARED,
    },
  },
  'packages/server-cluster': {
    tests: {
      'row 2: a handler that loops forever is killed after the worker timeout, and others are served meanwhile':
        'Node 22 has no util.setTraceSigInt, so the log does not say where the loop is',
    },
  },
  'packages/server-process': {
    tests: { 'may do only what Node’s permission flags allow': 'Node 22 has no --allow-net, and needs none' },
  },
}

/** For `--testNamePattern`: all but those. */
export const namePattern = ({ tests = {} }: Beyond): string =>
  `^(?!.*(?:${Object.keys(tests)
    .map((title) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('|')}))`
