import type { Draft } from './entry.ts'

/** The first pages of a new guest book, oldest first. */
export const SEEDS: readonly (Draft & { readonly writtenAt: string })[] = [
  {
    name: 'Ines',
    message: 'First! I only came to see whether the form works. It does.',
    writtenAt: '2026-09-01T08:12:00Z',
  },
  {
    name: 'Oluwaseun',
    message: 'Three lines for a whole application. I kept scrolling for the rest of it.',
    writtenAt: '2026-09-02T17:40:00Z',
  },
  {
    name: 'Søren & Mette',
    message: 'We looked for a cookie banner and found a cookie with our name in it. Better.',
    writtenAt: '2026-09-05T19:03:00Z',
  },
  {
    name: '山田花子',
    message: '簡単で、きれいなサイトですね。関数ひとつとは思いませんでした。',
    writtenAt: '2026-09-09T03:27:00Z',
  },
  {
    name: 'Tomás',
    message: 'Left the download running over a phone line all night.\nThe server did not even notice. 🐌',
    writtenAt: '2026-09-14T06:58:00Z',
  },
  {
    name: 'Mira',
    message: 'I pulled the plug in the middle of the page in motion. No hard feelings, I hope?',
    writtenAt: '2026-09-20T21:15:00Z',
  },
  {
    name: 'أمينة',
    message: 'تحية من القاهرة. الصفحة تعمل من اليمين إلى اليسار أيضًا.',
    writtenAt: '2026-09-28T11:44:00Z',
  },
  {
    name: "O'Brien; DROP TABLE entry",
    message: 'My name has got me thrown out of better databases than this one.',
    writtenAt: '2026-10-03T14:20:00Z',
  },
  {
    name: 'Zoë',
    message: 'Asked for /hello/Zo%C3%AB and was greeted as Zoë. It is the small things.',
    writtenAt: '2026-10-11T09:31:00Z',
  },
  {
    name: 'Ada',
    message: 'if (guests < 2 && patience > 0) <b>wait</b>; // looks right to me',
    writtenAt: '2026-10-19T16:02:00Z',
  },
  {
    name: 'Jürgen',
    message: 'Searched for "jurgen" and found myself. That is more than I can say of most evenings.',
    writtenAt: '2026-10-27T22:49:00Z',
  },
]
