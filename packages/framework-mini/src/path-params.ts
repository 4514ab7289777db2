/** The parameters of any path: `:name` is one segment, `*name` the segments of a tail. */
export type AnyPathParams = Readonly<Record<string, string | readonly string[]>>

/**
 * The parameters that a pattern names. A tail is an array of decoded segments, not a joined string: joined, an encoded
 * slash inside a segment could no longer be told from a separator.
 *
 * @example PathParams<'/files/:user/*path'> // { readonly user: string; readonly path: readonly string[] }
 */
export type PathParams<Pattern extends string> = string extends Pattern
  ? AnyPathParams
  : { readonly [Segment in SegmentOf<Pattern> as NameOf<Segment>]: ValueOf<Segment> }

type SegmentOf<Path extends string> = Path extends `${infer Head}/${infer Rest}` ? Head | SegmentOf<Rest> : Path
type NameOf<Segment> = Segment extends '*' ? never : Segment extends `${':' | '*'}${infer Name}` ? Name : never
type ValueOf<Segment> = Segment extends `*${string}` ? readonly string[] : string
