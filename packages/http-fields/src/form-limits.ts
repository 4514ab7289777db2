/** Caps on a form; more of anything is a {@link FormError} with status 413, never a cut value. Sizes in bytes. */
export interface FormLimits {
  /** Fields that are no files. Default 1000. */
  readonly maxFields: number
  /** All of them together, names included. They are kept in memory. Default 1 MiB. */
  readonly maxFieldsSize: number
  /** Default 20. */
  readonly maxFiles: number
  /** Of each file. Files are streamed. Default 32 MiB. */
  readonly maxFileSize: number
}

export const DEFAULT_FORM_LIMITS: FormLimits = {
  maxFields: 1000,
  maxFieldsSize: 1024 * 1024,
  maxFiles: 20,
  maxFileSize: 32 * 1024 * 1024,
}
