import type { Awaitable } from '@tsgi/spec'
import type { Converter } from './converters.ts'
import type { Middleware } from './middleware.ts'
import type { Pattern } from './patterns.ts'
import type { HttpRequest, Site } from './request.ts'
import type { HttpResponse } from './response.ts'
import { createSigner, type Signer } from './signing.ts'
import { compileTemplates, type TemplateSettings } from './templates.ts'
import { compileUrls, type Urls } from './urls.ts'

export interface Settings {
  readonly urlpatterns: readonly Pattern[]
  /** Besides `int`, `str`, `slug`, `uuid` and `path`. */
  readonly converters?: Readonly<Record<string, Converter>>
  /** The first is the outermost. */
  readonly middleware?: readonly Middleware[]
  readonly templates?: TemplateSettings
  /** Where `staticUrl('app.css')` points in templates. Default `/static/`. */
  readonly staticUrl?: string
  /** At least 32 random characters; needed for sessions and other signed cookies. */
  readonly secretKey?: string | undefined
  /** Former keys: they verify, and sign no more. */
  readonly secretKeyFallbacks?: readonly string[]
  /** Error pages with patterns, stack and source; templates read anew. Default: whether NODE_ENV is `development`. */
  readonly development?: boolean
  /**
   * Hosts that requests may name, without port; `.example.org` is that and all below it, `'ip'` any IP address, `'*'` any
   * host. Others are answered 400, so that no link of a page or mail leads elsewhere. Default: any; in development
   * `['.localhost', '.test', 'ip']`, which no page of another site can be made to reach under its own name.
   */
  readonly allowedHosts?: readonly string[]
  /** Redirects a path without a route to the one with a slash behind it, where that has one. Default true. */
  readonly appendSlash?: boolean
  /** Of a body or form kept in memory, in bytes. Default 10 MiB. */
  readonly maxBodySize?: number
  /** Your own error pages by status. In development 404 and 500 are the detailed ones all the same. */
  readonly errorViews?: Readonly<Record<number, ErrorView>>
  /** Once per process, before the first request. */
  readonly startup?: (() => Awaitable<void>) | undefined
  /** Once per process, after the last response. */
  readonly shutdown?: (() => Awaitable<void>) | undefined
  /** Whether requests should be sent here now (SPEC M.4). */
  readonly ready?: (() => Awaitable<boolean>) | undefined
}

export type ErrorView = (request: HttpRequest, status: number, error: unknown) => Awaitable<HttpResponse>

const isDevelopment = (): boolean => process.env['NODE_ENV'] === 'development'

/** An attacker can make a name of their own resolve to this machine, but none of these. */
const DEVELOPMENT_HOSTS = ['.localhost', '.test', 'ip']

/** What the settings are made into at start. */
export class CompiledSite implements Site {
  readonly settings: Required<Omit<Settings, 'templates' | 'secretKey' | 'startup' | 'shutdown' | 'ready'>>
  readonly urls: Urls
  readonly render: Site['render']
  readonly #secrets: readonly string[]

  constructor({ templates, secretKey, ...settings }: Settings) {
    this.settings = {
      converters: {},
      middleware: [],
      staticUrl: '/static/',
      secretKeyFallbacks: [],
      development: isDevelopment(),
      allowedHosts: (settings.development ?? isDevelopment()) ? DEVELOPMENT_HOSTS : ['*'],
      appendSlash: true,
      maxBodySize: 10 * 1024 * 1024,
      errorViews: {},
      ...settings,
    }
    this.#secrets = secretKey === undefined ? [] : [secretKey, ...this.settings.secretKeyFallbacks]
    this.urls = compileUrls(settings.urlpatterns, settings.converters)
    this.render = compileTemplates(templates, this.settings.development)
    for (const layer of this.settings.middleware) layer.setup?.(this)
  }

  /** @throws ImproperlyConfigured without a usable `settings.secretKey` */
  signer(purpose: string): Signer {
    return createSigner(this.#secrets, purpose)
  }
}
