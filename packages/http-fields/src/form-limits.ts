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

/** What is not given, or given as `undefined`, is the default: a limit is never lost by accident. */
export function formLimits(given: Partial<FormLimits>): FormLimits {
  const { maxFields, maxFieldsSize, maxFiles, maxFileSize } = DEFAULT_FORM_LIMITS
  return {
    maxFields: given.maxFields ?? maxFields,
    maxFieldsSize: given.maxFieldsSize ?? maxFieldsSize,
    maxFiles: given.maxFiles ?? maxFiles,
    maxFileSize: given.maxFileSize ?? maxFileSize,
  }
}
