/** Environment variables, as `process.env` has them. */
export type Environment = Record<string, string | undefined>
