import { program } from './cli/program.ts'

await program(process.argv.slice(2))
