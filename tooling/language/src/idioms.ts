/** An expression that is not plain technical English, and what to write. */
export type Idiom = { readonly name: string; readonly pattern: RegExp; readonly instead: string }

const idiom = (name: string, pattern: string, instead: string): Idiom => ({
  name,
  // A phrase may be wrapped; within a comment the leader of the next line is already removed.
  pattern: new RegExp(String.raw`(?<![\w-])(?:${pattern.replaceAll(' ', String.raw`\s+`)})(?![\w-])`, 'gi'),
  instead,
})

export const IDIOMS: readonly Idiom[] = [
  idiom('came', String.raw`came(?! (?:from|before|after|first|last|in|out|with)\b)`, 'got, received, arrived'),
  idiom('gave back', 'g[ai]ve back|gives back|giv(?:ing|en) back', 'returned, returns'),
  idiom('told', String.raw`told(?! to \w)`, 'reported, notified, distinguished, or who does what'),
  idiom('anew', 'anew', 'again, or reload, restart, reopen'),
  idiom('whoever', 'who(?:m)?ever', 'the client, the caller, any process that'),
  idiom('is none', '(?<!there )(?:is|are|was|were|be) none(?! of)', 'is absent, is empty, is not a …'),
  idiom('so long', 'so long', 'this long, for that time; as long as'),
  idiom('goes on', String.raw`(?:go|goes|went|gone) on(?! (?:the|a|an|its)\b)`, 'continues, keeps …ing'),
  idiom('stands still', '(?:stand|stands|stood|standing) still', 'is blocked, does not move'),
  idiom('is nobody', String.raw`(?:is|are|was|were) nobody(?:'s)?`, 'is ignored, belongs to no …'),
  idiom('which there is not', 'which there is not', 'unknown …, there is no …'),
  idiom('mend', 'mend(?:s|ed|ing)?', 'fix, repair'),
  idiom(
    'Who …',
    String.raw`(?<=^|[.;] )Who (?:wants|asked|asks|only|has|had|does|needs|sends)(?!.*\?)`,
    'a client that …, an application that …',
  ),
  idiom('It was wrong if', 'it was wrong if', 'Revisit if'),
]
