import type {Simulation} from '../simulation.js'
import {parseForm} from '../calls/form.js'

/** One call of another administrator's. */
export interface Edit {
  /** PUT unless given. */
  method?: string
  /** Below /api2/json. */
  path: string
  params?: Record<string, unknown>
  /** Who sends it; root@pam unless given. */
  as?: string
}

/** What came of an edit. */
export interface EditResult {
  method: string
  path: string
  data?: unknown
  error?: string
}

/** Sends calls one after another, each when the task of the one before has ended; an error ends nothing. */
export async function playEdits(sim: Simulation, calls: Edit[]): Promise<void> {
  for (const {method = 'PUT', path, params = {}, as = 'root@pam'} of calls) {
    const [at = '', query = ''] = path.split('?')
    try {
      const inBody = method === 'PUT' || method === 'POST'
      const data = await sim.listener.perform({
        verb: method,
        path: at,
        query: {...parseForm(query), ...(!inBody && params)},
        body: inBody ? params : {},
        auth: as,
      })
      sim.faults.edited.push({method, path, data})
      if (typeof data === 'string' && data.startsWith('UPID:')) await sim.tasks.ended(data)
    } catch (error) {
      sim.faults.edited.push({method, path, error: (error as Error).message.trimEnd()})
    }
  }
}
