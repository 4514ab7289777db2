export { fromNodeListener, type FromNodeOptions } from './from-node-listener.ts'
export {
  nodeListenerOf,
  type FastifyLike,
  type HandlerLike,
  type KoaLike,
  type NodeListener,
  type NodeMiddleware,
} from './node-listener.ts'
