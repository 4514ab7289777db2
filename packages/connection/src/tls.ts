export { type CertificateRequest, type MadeCertificate, makeCertificate } from './certificate-maker.ts'
export { SharedTls, type SharedTlsOptions } from './shared-tls.ts'
