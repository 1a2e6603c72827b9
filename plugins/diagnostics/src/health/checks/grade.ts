import type {Finding, Limits, Severity} from '../model.js'

/** What a value weighs that must stay below limits called `warning` and `critical`; undefined where it does, or where a limit is not there. */
export function above(value: number, {warning, critical}: Limits): Severity | undefined {
  if (critical !== undefined && value >= critical) return 'critical'
  return warning !== undefined && value >= warning ? 'warning' : undefined
}

/** The same of a value that must stay above them. */
export function below(value: number, {warning, critical}: Limits): Severity | undefined {
  if (critical !== undefined && value <= critical) return 'critical'
  return warning !== undefined && value <= warning ? 'warning' : undefined
}

/** A finding, where it weighs anything. */
export function finding(object: string, severity: Severity | undefined, message: string): Finding[] {
  return severity === undefined ? [] : [{object, severity, message}]
}

export const warning = (object: string, message: string): Finding => ({object, severity: 'warning', message})
export const critical = (object: string, message: string): Finding => ({object, severity: 'critical', message})
