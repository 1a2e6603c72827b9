/** What a terminal of 24 lines shows: enough of it for what moves in place. */
export class Screen {
  private lines: string[] = ['']
  private row = 0
  private column = 0
  /** The most lines that were rewritten at once, going up from the last one. */
  highest = 0

  constructor(private readonly columns = 80) {}

  /** All that was shown and not erased, scrolled away or not, without blanks at the ends. */
  get text(): string {
    return this.lines.map((line) => line.trimEnd()).join('\n')
  }

  write(output: string): this {
    // eslint-disable-next-line no-control-regex
    for (const [part, parameters = '', command] of output.matchAll(/\x1b\[([\d;?]*)([A-Za-z])|[\s\S]/g))
      if (command === undefined) this.put(part)
      else this.control(command, Number(parameters) || (command === 'J' || command === 'K' ? 0 : 1))
    return this
  }

  private put(character: string): void {
    if (character === '\r') this.column = 0
    else if (character === '\b') this.column = Math.max(0, this.column - 1)
    else if (character === '\n') this.down()
    else if (character >= ' ') {
      if (this.column === this.columns) {
        this.column = 0
        this.down()
      }
      const line = this.lines[this.row]!.padEnd(this.column)
      this.lines[this.row] = line.slice(0, this.column) + character + line.slice(this.column + 1)
      this.column++
    }
  }

  private down(): void {
    this.row++
    this.lines[this.row] ??= ''
  }

  private control(command: string, number: number): void {
    const line = this.lines[this.row]!
    if (command === 'A') {
      this.row = Math.max(0, this.row - number)
      this.highest = Math.max(this.highest, this.lines.length - 1 - this.row)
    } else if (command === 'B') for (let each = 0; each < number; each++) this.down()
    else if (command === 'C') this.column = Math.min(this.columns, this.column + number)
    else if (command === 'D') this.column = Math.max(0, this.column - number)
    else if (command === 'G') this.column = number - 1
    else if (command === 'K') this.lines[this.row] = number === 2 ? '' : line.slice(0, this.column)
    else if (command === 'J') {
      this.lines[this.row] = line.slice(0, this.column)
      this.lines.length = this.row + 1
    }
  }
}
