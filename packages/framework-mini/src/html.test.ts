import { describe, expect, it } from 'vitest'
import { html, Html } from './html.ts'

const markup = (value: Html): string => value.toString()

describe('html', () => {
  it('escapes values in text and in quoted attributes', () => {
    expect(markup(html`<a title="${`"'`}">${'<script>&amp;'}</a>`)).toBe(
      '<a title="&#34;&#39;">&#60;script&#62;&#38;amp;</a>',
    )
  })

  it('does not escape markup twice', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
    expect(markup(html`<ul>${items}</ul>`)).toBe('<ul><li>a</li><li>&#60;b&#62;</li></ul>')
  })

  it('leaves nothing of what is absent, and keeps zero', () => {
    expect(markup(html`${null}${undefined}${false}${true}${0}${''}${10n}`)).toBe('010')
  })

  it('takes what was vouched for as it is', () => {
    expect(markup(html`<p>${new Html('<br>')}</p>`)).toBe('<p><br></p>')
  })

  it('escapes what merely looks like markup of ours', () => {
    const fake = { toString: () => '<script>' } as unknown as string
    expect(markup(html`${fake}`)).toBe('&#60;script&#62;')
  })

  it('reads escapes in the template as a string does', () => {
    expect(markup(html`a\n${1}\u00e9`)).toBe('a\n1é')
  })
})
