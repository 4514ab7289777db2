export { type CarriedExchange, type Carrier, type PreparedFields, UNKNOWN_LENGTH, UNSAID_LENGTH } from './carrier.ts'
export type { ExchangeRequest } from './exchange-request.ts'
export type { Flow } from './flow.ts'
export { makeContext, type Services } from './context.ts'
export { type ErrorPage, type ErrorPageMaker, protocolErrorPage } from './error-page.ts'
export {
  BodyError,
  ClientGoneError,
  DrainingError,
  EXCHANGE_ERRORS,
  type ExchangeErrorCode,
  FieldError,
  ResponseError,
  UnfinishedError,
} from './errors.ts'
export { Exchange } from './exchange.ts'
export {
  type CheckedFields,
  checkFields,
  checkTrailers,
  type FieldPreparer,
  fieldPreparer,
  withContentLength,
} from './fields.ts'
export { type BodySource, EMPTY_INPUT, RequestInput } from './input.ts'
export { quiet } from './quiet.ts'
export { encodeUtf8 } from './utf8.ts'
