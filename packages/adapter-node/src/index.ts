export { fromNodeListener, type FromNodeOptions } from './from-node/from-node-listener.ts'
export type {
  FastifyLike,
  HandlerLike,
  KoaLike,
  NodeApplication,
  NodeListener,
  NodeMiddleware,
} from './from-node/node-application.ts'
export { nodeListenerOf } from './from-node/node-listener.ts'
export type { ToNodeOptions } from './to-node/settings.ts'
export { toNodeListener, type ApplicationListener } from './to-node/to-node-listener.ts'
