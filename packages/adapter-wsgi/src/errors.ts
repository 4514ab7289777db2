import type { ErrorStream } from '@tsgi/spec'

/** `environ['wsgi.errors']`: the server's log as a text file. */
export class WsgiErrors {
  readonly #log: ErrorStream

  constructor(log: ErrorStream) {
    this.#log = log
  }

  write(text: string): void {
    this.#log.write(text)
  }

  writelines(lines: Iterable<string>): void {
    for (const line of lines) this.#log.write(line)
  }

  flush(): void {
    // Nothing waits for a log (SPEC E.12).
    void this.#log.flush()
  }
}
