/** Flags that a snapshot of everything takes, and which of them take a value. */
const ofEverything = /^(?:-[oqvC].*|--(?:out|cluster|workspace|json|quiet|verbose|no-prompt|recorded|health)(?:=.*)?)$/s
const takesValue = /^(?:-[oC]|--(?:out|cluster|workspace))$/

/** Whether `pmpc snapshot` means no guest: nothing was typed but flags of a snapshot of everything. */
export function meansEverything(argv: readonly string[]): boolean {
  return argv.every((word, at) => ofEverything.test(word) || (at > 0 && takesValue.test(argv[at - 1]!)))
}
