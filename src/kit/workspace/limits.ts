/** Bytes of a YAML file that is read: 2,000 guests in one file, and a few seconds of the YAML library's for the worst text there is. */
export const MOST_YAML = 2 ** 20
