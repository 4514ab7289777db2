/**
 * Every option of the command, once. Flags, their help, `TSGI_…` variables, the keys of tsgi.config.ts, `--print-config` and
 * the table in the README all come from here. The key is the name in the config file; `keepAliveTimeout` is
 * `--keep-alive-timeout` and `TSGI_KEEP_ALIVE_TIMEOUT`.
 */

/** What a value is: how it is written, and what it is read as. */
export type OptionType =
  | 'text'
  | 'switch'
  | 'choice'
  | 'count'
  /** Milliseconds, written with a unit. */
  | 'duration'
  /** Bytes, written with or without a unit. */
  | 'size'
  | 'port'
  | 'listen'
  | 'mount'
  | 'address'
  /** How many worker processes. */
  | 'workers'
  /** Permissions of a file, in octal. */
  | 'mode'
  /** Of a URL. */
  | 'path'

/** Commands that speak to a server that runs. */
export type ControlName = 'reload' | 'status' | 'stop' | 'scale'

export type CommandName = 'serve' | 'dev' | 'fetch' | 'check' | ControlName

/** Those of the servers that come along which have processes of their own. */
export type ProcessServer = 'cluster' | 'process'

export interface OptionSpec {
  readonly group: string
  readonly type: OptionType
  readonly help: string
  /** Stands for the value in the help. */
  readonly value?: string
  readonly short?: string
  readonly choices?: readonly string[]
  /** `repeat`: the flag may be given again. `commas`: as well, and each value is a list. Variables are lists in either case. */
  readonly many?: 'repeat' | 'commas'
  /** As it would be written. Without one the option is off. */
  readonly default?: string | boolean
  /** Where `tsgi dev` differs. */
  readonly devDefault?: string | boolean
  /** Where one of the servers differs. */
  readonly serverDefault?: { readonly server: ProcessServer; readonly value: string }
  /** What the flag stands for where it has no value, and `true` in a variable or a file. */
  readonly bare?: string
  /** Of a number. */
  readonly least?: number
  /** The only ones of the servers that come along that it says something to. */
  readonly servers?: readonly ProcessServer[]
  /** The only one of serve and dev that has it. */
  readonly only?: 'serve' | 'dev'
  /** Commands that have it besides serve and dev; `control`: those that speak to a server that runs. */
  readonly also?: readonly CommandName[] | 'control' | 'all'
  /** It has to be known before the config file and the variables are read. */
  readonly flagOnly?: true
}

const CONTROL: readonly CommandName[] = ['reload', 'status', 'stop', 'scale'] satisfies ControlName[]

export const OPTIONS = {
  as: {
    group: 'Application',
    type: 'choice',
    choices: ['tsgi', 'fetch', 'node', 'wsgi'],
    value: 'kind',
    help: 'what the export is, where its shape does not tell: tsgi, fetch, node or wsgi',
    also: ['fetch', 'check'],
  },
  factory: {
    group: 'Application',
    type: 'switch',
    default: false,
    help: 'the export makes the application when called',
    also: ['fetch', 'check'],
  },
  fastGlobals: {
    group: 'Application',
    type: 'switch',
    default: false,
    help: 'put fast classes in the place of the global Request and Response, for fetch apps',
    also: ['fetch', 'check'],
  },
  import: {
    group: 'Application',
    type: 'text',
    many: 'repeat',
    value: 'module',
    help: 'import this module first, such as tsx (repeatable)',
    also: 'all',
  },
  envFile: {
    group: 'Application',
    type: 'text',
    many: 'repeat',
    value: 'file',
    help: 'read environment variables from this file; those already set win (repeatable)',
    also: 'all',
    flagOnly: true,
  },
  config: {
    group: 'Application',
    type: 'text',
    short: 'c',
    value: 'file',
    help: 'config file (default: tsgi.config.ts, where there is one)',
    also: 'all',
    flagOnly: true,
  },
  python: {
    group: 'Applications in other languages',
    type: 'text',
    value: 'program',
    help: 'interpreter, or the folder of its virtual environment (default: VIRTUAL_ENV, .venv or venv here, python3)',
    also: ['fetch', 'check'],
  },
  ruby: {
    group: 'Applications in other languages',
    type: 'text',
    value: 'program',
    help: 'interpreter (default: ruby)',
    also: ['fetch', 'check'],
  },
  java: {
    group: 'Applications in other languages',
    type: 'text',
    value: 'program',
    help: 'Java program, or the folder of a JRE or JDK (default: JAVA_HOME, java)',
    also: ['fetch', 'check'],
  },
  appWorkers: {
    group: 'Applications in other languages',
    type: 'workers',
    value: 'n|auto',
    help: 'processes that run the application, for each process of the server (default: auto on event-loop, else 1; in Java 1)',
  },
  appThreads: {
    group: 'Applications in other languages',
    type: 'count',
    least: 1,
    value: 'n',
    help: 'requests that one of them answers at a time (default: 1, in Java 8)',
  },
  appMaxRequests: {
    group: 'Applications in other languages',
    type: 'count',
    value: 'n',
    default: '0',
    help: 'replace one of them after so many requests; 0 never',
  },
  handlerTimeout: {
    group: 'Applications in other languages',
    type: 'duration',
    value: 'time',
    default: '30s',
    devDefault: '0s',
    help: 'without a sign of a request; then its stack is logged and the process replaced; 0 waits for ever',
  },
  compress: {
    group: 'Application',
    type: 'switch',
    default: false,
    help: 'compress responses by gzip, br or zstd, as the client accepts it',
  },
  rootPath: {
    group: 'Application',
    type: 'path',
    value: 'path',
    help: 'the path below which the site is: requests come with it, or from a proxy that takes it off; links have it',
    also: ['fetch'],
  },
  chdir: {
    group: 'Application',
    type: 'text',
    value: 'dir',
    help: 'go to this folder first: all other paths start there',
    also: 'all',
    flagOnly: true,
  },
  static: {
    group: 'Static files',
    type: 'mount',
    many: 'repeat',
    value: 'dir',
    help: 'serve the files of a folder, the application what is not there; /prefix=dir owns the prefix (repeatable)',
    also: ['fetch'],
  },
  spa: {
    group: 'Static files',
    type: 'switch',
    default: false,
    help: 'answer page requests for paths without a file with index.html',
    also: ['fetch'],
  },
  port: {
    group: 'Address',
    type: 'port',
    short: 'p',
    value: 'port',
    default: '3000',
    help: 'port; 0 takes a free one',
    also: 'control',
  },
  host: {
    group: 'Address',
    type: 'text',
    value: 'host',
    default: '127.0.0.1',
    help: 'address to listen on; 0.0.0.0 where the environment sets PORT, but not in dev',
  },
  bind: {
    group: 'Address',
    type: 'listen',
    many: 'repeat',
    short: 'b',
    value: 'address',
    help: 'host:port, unix:/path, unix:@name (a name without a file, Linux only) or fd:3, instead of --host and --port; with https:// in front for TLS, with uwsgi:// or fastcgi:// (uwsgi+unix:/path) for nginx (repeatable)',
    also: 'control',
  },
  tlsCert: {
    group: 'TLS',
    type: 'text',
    many: 'repeat',
    value: 'file',
    help: 'certificate in PEM with its issuers behind it, for listeners with https:// in front; without --bind, this server then speaks https. New files are noticed (repeatable: clients choose by name, the first is for all others)',
  },
  tlsKey: {
    group: 'TLS',
    type: 'text',
    many: 'repeat',
    value: 'file',
    help: 'its private key in PEM, without a passphrase (repeatable, in the order of --tls-cert)',
  },
  tlsCa: {
    group: 'TLS',
    type: 'text',
    many: 'repeat',
    value: 'file',
    help: 'certificate of an issuer of the certificates of clients (repeatable)',
  },
  tlsClientAuth: {
    group: 'TLS',
    type: 'choice',
    choices: ['request', 'require'],
    value: 'what',
    help: 'ask clients for a certificate, and with require turn away those without a valid one',
  },
  tlsMinVersion: {
    group: 'TLS',
    type: 'choice',
    choices: ['1.2', '1.3'],
    value: 'version',
    default: '1.2',
    help: 'oldest version of TLS',
  },
  https: {
    group: 'Development',
    type: 'switch',
    default: false,
    only: 'dev',
    help: 'serve https, with a certificate for localhost that is made once',
  },
  backlog: {
    group: 'Address',
    type: 'count',
    value: 'n',
    default: '2048',
    help: "length of the kernel's queue of new connections",
  },
  socketMode: {
    group: 'Address',
    type: 'mode',
    value: 'mode',
    help: 'permissions of unix sockets, such as 660; to connect is to write. Without it, what the umask leaves of 777',
  },
  proxyProtocol: {
    group: 'Address',
    type: 'switch',
    default: false,
    help: 'every connection begins with a header of the PROXY protocol, version 1 or 2, from one of --forwarded-allow-ips; for one address alone, end it with ?proxy-protocol',
  },
  maxConnections: {
    group: 'Address',
    type: 'count',
    value: 'n',
    default: '10000',
    help: 'connections at once',
  },
  overload: {
    group: 'Address',
    type: 'choice',
    choices: ['queue', '503'],
    value: 'what',
    default: 'queue',
    help: "connections over the limit wait in the kernel's queue, or are answered 503",
  },
  allowedHosts: {
    group: 'Address',
    type: 'text',
    many: 'commas',
    value: 'list',
    help: 'answer 403 to requests for other hosts than these, localhost and IP addresses; .example.com is a domain with all below it, * every host. Dev always checks',
  },
  liveReload: {
    group: 'Development',
    type: 'switch',
    default: true,
    only: 'dev',
    help: 'reload pages in the browser when the server was started again',
  },
  open: {
    group: 'Development',
    type: 'switch',
    default: false,
    only: 'dev',
    help: 'open the site in the browser once it is served',
  },
  server: {
    group: 'Process',
    type: 'text',
    value: 'name',
    default: 'event-loop',
    help: 'event-loop, cluster, process, or a module that exports a server',
  },
  watch: {
    group: 'Process',
    type: 'switch',
    default: false,
    devDefault: true,
    help: 'start again when a module that was loaded changes',
  },
  watchPath: {
    group: 'Process',
    type: 'text',
    many: 'repeat',
    value: 'path',
    help: 'start again when this file, or a file in this folder, changes as well (repeatable)',
  },
  validate: {
    group: 'Process',
    type: 'switch',
    default: false,
    devDefault: true,
    help: 'check server and application against the specification while they run; findings go to the log',
    also: ['fetch'],
  },
  bootTimeout: {
    group: 'Process',
    type: 'duration',
    value: 'time',
    default: '30s',
    help: 'for loading the application and its startup; 0 waits for ever',
    also: ['fetch', 'check'],
  },
  gracefulTimeout: {
    group: 'Process',
    type: 'duration',
    value: 'time',
    default: '25s',
    help: 'for responses in flight when stopping; then they are cut off',
  },
  shutdownDelay: {
    group: 'Process',
    type: 'duration',
    value: 'time',
    default: '0s',
    help: 'go on serving this long after TERM, until load balancers have noticed',
  },
  pidFile: {
    group: 'Process',
    type: 'text',
    value: 'file',
    help: 'the process id is here while it serves, and beside it what tsgi reload, status, stop and scale need',
    also: 'control',
  },
  inspect: {
    group: 'Process',
    type: 'text',
    value: 'host:port',
    help: "open Node's inspector, such as at 127.0.0.1:9229; each worker takes a free port, and says which",
  },
  workers: {
    group: 'Cluster',
    type: 'workers',
    short: 'w',
    value: 'n|auto',
    default: 'auto',
    servers: ['cluster'],
    help: 'worker processes; auto is one for each processor that may be used',
  },
  maxRequests: {
    group: 'Cluster',
    type: 'count',
    value: 'n',
    default: '0',
    servers: ['cluster'],
    help: 'replace a worker after so many requests; 0 never',
  },
  maxRequestsJitter: {
    group: 'Cluster',
    type: 'count',
    value: 'n',
    default: '0',
    servers: ['cluster'],
    help: 'up to so many requests more, drawn for each worker, so that not all are replaced at once',
  },
  maxRss: {
    group: 'Cluster',
    type: 'size',
    value: 'size',
    default: '0',
    servers: ['cluster'],
    help: 'replace a worker that holds more memory; 0 never',
  },
  spare: {
    group: 'Process per connection',
    type: 'count',
    least: 1,
    value: 'n',
    servers: ['process'],
    help: 'processes that wait, the application loaded (default: two for each processor, at least 4)',
  },
  maxProcesses: {
    group: 'Process per connection',
    type: 'count',
    least: 1,
    value: 'n',
    servers: ['process'],
    help: "processes in all; then connections wait in the kernel's queue (default: 64, or --spare)",
  },
  workerTimeout: {
    group: 'Processes of both',
    type: 'duration',
    value: 'time',
    default: '30s',
    devDefault: '0s',
    servers: ['cluster', 'process'],
    help: 'kill a process whose event loop stands still for so long; 0 never, and never with --inspect',
  },
  maxOldSpace: {
    group: 'Processes of both',
    type: 'size',
    least: 1_048_576,
    value: 'size',
    servers: ['cluster', 'process'],
    help: "size of a process's heap at which Node ends it",
  },
  user: {
    group: 'Processes of both',
    type: 'text',
    value: 'user',
    servers: ['cluster', 'process'],
    help: 'run the application as this user, by name or number; only root may',
  },
  group: {
    group: 'Processes of both',
    type: 'text',
    value: 'group',
    servers: ['cluster', 'process'],
    help: "and as this group (default: the user's own)",
  },
  nodeFlag: {
    group: 'Processes of both',
    type: 'text',
    many: 'repeat',
    value: 'flag',
    servers: ['cluster', 'process'],
    help: 'for their Node, such as --node-flag=--stack-trace-limit=50 (repeatable)',
  },
  forwardedAllowIps: {
    group: 'Proxy',
    type: 'address',
    many: 'commas',
    value: 'list',
    default: '127.0.0.1,::1',
    help: 'proxies that are believed about the client: addresses, CIDR blocks, unix, * or none; unix is added to the default where a unix socket is bound',
  },
  forwardedFields: {
    group: 'Proxy',
    type: 'choice',
    choices: ['for', 'proto', 'host', 'port', 'forwarded'],
    many: 'commas',
    value: 'list',
    default: 'for,proto',
    help: 'what they are believed: X-Forwarded-For, -Proto, -Host, -Port, and Forwarded; name only what they set or remove',
  },
  headersTimeout: {
    group: 'Limits',
    type: 'duration',
    value: 'time',
    default: '10s',
    help: "for a request's head",
  },
  bodyTimeout: {
    group: 'Limits',
    type: 'duration',
    value: 'time',
    default: '300s',
    help: 'for a request body',
  },
  minBodyRate: {
    group: 'Limits',
    type: 'size',
    value: 'size',
    default: '500',
    help: 'bytes per second that a request body must bring',
  },
  writeTimeout: {
    group: 'Limits',
    type: 'duration',
    value: 'time',
    default: '60s',
    help: 'without the client taking a byte of a waiting response',
  },
  keepAliveTimeout: {
    group: 'Limits',
    type: 'duration',
    value: 'time',
    default: '75s',
    serverDefault: { server: 'process', value: '2s' },
    help: 'between two requests of a connection; keep it longer than the load balancer does',
  },
  halfCloseTimeout: {
    group: 'Limits',
    type: 'duration',
    value: 'time',
    default: '5s',
    help: 'after the client closed its side, without it taking a byte',
  },
  maxHeaderSize: {
    group: 'Limits',
    type: 'size',
    value: 'size',
    default: '16KiB',
    help: 'all header fields of a request together',
  },
  maxHeaders: {
    group: 'Limits',
    type: 'count',
    value: 'n',
    default: '100',
    help: 'header fields of a request',
  },
  maxTargetSize: {
    group: 'Limits',
    type: 'size',
    value: 'size',
    default: '8KiB',
    help: 'path and query of a request',
  },
  maxBodySize: {
    group: 'Limits',
    type: 'size',
    value: 'size',
    default: '128MiB',
    help: 'body of a request',
  },
  drainLimit: {
    group: 'Limits',
    type: 'size',
    value: 'size',
    default: '64KiB',
    help: 'unread rest of a body that is read and dropped to keep the connection',
  },
  health: {
    group: 'Observation',
    type: 'path',
    value: 'path',
    help: 'answer 200 at this path, such as /healthz, instead of the application',
  },
  ready: {
    group: 'Observation',
    type: 'path',
    value: 'path',
    help: 'answer whether to send requests here at this path, such as /readyz: 503 from TERM on, and when the application says so',
  },
  metrics: {
    group: 'Observation',
    type: 'listen',
    value: 'address',
    bare: '127.0.0.1:9464',
    help: 'count requests, and answer Prometheus at /metrics on an address of its own; 127.0.0.1:9464 without one',
  },
  accessLog: {
    group: 'Logs',
    type: 'switch',
    default: false,
    devDefault: true,
    help: 'a line per request on standard output',
  },
  accessLogFile: {
    group: 'Logs',
    type: 'text',
    value: 'file',
    help: 'the access log in this file, which USR1 opens again',
  },
  accessLogFormat: {
    group: 'Logs',
    type: 'text',
    value: 'format',
    default: 'combined',
    help: "combined, json, or a line of one's own with fields of gunicorn, %(h)s, or of nginx, $remote_addr",
  },
  slowRequest: {
    group: 'Logs',
    type: 'duration',
    value: 'time',
    default: '0s',
    help: 'log requests that took longer than this; 0 none',
  },
  logLevel: {
    group: 'Logs',
    type: 'choice',
    choices: ['debug', 'info', 'warn', 'error'],
    value: 'level',
    default: 'info',
    help: 'debug, info, warn or error; debug adds stacks to what stops the command',
    also: 'all',
  },
  serverHeader: {
    group: 'Logs',
    type: 'text',
    value: 'value',
    help: 'send a Server field',
  },
  checkConfig: {
    group: 'Look without serving',
    type: 'switch',
    default: false,
    help: 'load everything, say whether it would start, and exit',
    flagOnly: true,
  },
  printConfig: {
    group: 'Look without serving',
    type: 'switch',
    default: false,
    help: 'print each setting and where it came from, and exit',
    flagOnly: true,
  },
} as const

export type OptionName = keyof typeof OPTIONS

/** The table as rows of one type, in its order. */
export const OPTION_ROWS: readonly (readonly [OptionName, OptionSpec])[] = Object.entries(OPTIONS) as [
  OptionName,
  OptionSpec,
][]

/** Whether a command has an option. */
export function hasOption(command: CommandName, { also = [], only }: OptionSpec): boolean {
  if (command === 'serve' || command === 'dev') return only === undefined || only === command
  if (also === 'all') return true
  return (also === 'control' ? CONTROL : also).includes(command)
}

/** What an option is without being given, as it would be written. */
export const defaultOf = (spec: OptionSpec, name: CommandName): string | boolean | undefined =>
  name === 'dev' && spec.devDefault !== undefined ? spec.devDefault : spec.default

/** `keepAliveTimeout` → `keep-alive-timeout`. */
export const flagName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** `keepAliveTimeout` → `TSGI_KEEP_ALIVE_TIMEOUT`. */
export const variableName = (name: string): string => `TSGI_${flagName(name).replaceAll('-', '_').toUpperCase()}`
