declare module 'autocannon' {
  interface Options {
    readonly url: string
    readonly connections: number
    readonly duration: number
    readonly timeout?: number
    /** Milliseconds between two looks at whether it shall end. */
    readonly sampleInt?: number
    readonly pipelining?: number
    readonly requests: readonly {
      readonly method: string
      readonly path: string
      readonly headers: Readonly<Record<string, string>>
      readonly body?: Buffer | undefined
    }[]
  }
  interface Result {
    readonly requests: { readonly total: number }
    readonly errors: number
    readonly timeouts: number
    readonly non2xx: number
  }
  interface Instance extends PromiseLike<Result> {
    stop(): void
  }
  export default function autocannon(options: Options): Instance
}
