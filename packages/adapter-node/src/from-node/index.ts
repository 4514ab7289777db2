export { fromNodeListener, type FromNodeOptions } from './from-node-listener.ts'
export type {
  FastifyLike,
  HandlerLike,
  KoaLike,
  NodeApplication,
  NodeListener,
  NodeMiddleware,
} from './node-application.ts'
export { nodeListenerOf } from './node-listener.ts'
export { withUpgradesOf } from './upgrade/with-upgrades-of.ts'
