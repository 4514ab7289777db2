/** Answers off a connection, read with `@tsgi/http1`: the conformance kit is who looks at details. */
import { type MessageLimits, ResponseFormatError, ResponseReader, type WholeResponse } from '@tsgi/http1'
import type { Answer } from '../workloads/workload.ts'

export class AnswerError extends Error {}

const LIMITS: MessageLimits = { maxHeaderSize: 64 * 1024, maxHeaders: 1000, maxBodySize: Number.MAX_SAFE_INTEGER }

export class AnswerReader {
  readonly #report: (answer: Answer) => void
  readonly #reader = new ResponseReader(LIMITS)

  /** @param report called for each answer, in order */
  constructor(report: (answer: Answer) => void) {
    this.#report = report
  }

  /** Requests that are not HEAD were sent. */
  expect(requests: number): void {
    for (let i = 0; i < requests; i++) this.#reader.expect('GET')
  }

  /** @throws AnswerError for what is no HTTP/1.1 answer */
  push(bytes: Buffer): void {
    this.#reader.receive(bytes)
    this.#readAll()
  }

  /** The connection ended. @returns whether that was between answers, or the end of one that ends so */
  end(): boolean {
    this.#reader.receiveEnd()
    try {
      this.#readAll()
      return true
    } catch {
      return false
    }
  }

  #readAll(): void {
    try {
      for (let whole = this.#reader.next(); whole !== null; whole = this.#reader.next()) this.#report(answerOf(whole))
    } catch (error) {
      throw error instanceof ResponseFormatError ? new AnswerError(error.message) : error
    }
  }
}

function answerOf({ status, reason, headers, body }: WholeResponse): Answer {
  let head = `HTTP/1.1 ${status} ${reason}`
  for (let i = 0; i < headers.length; i += 2) head += `\r\n${headers[i]}: ${headers[i + 1]}`
  return { status, head, body }
}
