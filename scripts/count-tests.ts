import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/**
 * Prints `passed failed skipped` of a vitest JSON report, then a line for each test that failed.
 * A report that is missing or empty counts as one failure.
 */
const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
})

const file = process.argv[2] ?? ''
const parsed = await readFile(file, 'utf8')
  .then((text) => report.parse(JSON.parse(text)))
  .catch(() => undefined)

if (parsed === undefined || parsed.numPassedTests + parsed.numFailedTests === 0) console.log('0 1 0\nno report')
else {
  // A suite can fail without a failed test (a file that does not load): it counts as one.
  const failed = parsed.numFailedTests > 0 || parsed.success ? parsed.numFailedTests : 1
  console.log(parsed.numPassedTests, failed, parsed.numPendingTests + parsed.numTodoTests)
  for (const { name, status, assertionResults } of parsed.testResults) {
    const tests = assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName)
    if (status === 'failed')
      console.log(`${name.replace(`${process.cwd()}/`, '')}: ${tests.join('; ') || 'did not load'}`)
  }
}
