export type {
  Aborted,
  BodyData,
  Broken,
  EndOfStream,
  FastCgiEvent,
  GatewayRequest,
  NeedMore,
  Reply,
  RequestEnd,
  RequestError,
  UwsgiEvent,
} from './events.ts'
export { FastCgiParser } from './fastcgi.ts'
export {
  END_REQUEST,
  endRequest,
  HEAD,
  LONGEST_CONTENT,
  record,
  recordHead,
  REQUEST_COMPLETE,
  STDOUT,
  stream,
  writeFastCgiBody,
  writeFastCgiRequest,
} from './fastcgi-records.ts'
export { DEFAULT_GATEWAY_LIMITS, type GatewayLimits } from './limits.ts'
export { UwsgiParser, writeUwsgiPacket } from './uwsgi.ts'
