import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until the answer is there. @throws Error that says what was waited for, after `seconds` */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 15,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`)
    await sleep(15)
  }
}
