export interface Template {
  readonly title: string
  readonly hint: string
  /** Packages that the application imports. */
  readonly dependencies: readonly string[]
  /** Packages that its types and its test import. */
  readonly devDependencies: readonly string[]
}

export type TemplateName = 'raw' | 'mini' | 'views' | 'hono' | 'express'

/** What can be started, in the order in which it is offered. */
export const TEMPLATES: Readonly<Record<TemplateName, Template>> = {
  raw: {
    title: 'TSGI alone',
    hint: 'one function, no framework',
    dependencies: ['@tsgi/spec'],
    devDependencies: ['@tsgi/adapter-fetch'],
  },
  mini: {
    title: 'framework-mini',
    hint: 'routes as functions, in the manner of Flask',
    dependencies: ['@tsgi/framework-mini'],
    devDependencies: ['@tsgi/adapter-fetch'],
  },
  views: {
    title: 'framework-views',
    hint: 'URLs, views, templates, forms and sessions, in the manner of Django',
    dependencies: ['@tsgi/framework-views'],
    devDependencies: ['@tsgi/adapter-fetch'],
  },
  hono: { title: 'Hono', hint: 'served by TSGI as it is', dependencies: ['hono'], devDependencies: [] },
  express: {
    title: 'Express',
    hint: 'served by TSGI as it is',
    dependencies: ['express'],
    devDependencies: ['@tsgi/adapter-fetch', '@tsgi/adapter-node', '@types/express'],
  },
}

export const isTemplate = (name: string): name is TemplateName => Object.hasOwn(TEMPLATES, name)
