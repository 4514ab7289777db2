export { forwardedClient, type ForwardedClient } from './forwarded.ts'
export { trustedProxies, type TrustedProxies } from './trusted-proxies.ts'
