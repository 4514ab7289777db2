import {
  byteRanges,
  evaluatePreconditions,
  forwardedClient,
  preferredEncoding,
  trustedProxies,
} from '@tsgi/http-fields'

// What the proxy on this machine says of the client; what the client says of itself is never reached.
const fields = ['x-forwarded-for', '6.6.6.6, 203.0.113.7', 'x-forwarded-proto', 'https', 'if-none-match', 'W/"v1"']
const client = forwardedClient('127.0.0.1', fields, trustedProxies(['127.0.0.1', '10.0.0.0/8']))
console.log(client?.remoteAddr, client?.scheme)

console.log(evaluatePreconditions('GET', fields, { etag: '"v1"', lastModified: null }))
console.log(preferredEncoding('gzip, br;q=0.8', ['br', 'gzip']))
console.log(byteRanges('bytes=0-4,-2', 10))
console.log(byteRanges('bytes=9-1', 10))
