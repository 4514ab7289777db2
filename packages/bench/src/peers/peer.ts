/** A server as its users start it, without anything of ours. */
export interface Peer {
  /** Listens on a port of the loopback interface that the system chooses, and says which. */
  listen(): Promise<number>
}
