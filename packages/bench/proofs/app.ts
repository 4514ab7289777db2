/** What the servers of the proofs are measured with; a fetch application, so that it can run without TSGI as well. */
export default { fetch: (): Response => new Response('Hello, World!') }
