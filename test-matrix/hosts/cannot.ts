/**
 * What hosts do before an adapter is asked, or after it has answered. A plain handler on the same host shows each of them; the nightly
 * tests see to it that none is excused for longer than it has to be.
 */
import type { Cannot, ServerEntry } from '@tsgi/matrix'

type Excuses = Pick<ServerEntry, 'cannot' | 'cannotWith' | 'cannotAsServer'>

/** Several for one reason. */
const because = (reason: string, ...ids: readonly string[]): Cannot => Object.fromEntries(ids.map((id) => [id, reason]))

const PARSER = 'the parser of node:http decides it'
const HALF_CLOSE = 'the host closes the connection of a client that ends its side'
const OWN_CONTINUE = 'the host sends 100 itself, and before the handler reads'
const LATE_HEAD = 'the host keeps the head of a stream until its first chunk'
const FIRST_HOST = 'the host takes the first of two'
const SHORT_STREAM = 'the host collects a short stream, and sends it with a length'

/** What the parser of Node does with a request, for every host that stands on it. */
const NODE_PARSER: Cannot = because(
  PARSER,
  'environ-method',
  'version-minor',
  'double-space',
  'double-space-version',
  'method-overlong',
  'target-too-long',
  'field-too-large',
  'coding-unknown',
  'chunk-extension-bad',
  'chunk-extension-long',
  'trailers-too-large',
  'good-then-bad',
)

/** What `Request`, `Response` and `Headers` have no place for, on every host. */
const FETCH: Cannot = {
  ...because('the URL class writes a target in its own way', 'environ-query', 'path-dots', 'path-absolute-form'),
  ...because('Headers join and sort fields', 'environ-fields-order', 'fields-kept'),
  ...because('a Request names no version', 'environ-protocol-1.0', 'version-minor'),
  ...because(
    'a Response carries no trailers, no interim response and no upgrade',
    'trailers',
    'trailers-set-cookie',
    'trailers-authorization',
    'trailers-content-type',
    'trailers-transfer-encoding',
    'trailers-host',
    'early-hints',
    'upgrade',
    'upgrade-late',
    'upgrade-other',
    'upgrade-left',
    'upgrade-failed',
    'upgrade-and-body',
  ),
  ...because('a Request carries no trailers', 'input-trailers'),
  ...because(
    'limits, time limits and proxies are the settings of the host',
    'environ-trusted',
    'input-error-status',
    'input-too-large',
    'slow-body',
    'slow-head',
    'idle',
  ),
  ...because(OWN_CONTINUE, 'continue-on-read', 'continue-never', 'continue-early'),
  ...because(HALF_CLOSE, 'half-close', 'half-close-signal', 'half-close-body', 'half-close-stops'),
  ...because(
    'the host does not check it, and a Request does not show it',
    'target-fragment',
    'target-backslash',
    'underscore-length',
    'underscore-coding',
    'expectation-unknown',
    'length-zeros',
    'options-star',
    'connect',
  ),
}

const FETCH_ON_NODE: Cannot = {
  ...FETCH,
  ...NODE_PARSER,
  ...because(PARSER, 'version-2', 'coding-in-1.0'),
  ...because('what the host passes beside a Request is no plain data', 'environ-data'),
  ...because('the host takes any Host for one', 'host-userinfo', 'host-path', 'host-empty'),
  ...because(FIRST_HOST, 'host-twice', 'host-twice-equal'),
}

const NO_CONTINUE = because(OWN_CONTINUE, 'continue-refused')

export const NODE_CANNOT: Excuses = {
  cannotAsServer: {
    ...NODE_PARSER,
    ...because('proxies are trusted by what stands in front, such as Express', 'environ-trusted'),
  },
}

export const FASTIFY_CANNOT: Excuses = {
  cannotAsServer: {
    ...because(
      PARSER,
      'environ-method',
      'version-minor',
      'double-space',
      'double-space-version',
      'method-overlong',
      'target-too-long',
      'coding-unknown',
      'chunk-extension-bad',
    ),
    ...because('proxies are trusted by what stands in front, such as Express', 'environ-trusted'),
    ...because('the host answers 400 to what follows a request that asks to close', 'close-wanted'),
  },
}

export const SRVX_CANNOT: Excuses = {
  cannot: NO_CONTINUE,
  cannotAsServer: {
    ...FETCH_ON_NODE,
    ...because('the host takes any Host for one', 'host-list', 'host-port-word', 'host-space', 'target-star-get'),
    ...because(LATE_HEAD, 'flush-head'),
    ...because('the host waits for a body that the handler has begun to read', 'input-begun'),
  },
}

export const HONO_CANNOT: Excuses = {
  cannot: NO_CONTINUE,
  cannotAsServer: {
    ...FETCH_ON_NODE,
    ...because('the host takes any Host for one', 'host-list', 'host-port-word', 'host-space', 'target-star-get'),
    ...because('the host refuses a request without Host, of HTTP/1.0 too', 'environ-no-host'),
    ...because('the host adds a content-type', 'fields-added'),
    ...because(SHORT_STREAM, 'body-iterable', 'body-set', 'chunked-1.0'),
  },
}

export const WHATWG_CANNOT: Excuses = {
  cannot: NO_CONTINUE,
  cannotAsServer: {
    ...FETCH_ON_NODE,
    ...because('the host puts an absolute target behind its own origin', 'absolute-form'),
    ...because(LATE_HEAD, 'flush-head'),
    ...because('the host waits for a body that the handler has begun to read', 'input-begun'),
  },
}

const LENGTH_OF_HEAD = 'the host adds a length of 0 to an answer to HEAD'
const BUN_PIPELINE = 'the host closes the connection behind a pipeline'

export const BUN_CANNOT: Excuses = {
  cannot: { ...NO_CONTINUE, ...because(BUN_PIPELINE, 'pipelining') },
  cannotWith: {
    Hono: {
      ...because('a Response that Bun makes of a string shows no content-type', 'text'),
      ...because(LENGTH_OF_HEAD, 'head'),
    },
    Express: because(
      'adapter-node is for Node: the ServerResponse of Bun sends a head once more when a stream is piped into it',
      'stream',
      'events',
      'download',
      'http-1.0',
      'error-after-head',
      'upload-refused',
      'graceful-stop',
    ),
  },
  cannotAsServer: {
    ...FETCH,
    ...because(
      'the parser of Bun decides it',
      'environ-method',
      'method-overlong',
      'empty-line-first',
      'lf-request-line',
      'cr-in-request-line',
      'double-space-version',
      'tab-in-request-line',
      'trailing-space',
      'no-version',
      'fourth-word',
      'version-lower-case',
      'version-no-minor',
      'version-two-digits',
      'version-word',
      'target-del',
      'target-high-byte',
      'target-nul',
      'target-too-long',
      'value-del',
      'length-twice-equal',
      'coding-unknown',
      'input-chunked',
      'chunk-end-lf',
      'chunk-extension-bad',
      'chunk-extension-long',
      'trailer-no-token',
      'trailer-folding',
      'trailer-length',
      'trailer-coding',
      'trailers-too-large',
    ),
    ...because('a Request without Host has no URL', 'environ-no-host'),
    ...because(FIRST_HOST, 'host-twice', 'host-twice-equal'),
    ...because('the host adds a content-type', 'fields-added'),
    ...because(LENGTH_OF_HEAD, 'head-null'),
    ...because(SHORT_STREAM, 'body-iterable', 'body-set', 'body-async', 'flush-head', 'chunked-1.0'),
    ...because('the host takes the length off a stream', 'length-short', 'length-surplus'),
    ...because('the host says nothing of the connection', 'close-wanted', 'http-1.0-keep-alive'),
    ...because(BUN_PIPELINE, 'pipelined-order'),
    ...because(OWN_CONTINUE, 'continue-1.0'),
  },
}

export const DENO_CANNOT: Excuses = {
  cannot: NO_CONTINUE,
  cannotWith: { Hono: because(LENGTH_OF_HEAD, 'head') },
  cannotAsServer: {
    ...FETCH,
    ...because(
      'the parser of Deno decides it',
      'lf-request-line',
      'lf-field',
      'lf-head-end',
      'method-overlong',
      'version-2',
      'target-too-long',
      'field-too-large',
      'fields-too-many',
      'coding-unknown',
      'length-twice-equal',
      'chunk-size-space',
      'chunk-extension-bad',
      'trailer-length',
      'trailer-coding',
      'trailers-too-large',
    ),
    ...because(
      'the host closes without an answer to a malformed chunk',
      'chunk-size-word',
      'chunk-size-empty',
      'chunk-size-negative',
      'chunk-size-prefix',
      'chunk-size-overflow',
      'chunk-size-lf',
      'chunk-data-lf',
      'chunk-too-long',
      'chunk-end-lf',
      'chunk-extension-cr',
      'trailer-no-token',
      'trailer-folding',
    ),
    ...because(
      'the host takes any Host for one, and none as well',
      'host-missing',
      'host-userinfo',
      'host-path',
      'host-list',
      'host-space',
      'host-empty',
      'host-port-word',
    ),
    ...because(LENGTH_OF_HEAD, 'head-null'),
    ...because('the host drops the length of an answer without a body', 'not-modified-length'),
    ...because('the host sends 205 without a length, and keeps the connection', 'reset-content', 'reset-content-body'),
    ...because('the host keeps the connection though the response says that it closes', 'close-asked'),
    ...because('the host waits for a body that the handler has begun to read', 'input-begun'),
    ...because('the host calls the next handler in the context of the one before it', 'async-context'),
    ...because(OWN_CONTINUE, 'continue-1.0'),
    ...because('the host answers 400 to a request with a body that asks for another protocol', 'upgrade-with-body'),
  },
}
