export { type CertificateRequest, type MadeCertificate, makeCertificate } from './certificate-maker.ts'
export { CertificateWatch } from './certificate-watch.ts'
export { readTls } from './certificates.ts'
export { SharedTls, type SharedTlsOptions } from './shared-tls.ts'
