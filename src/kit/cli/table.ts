import type {Color, Painter} from './color.js'
import {visible} from '../text/index.js'
import {cutTo, displayWidth, padTo} from './width.js'

export interface Column<Row> {
  header: string
  /** The cell's text; null and undefined print as nothing. */
  value(row: Row): string | number | boolean | null | undefined
  align?: 'left' | 'right'
  /** A column that keeps its width where the terminal is too narrow, as an id does. */
  fixed?: boolean
  color?(row: Row): Color | undefined
}

export interface TableOptions {
  /** Columns of the terminal; rows are cut to it. Undefined: nothing is cut. */
  width?: number | undefined
  paint?: Painter
  headers?: boolean
}

const GAP = '  '
/** No column is cut below this: four characters of a name still tell something. */
const LEAST = 5

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

/** Takes columns away from the widest cell that may shrink until the row fits; leaves it too wide when nothing may. */
function fit(widths: number[], columns: readonly {fixed?: boolean}[], available: number): number[] {
  const fitted = [...widths]
  const total = (): number => fitted.reduce((sum, width) => sum + width, 0) + GAP.length * (fitted.length - 1)
  while (total() > available) {
    const widest = fitted.reduce(
      (best, width, index) =>
        !columns[index]?.fixed && width > LEAST && (best < 0 || width > (fitted[best] ?? 0)) ? index : best,
      -1,
    )
    if (widest < 0) break
    fitted[widest] = (fitted[widest] ?? 0) - 1
  }
  return fitted
}

/** Rows in columns with a header, two blanks apart and without blanks at the line's end. Ends in a line break unless there is nothing to print. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions = {}): string {
  const paint: Painter = options.paint ?? ((_, text) => text)
  const body = cellsOf(rows, columns)
  const head: Cell[][] = options.headers === false ? [] : [columns.map(({header}) => ({text: header, color: 'bold'}))]
  const natural = columns.map((_, index) =>
    Math.max(0, ...[...head, ...body].map((cells) => displayWidth(cells[index]?.text ?? ''))),
  )
  const widths = options.width === undefined ? natural : fit(natural, columns, options.width)
  const lines = [...head, ...body].map((cells) =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0
        const padded = padTo(cutTo(cell.text, width), width, columns[index]?.align ?? 'left')
        const text = index === cells.length - 1 ? padded.trimEnd() : padded
        return cell.color && text.trim() ? paint(cell.color, text) : text
      })
      .join(GAP)
      .trimEnd(),
  )
  return lines.map((line) => `${line}\n`).join('')
}
