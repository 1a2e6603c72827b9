import type {Caller, Line} from 'pmpc/kit/runs'

/** A text that goes into a bundle. */
export interface ReportFile {
  /** Below the bundle, with `/`. */
  name: string
  text: string
}

/** What a report is made of. */
export interface Asked {
  /** The folder of the workspace; undefined outside of one. */
  root: string | undefined
  host: HostFacts
  /** How many of the last runs are told of. */
  runs: number
  /** No cluster is asked how it is. */
  isOffline: boolean
  caller: Caller
}

/** The pmpc that runs. */
export interface HostFacts {
  version: string
  plugins: readonly {name: string; version: string}[]
}

/** A part of a report, and what became of it. */
export interface Collected {
  files: ReportFile[]
  /** What could not be collected, and why. */
  missing: {what: string; why: string}[]
}

/** The run that is asked about: the last one that failed. */
export interface FailedRun {
  id: string
  /** As it was typed, `pmpc sync`, and what stood behind it as far as a log may tell it. */
  command: string
  time: string
  exitCode: number | undefined
  error: Line['error']
}
