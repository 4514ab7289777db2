export { fromNodeListener, type FromNodeOptions } from './from-node/from-node-listener.ts'
export {
  nodeListenerOf,
  type FastifyLike,
  type HandlerLike,
  type KoaLike,
  type NodeApplication,
  type NodeListener,
  type NodeMiddleware,
} from './from-node/node-listener.ts'
export type { ToNodeOptions } from './to-node/settings.ts'
export { toNodeListener, type ApplicationListener } from './to-node/to-node-listener.ts'
