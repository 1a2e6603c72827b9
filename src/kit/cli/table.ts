import type {Color, Painter} from './color.js'
import {visible} from '../text/index.js'
import {cutTo, displayWidth, padTo} from './width.js'

export interface Column<Row> {
  header: string
  /** The cell's text; null and undefined print as nothing. */
  value(row: Row): string | number | boolean | null | undefined
  align?: 'left' | 'right'
  /** A column that keeps its width where the terminal is too narrow, as an id does. Numbers do: cut, they would be others. */
  fixed?: boolean
  /** What the row is known by, as a name is: cut after all others, and to no less than twelve characters. */
  keep?: boolean
  color?(row: Row): Color | undefined
}

export interface TableOptions {
  /** Columns of the terminal; rows are cut to it. Undefined: nothing is cut. */
  width?: number | undefined
  paint?: Painter
  headers?: boolean
}

const GAP = '  '
/** No column is cut below this: four characters still tell something. */
const LEAST = 5
/** Nor one that a row is known by below this. */
const LEAST_KEPT = 12

interface Cell {
  text: string
  color: Color | undefined
}

function cellsOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Cell[][] {
  return rows.map((row) =>
    // Before widths are counted; a line break would tear the table.
    columns.map((column) => ({text: visible(String(column.value(row) ?? '')), color: column.color?.(row)})),
  )
}

type Shrinks = Pick<Column<never>, 'fixed' | 'keep' | 'align' | 'header'>

/**
 * Makes a row fit: first the widest cell that may shrink is shortened, then what a row is known by, and where that is not enough the last
 * columns that are neither fixed nor kept are left out. Too wide it stays when nothing may go.
 * @returns the widths; undefined: the column is left out
 */
function fit(natural: readonly number[], columns: readonly Shrinks[], available: number): (number | undefined)[] {
  const widths: (number | undefined)[] = [...natural]
  const total = (): number => {
    const shown = widths.filter((width) => width !== undefined)
    return shown.reduce((sum, width) => sum + width, 0) + GAP.length * (shown.length - 1)
  }
  const isFixed = ({fixed, align}: Shrinks) => fixed === true || align === 'right'
  const shrink = (mayShrink: (column: Shrinks) => boolean, least: number) => {
    while (total() > available) {
      const widest = widths.reduce<number>(
        (best, width = 0, at) =>
          mayShrink(columns[at]!) && width > least && (best < 0 || width > (widths[best] ?? 0)) ? at : best,
        -1,
      )
      if (widest < 0) return
      widths[widest]!--
    }
  }
  shrink((column) => !isFixed(column) && !column.keep, LEAST)
  shrink((column) => !isFixed(column) && column.keep === true, LEAST_KEPT)
  for (let at = columns.length - 1; at > 0 && total() > available; at--)
    if (!columns[at]!.fixed && !columns[at]!.keep) widths[at] = undefined
  // Room that a column left behind is given back.
  for (const at of natural.keys()) {
    while (widths[at] !== undefined && widths[at] < natural[at]! && total() < available) widths[at]++
  }
  return widths
}

/** Rows in columns with a header, two blanks apart and without blanks at the line's end. A last line names the columns that a narrow terminal has no room for. Ends in a line break unless there is nothing to print. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions = {}): string {
  const paint: Painter = options.paint ?? ((_, text) => text)
  const body = cellsOf(rows, columns)
  const head: Cell[][] = options.headers === false ? [] : [columns.map(({header}) => ({text: header, color: 'bold'}))]
  const natural = columns.map((_, index) =>
    Math.max(0, ...[...head, ...body].map((cells) => displayWidth(cells[index]?.text ?? ''))),
  )
  const widths = options.width === undefined ? natural : fit(natural, columns, options.width)
  const shown = columns.flatMap((_, index) => (widths[index] === undefined ? [] : [index]))
  const lines = [...head, ...body].map((cells) =>
    shown
      .map((index) => {
        const cell = cells[index]!
        const width = widths[index]!
        const padded = padTo(cutTo(cell.text, width), width, columns[index]?.align ?? 'left')
        const text = index === shown.at(-1) ? padded.trimEnd() : padded
        return cell.color && text.trim() ? paint(cell.color, text) : text
      })
      .join(GAP)
      .trimEnd(),
  )
  const left = columns.flatMap(({header}, index) => (widths[index] === undefined ? [header] : []))
  if (left.length > 0) lines.push(paint('dim', cutTo(`(too narrow for ${left.join(', ')})`, options.width!)))
  return lines.map((line) => `${line}\n`).join('')
}
