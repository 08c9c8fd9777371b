import { recoverCommand } from './recover.ts'
import { rescueCommand } from './rescue.ts'
import { rollbackCommand } from './rollback.ts'
import { statusCommand } from './status.ts'
import type { Command } from './types.ts'

/** Every slash command that the bot answers; manifest.yml declares the same (a test compares them). */
export const commands: readonly Command[] = [statusCommand, rollbackCommand, recoverCommand, rescueCommand]
