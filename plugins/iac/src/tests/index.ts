import {visibleLines} from 'pmpc/kit/text'
import {MARK, type GeneratedFile, type Target} from '../generated.js'
import {EXPECTED, expectedOf} from './expected.js'

/** Files whose text is the same for every estate, below `iac/tests/`, by their templates; what they test stands in `expected.json`. */
const fixed: Readonly<Record<string, string>> = {
  'api.test.mjs': 'tests/api.test.mjs.njk',
  'pytest.ini': 'tests/pytest.ini.njk',
  'test_guests.py': 'tests/test_guests.py.njk',
}

/** Tests of what was recorded: one file with all that is expected, and those that read it. */
export const tests: Target = async (estate, texts) => {
  const expected = expectedOf(estate)
  const files: GeneratedFile[] = [
    {path: EXPECTED, text: visibleLines(`${JSON.stringify(expected, null, 2)}\n`)},
    ...Object.entries(fixed).map(([name, template]) => ({
      path: `tests/${name}`,
      text: texts.render(template, {mark: MARK}),
    })),
    {path: 'tests/custom/README.md', text: texts.render('tests/custom.README.md.njk', {}), isPeoples: true},
  ]
  return {files, ledger: [], verdicts: []}
}
