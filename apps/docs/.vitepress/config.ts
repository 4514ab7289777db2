import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { slug } from '../src/headings.ts'
import { HOME } from '../src/repository.ts'
import { emptyHeadsAreCells } from '../src/empty-heads.ts'
import type { Section } from '../src/page.ts'
import { sections } from '../src/sections.ts'

const contents = sections()
const isPackages = ({ title }: Section) => title === 'Packages'

/** The rest has one sidebar; the packages, which are many, have theirs. */
const sidebar = (shown: readonly Section[]) =>
  shown.map(({ title, pages }) => ({
    text: title,
    items: pages.map((page) => ({ text: page.title, link: `/${page.path}` })),
  }))

export default defineConfig({
  title: 'TSGI',
  description: 'One function between web servers and web frameworks: any framework runs on any server, unchanged',
  srcDir: 'pages',
  vite: { publicDir: fileURLToPath(new URL('../static', import.meta.url)) },
  cleanUrls: false,
  lastUpdated: false,
  head: [['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }]],
  // Tags in a README are text: VitePress would take them for components.
  markdown: {
    html: false,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    languageAlias: { haproxy: 'nginx', ru: 'ruby' },
    anchor: { slugify: slug },
    headers: { slugify: slug },
    toc: { slugify: slug },
    config: (md) => md.core.ruler.push('empty-heads', emptyHeadsAreCells),
  },
  // The first page of VitePress has no main landmark.
  transformHtml: (html) => html.replace('class="VPHome"', 'role="main" class="VPHome"'),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Specification', link: '/reference/spec' },
      { text: 'Packages', link: '/packages' },
    ],
    sidebar: {
      '/packages/': sidebar(contents.filter(isPackages)),
      '/': sidebar(contents.filter((section) => !isPackages(section))),
    },
    socialLinks: [{ icon: 'github', link: HOME, ariaLabel: 'The repository' }],
    footer: { message: 'MIT licence' },
  },
})
