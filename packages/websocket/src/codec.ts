// oxlint-disable-next-line typescript/triple-slash-reference -- the types that the library leaves out, for all who compile this from its source
/// <reference path="./ws-library.d.ts" />
/** The codec of the `ws` library. */
export { extension, PerMessageDeflate, Receiver, Sender, subprotocol } from 'ws'
export type { CodecError, Extensions, FrameSink } from 'ws'
