export type {
  BodyData,
  EndOfStream,
  ErrorStatus,
  NeedMore,
  ProtocolError,
  RequestEnd,
  RequestEvent,
  RequestHead,
} from './events.ts'
export { isAuthority } from './authority.ts'
export { fieldRole, type FieldRole } from './field-names.ts'
export {
  DEFAULT_PARSER_LIMITS,
  DEFAULT_RESPONSE_LIMITS,
  MAX_METHOD_SIZE,
  type MessageLimits,
  type ParserLimits,
} from './parser-limits.ts'
export { RequestParser } from './request-parser.ts'
export type { InterimResponse, ReceivedResponse, ResponseEnd, ResponseError, ResponseEvent } from './response-events.ts'
export { ResponseParser } from './response-parser.ts'
export { ResponseFormatError, ResponseReader, type WholeResponse } from './whole-response.ts'
export { CHUNK_END, chunkHead, lastChunk } from './chunk-coding.ts'
export { members } from './list-tokens.ts'
export { readTarget, type Target } from './request-target.ts'
export { fieldLines, type ResponseFields } from './response-fields.ts'
export {
  writeInterimHead,
  writeResponseHead,
  writeUpgradeHead,
  type BodyFraming,
  type HeadFacts,
  type ResponseHead,
} from './response-head.ts'
