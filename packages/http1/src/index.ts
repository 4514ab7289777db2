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
export { DEFAULT_PARSER_LIMITS, type ParserLimits } from './parser-limits.ts'
export { RequestParser } from './request-parser.ts'
export { CHUNK_END, chunkHead, lastChunk } from './chunk-coding.ts'
export { members } from './list-tokens.ts'
export { fieldLines, type ResponseFields } from './response-fields.ts'
export {
  writeInterimHead,
  writeResponseHead,
  writeUpgradeHead,
  type BodyFraming,
  type HeadFacts,
  type ResponseHead,
} from './response-head.ts'
