import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Document, isCollection, isPair, isScalar, LineCounter, parseDocument } from 'yaml'
import { ConfigError, type ConfigFault } from '../config/faults.ts'
import { describeIssue } from './issues.ts'
import { checkReferences } from './references.ts'
import { type Catalog, catalogSchema } from './schema.ts'

/**
 * Reads and checks the catalog.
 * @param path file in YAML, see rescue.example.yml
 * @throws ConfigError with every fault and its line: bad YAML, unknown keys, wrong values, names that point nowhere.
 */
export async function readCatalog(path: string): Promise<Catalog> {
  const file = basename(path)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([
      {
        where: 'environment',
        field: 'RESCUE_CATALOG',
        problem: `${path} cannot be read (${error.code ?? error.message}); copy rescue.example.yml to begin`,
      },
    ])
  })
  return parseCatalog(text, file)
}

/** The same for text at hand; `file` names it in faults. */
export function parseCatalog(text: string, file: string): Catalog {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number | undefined) => `${file}:${offset === undefined ? 1 : lines.linePos(offset).line}`
  if (document.errors.length > 0)
    throw new ConfigError(
      document.errors.map((error) => ({ where: at(error.pos[0]), field: 'YAML', problem: error.message })),
    )

  const whereIs = (path: readonly PropertyKey[]) => at(offsetOf(document, path))
  const parsed = catalogSchema.safeParse(document.toJS({ maxAliasCount: 100 }), { reportInput: true })
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.flatMap((issue) => describeIssue(issue)).map((fault) => located(fault, whereIs)),
    )
  const dangling = checkReferences(parsed.data)
  if (dangling.length > 0) throw new ConfigError(dangling.map((fault) => located(fault, whereIs)))
  return parsed.data
}

function located(
  fault: { path: readonly PropertyKey[]; problem: string },
  whereIs: (path: readonly PropertyKey[]) => string,
): ConfigFault {
  return { where: whereIs(fault.path), field: fault.path.map(String).join('.') || 'catalog', problem: fault.problem }
}

/** The offset of the deepest node of `path` that is there: a missing key is reported at its parent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents
  let offset = isCollection(node) ? node.range?.[0] : undefined
  for (const part of path) {
    if (!isCollection(node)) break
    const item: unknown = node.items.find((entry, index) =>
      isPair(entry) ? isScalar(entry.key) && entry.key.value === part : index === part,
    )
    if (item === undefined) break
    const key = isPair(item) ? item.key : item
    if (isScalar(key) || isCollection(key)) offset = key.range?.[0] ?? offset
    node = isPair(item) ? item.value : item
  }
  return offset
}
